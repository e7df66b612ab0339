"""News travels up: a room announces what happened, rooms above listen.

MUST be called inside the transaction of the act: subscribers hear it after commit, and only then.
A subscriber that fails neither undoes the act nor stops the next one; its error is logged.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)
Event = TypeVar("Event")
_subscribers: defaultdict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event], listener: Callable[[Event], None]) -> None:
    """Call `listener` with every event of this type, after commit. Twice is once."""
    if listener not in _subscribers[event_type]:
        _subscribers[event_type].append(listener)


def announce(event: object) -> None:
    """Tell the subscribers of this event's type once the transaction has been committed."""
    for listener in tuple(_subscribers[type(event)]):
        transaction.on_commit(partial(_tell, listener, event))


def _tell(listener: Callable[[Any], None], event: object) -> None:
    """Not on_commit's own robust=True: it fails when it words the error of a partial."""
    try:
        listener(event)
    except Exception:
        logger.exception("%r failed to hear of %s", listener, type(event).__name__)
