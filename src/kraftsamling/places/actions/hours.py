"""When a place is open: its regular hours and what differs from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.texts import Texts
from kraftsamling.places.actions.shared import exception_values, mark_change
from kraftsamling.places.events import OpeningExceptionChanged, PlaceChanged
from kraftsamling.places.kinds import ExceptionKind
from kraftsamling.places.models import OpeningException, OpeningHours, Place
from kraftsamling.places.rules import RegularHours, Span, overlapping
from kraftsamling.privacy.refusing import personal_data_in
from kraftsamling.trail.actions import record

MOST_ROWS = 200
CLOSES_TOO_EARLY = _("Stänger före öppning. Menar du en annan tid?")
LONGEST_EXCEPTION = timedelta(days=731)


@dataclass(frozen=True)
class ExceptionDetails:
    """What differs, from a day until before another. Times are needed for 'open' only."""

    kind: str
    days_from: date
    days_until: date
    reason: Texts
    opens: time | None = None
    closes: time | None = None
    moved_to: Place | None = None


def set_opening_hours(
    place: Place,
    *,
    hours: Sequence[RegularHours],
    by: Actor,
    at: datetime,
    source: str = "",
    reason: str = "",
) -> None:
    """Replace a place's regular hours as a whole. Raises ValidationError for hours that clash."""
    _check_hours(hours)
    if found := personal_data_in(source):
        raise ValidationError(found)
    with transaction.atomic():
        stored = Place.objects.select_for_update().get(pk=place.pk)
        before = {"hours": _hours_values(stored), "hours_source": stored.hours_source}
        stored.opening_hours.all().delete()
        OpeningHours.objects.bulk_create(OpeningHours(place=stored, **vars(row)) for row in hours)
        stored.hours_source = source
        stored.save(update_fields=("hours_source",))
        after = {"hours": _hours_values(stored), "hours_source": source}
        if before == after:
            return
        mark_change()
        record(
            act="places.set_opening_hours", by=by, at=at, on=("place", stored.slug),
            before=before, after=after, reason=reason,
        )  # fmt: skip
        announce(PlaceChanged(stored.slug))


def add_exception(
    place: Place, *, details: ExceptionDetails, by: Actor, at: datetime
) -> OpeningException:
    """Add an exception to a place's hours. Raises ValidationError naming each wrong field."""
    _check_exception(place, details)
    with transaction.atomic():
        exception = OpeningException(place=place, **vars(details))
        exception.save()
        _finish(exception, "places.add_exception", {}, by=by, at=at)
    return exception


def change_exception(
    exception: OpeningException, *, details: ExceptionDetails, by: Actor, at: datetime
) -> OpeningException:
    """Give an exception new details. Raises ValidationError naming each wrong field."""
    _check_exception(exception.place, details)
    with transaction.atomic():
        stored = _locked(exception)
        before = exception_values(stored)
        for name, value in vars(details).items():
            setattr(stored, name, value)
        if exception_values(stored) == before:
            return stored
        stored.save()
        _finish(stored, "places.change_exception", before, by=by, at=at)
    return stored


def remove_exception(exception: OpeningException, *, by: Actor, at: datetime) -> None:
    """Take an exception back: the regular hours hold again. `restore_exception` undoes it."""
    _set_removed(exception, at, "places.remove_exception", by=by, at=at)


def restore_exception(exception: OpeningException, *, by: Actor, at: datetime) -> None:
    """Let an exception that was taken back hold again."""
    _set_removed(exception, None, "places.restore_exception", by=by, at=at)


