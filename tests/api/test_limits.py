"""A token may make so many requests a minute; the processes tell each other of theirs."""

import threading

import pytest
from django.core.cache.backends.locmem import LocMemCache

from kraftsamling.api import limits, security
from kraftsamling.api.limits import RateLimit

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self, now: float = 1_000_020.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def passed(limit: RateLimit, key: str, times: int) -> int:
    return sum(limit.seconds_to_wait(key) == 0 for _ in range(times))


def test_as_many_pass_as_the_limit_says(clock):
    assert passed(RateLimit(per_window=120, clock=clock), "a", 300) == 120


def test_one_token_does_not_use_up_another(clock):
    limit = RateLimit(per_window=5, clock=clock)
    assert passed(limit, "a", 10) == 5
    assert passed(limit, "b", 10) == 5


def test_the_wait_lasts_until_the_next_window_and_then_all_is_new(clock):
    limit = RateLimit(per_window=1, clock=clock)
    passed(limit, "a", 1)
    wait = limit.seconds_to_wait("a")
    assert 0 < wait <= limits.WINDOW_SECONDS
    clock.now += wait
    assert limit.seconds_to_wait("a") == 0


def test_processes_share_what_they_have_let_through(clock):
    one, other = (RateLimit(per_window=200, clock=clock) for _ in range(2))
    together = sum(passed(each, "a", 10) for _ in range(100) for each in (one, other))
    assert 200 <= together <= 200 + 2 * 50


def test_what_is_remembered_does_not_grow(clock):
    limit = RateLimit(per_window=10, clock=clock)
    for number in range(100):
        limit.seconds_to_wait(f"key-{number}")
    clock.now += limits.WINDOW_SECONDS
    limit.seconds_to_wait("new")
    assert list(limit._windows) == ["new"]


def test_threads_may_count_at_the_same_time(clock, monkeypatch):
    monkeypatch.setattr(limits, "cache", LocMemCache("threads", {}))
    limit = RateLimit(per_window=10**9, clock=clock)
    failures = []

    def count(name: str) -> None:
        try:
            for number in range(300):
                clock.now += limits.WINDOW_SECONDS
                limit.seconds_to_wait(f"{name}-{number}")
        except RuntimeError as error:
            failures.append(error)

    threads = [threading.Thread(target=count, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_too_many_requests_are_told_when_to_come_back(call, monkeypatch, clock):
    monkeypatch.setattr(security, "rate_limit", RateLimit(per_window=0, clock=clock))
    response = call("/api/me")
    assert response.status_code == 429
    assert response.json()["type"].endswith("#problem-rate-limited")
    assert int(response.headers["Retry-After"]) == limits.WINDOW_SECONDS - int(clock.now % 60)
