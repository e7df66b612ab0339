"""That someone looked at protected records is itself recorded."""

from datetime import datetime

from django.db import transaction

from kraftsamling.kit.actor import Actor
from kraftsamling.trail.actions import record


def record_reading(*, act: str, on: tuple[str, str], by: Actor, at: datetime) -> None:
    """Record that `by` read protected records: one entry per view, however many rows."""
    with transaction.atomic():
        record(act=act, by=by, at=at, on=on)