def erase_exception_text(
    exception: OpeningException, *, by: Actor, at: datetime, reason: str
) -> None:
    """Wipe the text of an exception that was taken back. Cannot be undone.

    For what should never have been written there. The trail keeps that it was done and why, not
    what stood there; earlier entries may hold the text: trail.actions.erase_content. Raises
    ValidationError for an exception that holds, or without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Skriv varför texten raderas.")})
    with transaction.atomic():
        stored = _locked(exception)
        if stored.removed_at is None:
            raise ValidationError(_("Ta bort den avvikande öppettiden först."))
        if not stored.reason:
            return
        stored.reason = exception.reason = Texts()
        stored.save(update_fields=("reason",))
        mark_change()
        record(
            act="places.erase_exception_text", by=by, at=at, on=("place", stored.place.slug),
            reason=reason.strip(),
        )  # fmt: skip
        announce(OpeningExceptionChanged(stored.place.slug))


@transaction.atomic
def _set_removed(
    exception: OpeningException, removed_at: datetime | None, act: str, *, by: Actor, at: datetime
) -> None:
    stored = _locked(exception)
    if (stored.removed_at is None) == (removed_at is None):
        return
    before = exception_values(stored)
    stored.removed_at = exception.removed_at = removed_at
    stored.save(update_fields=("removed_at",))
    _finish(stored, act, before, by=by, at=at)


def _locked(exception: OpeningException) -> OpeningException:
    return OpeningException.objects.select_for_update().get(pk=exception.pk)


def _finish(
    exception: OpeningException, act: str, before: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    mark_change()
    after = exception_values(exception)
    # The exception's own id stands in both, so it is kept only where everything is new.
    record(act=act, by=by, at=at, on=("place", exception.place.slug), before=before, after=after)
    announce(OpeningExceptionChanged(exception.place.slug))


def _hours_values(place: Place) -> list[str]:
    return [
        f"{row.weekday} {row.opens:%H:%M}-{row.closes:%H:%M}"
        + (f" {row.valid_from or ''}..{row.valid_until or ''}"
           if row.valid_from or row.valid_until else "")
        for row in place.opening_hours.order_by("weekday", "opens", "valid_from")
    ]  # fmt: skip


def _check_hours(hours: Sequence[RegularHours]) -> None:
    if len(hours) > MOST_ROWS:
        raise ValidationError(_("Så många rader med öppettider går inte att spara."))
    for row in hours:
        if not 0 <= row.weekday <= 6:
            raise ValidationError(_("En veckodag är 0 (måndag) till 6 (söndag)."))
        if row.valid_from and row.valid_until and row.valid_until <= row.valid_from:
            raise ValidationError(_("Tiderna slutar gälla innan de börjar."))
        if not row.span.is_likely():
            raise ValidationError(
                _("%(times)s: %(why)s"),
                params={"times": f"{row.opens:%H:%M}–{row.closes:%H:%M}", "why": CLOSES_TOO_EARLY},
            )
    if clash := overlapping(hours):
        one, other = clash
        raise ValidationError(
            _("Två öppettider på samma dag går in i varandra: %(one)s och %(other)s."),
            params={
                "one": f"{one.opens:%H:%M}–{one.closes:%H:%M}",
                "other": f"{other.opens:%H:%M}–{other.closes:%H:%M}",
            },
        )


def _check_exception(place: Place, details: ExceptionDetails) -> None:
    problems: dict[str, Any] = {}
    if details.kind not in ExceptionKind.values:
        problems["kind"] = _("Välj vad som gäller.")
    if details.days_until <= details.days_from:
        problems["days_until"] = _("Sista dagen är före den första.")
    elif details.days_until - details.days_from > LONGEST_EXCEPTION:
        problems["days_until"] = _("Ett undantag kan gälla i högst två år. Ändra öppettiderna.")
    problems |= _times_problems(details)
    if details.kind == ExceptionKind.MOVED:
        problems |= _move_problems(place, details.moved_to)
    elif details.moved_to is not None:
        problems["moved_to"] = _("Bara en flytt har en plats dit man flyttar.")
    if not details.reason.has("sv"):
        problems["reason"] = _("Skriv varför, så att den som kommer förstår.")
    elif any(len(text) > 300 for text in details.reason.by_language.values()):
        problems["reason"] = _("Korta texten till högst 300 tecken.")
    elif found := personal_data_in(details.reason):
        problems["reason"] = found
    if problems:
        raise ValidationError(problems)


def _times_problems(details: ExceptionDetails) -> dict[str, Any]:
    given = [details.opens is not None, details.closes is not None]
    if details.kind == ExceptionKind.OPEN and not all(given):
        return {"opens": _("Skriv när det öppnar och när det stänger.")}
    if details.kind == ExceptionKind.CLOSED and any(given):
        return {"opens": _("Stängt gäller hela dagen. Välj ”öppet andra tider” för en del av den.")}
    if any(given) and not all(given):
        return {"opens": _("Skriv både när det öppnar och när det stänger.")}
    if details.opens and details.closes and not Span(details.opens, details.closes).is_likely():
        return {"closes": CLOSES_TOO_EARLY}
    return {}


def _move_problems(place: Place, moved_to: Place | None) -> dict[str, Any]:
    if moved_to is None:
        return {"moved_to": _("Välj platsen dit verksamheten flyttar.")}
    if moved_to.pk == place.pk:
        return {"moved_to": _("Platsen kan inte flytta till sig själv. Välj en annan.")}
    if not moved_to.is_active:
        return {"moved_to": _("Den platsen är inte aktiv. Välj en annan.")}
    return {}
