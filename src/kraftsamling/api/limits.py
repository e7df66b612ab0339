"""How many requests a token may make in a minute.

A fixed window of one minute, counted in the process and added up in the shared cache once in a
while: a write to the database for every read would cost more than the reads. The limit is
therefore soft: each process may let `_SHARE_EVERY` requests more through than the limit says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

WINDOW_SECONDS = 60
REQUESTS_PER_WINDOW = 3000
_SHARE_EVERY = 50


@dataclass
class _Window:
    number: int = -1
    unshared: int = 0
    elsewhere: int = 0


class RateLimit:
    """Counts per key; `clock` gives seconds since the epoch, the same in all processes."""

    def __init__(self, *, per_window: int, clock: Callable[[], float]) -> None:
        self.per_window = per_window
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def seconds_to_wait(self, key: str) -> int:
        """Count one request: 0 when it may pass, else the seconds until the next window."""
        now = self._clock()
        number = int(now // WINDOW_SECONDS)
        window = self._windows.get(key)
        if window is None or window.number != number:
            window = self._windows[key] = _Window(number, elsewhere=self._shared(key, number))
            self._forget_older_than(number)
        window.unshared += 1
        if window.unshared >= _SHARE_EVERY:
            self._share(key, window)
        if window.elsewhere + window.unshared <= self.per_window:
            return 0
        return max(1, int((number + 1) * WINDOW_SECONDS - now))

    def _shared(self, key: str, number: int) -> int:
        return int(cache.get(f"api-rate:{key}:{number}", 0))

    def _share(self, key: str, window: _Window) -> None:
        window.elsewhere = self._shared(key, window.number) + window.unshared
        window.unshared = 0
        cache.set(f"api-rate:{key}:{window.number}", window.elsewhere, WINDOW_SECONDS * 2)

    def _forget_older_than(self, number: int) -> None:
        # Threads share this: look at a copy, and let another have been quicker.
        for key, window in list(self._windows.items()):
            if window.number < number:
                self._windows.pop(key, None)
