"""Opening hours and their exceptions in words, in the page's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kraftsamling.kit.texts import Texts
from kraftsamling.places import rules
from kraftsamling.web.dates import day_words

if TYPE_CHECKING:
    from kraftsamling.places.models import OpeningException, Place
    from kraftsamling.places.queries.hours import Schedule

_ONE_DAY = timedelta(days=1)


def clock(moment: time) -> str:
    """A time of day as people write it: 11, or 11.30."""
    return f"{moment.hour}.{moment.minute:02}" if moment.minute else str(moment.hour)


def span_text(span: rules.Span) -> str:
    """'11–18', '22–02', or around the clock."""
    if span.opens == span.closes:
        return _("dygnet runt")
    closes = "24" if span.closes == time(0) else clock(span.closes)
    return f"{clock(span.opens)}–{closes}"


def spans_text(spans: Iterable[rules.Span]) -> str:
    """All spans of a day, or 'stängt' where there are none."""
    return _(" och ").join(span_text(span) for span in spans) or _("stängt")


def period_text(days_from: date, days_until: date, *, today: date) -> str:
    """A half-open span of days as people say it: 'söndag 24 maj', '22–24 maj', '30 maj–2 juni'."""
    last = days_until - _ONE_DAY
    with_year = not days_from.year == last.year == today.year
    if days_from == last:
        return day_words(days_from, with_year=with_year)
    end = day_words(last, with_weekday=False, with_year=with_year)
    if (days_from.year, days_from.month) == (last.year, last.month):
        return f"{days_from.day}–{end}"
    crosses_years = days_from.year != last.year
    return f"{day_words(days_from, with_weekday=False, with_year=crosses_years)}–{end}"


@dataclass(frozen=True)
class ExceptionLine:
    """One exception as a sentence: '<period>: <what>', a link where it moves, and why."""

    period: str
    what: str
    kind: str
    reason: Texts
    moved_to: "Place | None" = None
    times: str = ""
    exception: Any = None

    @property
    def tone(self) -> str:
        """How a notice should look: a free entry is good news, all else is to be noticed."""
        return "success" if self.kind == rules.FREE_ENTRY else "warning"


def exception_line(
    exception: "OpeningException", schedule: "Schedule", *, today: date
) -> ExceptionLine:
    """'Söndag 24 maj: öppet 11–18 i stället för stängt.'"""
    days = _days(exception)
    usual = {schedule.on(day).regular for day in days}
    return ExceptionLine(
        period=capfirst(period_text(exception.days_from, exception.days_until, today=today)),
        what=_what(exception, usual),
        kind=exception.kind,
        reason=exception.reason,
        moved_to=exception.moved_to if exception.kind == rules.MOVED else None,
        times=_times(exception) if exception.kind == rules.MOVED else "",
        exception=exception,
    )


def _days(exception: "OpeningException") -> list[date]:
    """The days of an exception, at most a week of them: after that the weekdays repeat."""
    count = min((exception.days_until - exception.days_from).days, 7)
    return [exception.days_from + timedelta(days=number) for number in range(count)]


def _what(exception: "OpeningException", usual: set[tuple[rules.Span, ...]]) -> str:
    times = _times(exception)
    if exception.kind == rules.OPEN:
        if len(usual) == 1:
            spans = next(iter(usual))
            instead = spans_text(spans) if spans else _("stängt")
            return _("öppet %(times)s i stället för %(usual)s.") % {
                "times": times,
                "usual": instead,
            }
        return _("öppet %(times)s i stället för ordinarie tider.") % {"times": times}
    if exception.kind == rules.CLOSED:
        spans = next(iter(usual)) if len(usual) == 1 else ()
        if spans:
            return _("stängt i stället för öppet %(usual)s.") % {"usual": spans_text(spans)}
        return _("stängt.")
    if exception.kind == rules.MOVED:
        return _("flyttar till")
    return _("fri entré %(times)s.") % {"times": times} if times else _("fri entré.")


def _times(exception: "OpeningException") -> str:
    if exception.opens is None or exception.closes is None:
        return ""
    return span_text(rules.Span(exception.opens, exception.closes))


@dataclass(frozen=True)
class DayLine:
    """One day of the week table."""

    day: date
    label: str
    hours: str
    is_today: bool
    kind: str
    instead_of: str
    reasons: tuple[Texts, ...]
    moved_to: "Place | None"
    is_free: bool


def week_lines(schedule: "Schedule", *, today: date) -> list[DayLine]:
    """Seven days from today, each with its hours and what differs."""
    return [_day_line(schedule.on(today + timedelta(days=n)), today) for n in range(7)]


def _day_line(hours: rules.DayHours, today: date) -> DayLine:
    is_moved = hours.kind == rules.MOVED
    text = spans_text(hours.spans_elsewhere) if is_moved else spans_text(hours.spans)
    return DayLine(
        day=hours.day,
        label=capfirst(day_words(hours.day)),
        hours="" if is_moved and not hours.spans_elsewhere else text,
        is_today=hours.day == today,
        kind=hours.kind,
        instead_of=spans_text(hours.regular) if hours.kind else "",
        reasons=tuple(deviation.subject.reason for deviation in hours.because),
        moved_to=hours.because[0].subject.moved_to if is_moved else None,
        is_free=bool(hours.free_entry) and (hours.is_open or is_moved),
    )


@dataclass(frozen=True)
class Now:
    """Whether a place is open at a moment, in a few words. `state` is open, closed or unknown."""

    state: str
    text: str


def now_line(schedule: "Schedule", at: datetime) -> Now:
    """'Öppet nu', 'Stängt, öppnar i morgon kl. 11', or that nobody has said."""
    if not schedule.is_known:
        return Now("unknown", _("Öppettider saknas"))
    if schedule.is_open(at):
        return Now("open", _("Öppet nu"))
    if schedule.on(at.date()).kind == rules.MOVED:
        return Now("closed", _("Flyttad i dag"))
    coming = schedule.next_opening(at)
    if coming is None:
        return Now("closed", _("Stängt"))
    day, span = coming
    return Now(
        "closed",
        _("Stängt, öppnar %(day)s kl. %(time)s")
        % {"day": _day_word(day, at.date()), "time": clock(span.opens)},
    )


def _day_word(day: date, today: date) -> str:
    if day == today:
        return _("i dag")
    if day == today + _ONE_DAY:
        return _("i morgon")
    if day < today + timedelta(days=7):
        return str(date_format(day, "l"))
    return day_words(day, with_weekday=False)


def today_text(hours: rules.DayHours) -> str:
    """A day's hours in a list: '11–18', 'stängt', 'flyttad'."""
    return _("flyttad") if hours.kind == rules.MOVED else spans_text(hours.spans)
