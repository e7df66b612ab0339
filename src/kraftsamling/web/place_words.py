"""Opening hours and their exceptions in words, in the page's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
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


@dataclass(frozen=True)
class ArrivalLine:
    """That another place moves here: '<period>: hit flyttar <place>, öppet <times>', and why."""

    period: str
    place: "Place"
    times: str
    reason: Texts


def arrival_line(move: "OpeningException", *, today: date) -> ArrivalLine:
    """'Söndag 24 maj: hit flyttar Portalen, öppet 12–18.'"""
    period = capfirst(period_text(move.days_from, move.days_until, today=today))
    return ArrivalLine(period, move.place, times_of(move), move.reason)


def exception_line(
    exception: "OpeningException", schedule: "Schedule", *, today: date
) -> ExceptionLine:
    """'Söndag 24 maj: öppet 11–18 i stället för stängt.'"""
    days = _days(exception)
    # Where nobody has given regular hours they are unknown, which is not the same as closed.
    usual = {schedule.on(day).regular for day in days} if schedule.regular else set()
    return ExceptionLine(
        period=capfirst(period_text(exception.days_from, exception.days_until, today=today)),
        what=_what(exception, usual),
        kind=exception.kind,
        reason=exception.reason,
        moved_to=exception.moved_to if exception.kind == rules.MOVED else None,
        times=times_of(exception) if exception.kind == rules.MOVED else "",
        exception=exception,
    )


@dataclass(frozen=True)
class ExceptionBox:
    """What differs on the same days for the same reason, which is then given once."""

    lines: tuple[ExceptionLine, ...]
    tone: str
    reason: Texts


def exception_boxes(lines: Iterable[ExceptionLine]) -> list[ExceptionBox]:
    """One box for each period and reason, in the order of the first line of each."""
    together: dict[tuple[str, str], list[ExceptionLine]] = {}
    for line in lines:
        together.setdefault((line.period, repr(line.reason.by_language)), []).append(line)
    return [
        ExceptionBox(
            tuple(found),
            "warning" if any(line.tone == "warning" for line in found) else found[0].tone,
            found[0].reason,
        )
        for found in together.values()
    ]


def _days(exception: "OpeningException") -> list[date]:
    """The days of an exception, at most a week of them: after that the weekdays repeat."""
    count = min((exception.days_until - exception.days_from).days, 7)
    return [exception.days_from + timedelta(days=number) for number in range(count)]


def _what(exception: "OpeningException", usual: set[tuple[rules.Span, ...]]) -> str:
    times = times_of(exception)
    if exception.kind == rules.OPEN:
        return _opened(times, usual)
    if exception.kind == rules.CLOSED:
        spans = next(iter(usual)) if len(usual) == 1 else ()
        if spans:
            return _("stängt i stället för öppet %(usual)s.") % {"usual": spans_text(spans)}
        return _("stängt.")
    if exception.kind == rules.MOVED:
        return _("flyttar till")
    return _("fri entré %(times)s.") % {"times": times} if times else _("fri entré.")


def _opened(times: str, usual: set[tuple[rules.Span, ...]]) -> str:
    if not usual:
        return _("öppet %(times)s.") % {"times": times}
    if len(usual) > 1:
        return _("öppet %(times)s i stället för ordinarie tider.") % {"times": times}
    instead = spans_text(next(iter(usual)))
    return _("öppet %(times)s i stället för %(usual)s.") % {"times": times, "usual": instead}


def times_of(exception: "OpeningException") -> str:
    """The times that an exception gives, or ''."""
    if exception.opens is None or exception.closes is None:
        return ""
    return span_text(rules.Span(exception.opens, exception.closes))


@dataclass(frozen=True)
class VisitLine:
    """Another place that is here on a day, and its hours here ('' where nobody has said)."""

    place: "Place"
    hours: str


@dataclass(frozen=True)
class DayLine:
    """One day of the week table. `hours` are the place's own, '' where only its visits count."""

    day: date
    label: str
    hours: str
    is_today: bool
    kind: str
    instead_of: str
    reasons: tuple[Texts, ...]
    moved_to: "Place | None"
    is_free: bool
    visits: tuple[VisitLine, ...] = ()


def week_lines(schedule: "Schedule", *, today: date) -> list[DayLine]:
    """Seven days from today, each with its hours and what differs; [] where none is known."""
    days = schedule.week(today)
    if not any(day.is_known or day.visits for day in days):
        return []
    return [_day_line(day, today) for day in days]


def _day_line(hours: rules.DayHours, today: date) -> DayLine:
    is_moved = hours.kind == rules.MOVED
    return DayLine(
        day=hours.day,
        label=capfirst(day_words(hours.day)),
        hours=_own_text(hours),
        is_today=hours.day == today,
        kind=hours.kind,
        instead_of=_instead_of(hours),
        reasons=tuple(deviation.subject.reason for deviation in hours.because),
        moved_to=hours.because[0].subject.moved_to if is_moved else None,
        is_free=bool(hours.free_entry) and (hours.is_open or is_moved),
        visits=tuple(_visit_line(visit) for visit in hours.visits),
    )


def _own_text(hours: rules.DayHours) -> str:
    """What the table says of the place's own doors: a visit speaks louder than a closed one."""
    if hours.kind == rules.MOVED:
        return spans_text(hours.spans_elsewhere) if hours.spans_elsewhere else ""
    if not hours.spans and hours.visits:
        return ""
    return spans_text(hours.spans) if hours.is_known else _("vi vet inte")


def _instead_of(hours: rules.DayHours) -> str:
    """The regular hours that an exception sets aside; '' where there are none to compare with."""
    return spans_text(hours.regular) if hours.kind and hours.has_regular else ""


def _visit_line(visit: rules.Visit) -> VisitLine:
    return VisitLine(visit.guest.subject, spans_text(visit.spans) if visit.spans else "")


@dataclass(frozen=True)
class Now:
    """Whether a place is open at a moment, in a few words. `state` is open, closed or unknown."""

    state: str
    text: str


def now_line(schedule: "Schedule", at: datetime) -> Now:
    """'Öppet nu', 'Stängt, öppnar i morgon kl. 11', or that nobody has said."""
    if schedule.is_open(at):
        return Now("open", _open_text(schedule.visit_at(at)))
    today, coming = schedule.on(at.date()), schedule.next_opening(at)
    opens_today = coming is not None and coming[0] == at.date()
    if today.kind == rules.MOVED and not opens_today:
        return Now("closed", _("Flyttad i dag"))
    if not today.is_known and not opens_today:
        return Now("unknown", _("Öppettider saknas"))
    if coming is None:
        return Now("closed", _("Stängt"))
    return Now("closed" if today.is_known else "unknown", _opening_text(schedule, coming, at))


def _open_text(visit: rules.Visit | None) -> str:
    if visit is None:
        return _("Öppet nu")
    return _("Öppet nu genom %(place)s") % {"place": _name_of(visit)}


def _opening_text(schedule: "Schedule", coming: tuple[date, rules.Span], at: datetime) -> str:
    """When it opens and, where only a visit opens it, through whom."""
    day, span = coming
    hours = schedule.on(day)
    words = {"day": _day_word(day, at.date()), "time": clock(span.opens)}
    if span in hours.spans:
        return _("Stängt, öppnar %(day)s kl. %(time)s") % words
    words["place"] = _name_of(next(visit for visit in hours.visits if span in visit.spans))
    if not hours.is_known:
        # Its own hours are unknown, so nobody can say that it is closed until then.
        return _("Öppnar %(day)s kl. %(time)s genom %(place)s") % words
    return _("Stängt, öppnar %(day)s kl. %(time)s genom %(place)s") % words


def _name_of(visit: rules.Visit) -> str:
    return str(visit.guest.subject.name.in_language(get_language() or "sv").text)


def _day_word(day: date, today: date) -> str:
    if day == today:
        return _("i dag")
    if day == today + _ONE_DAY:
        return _("i morgon")
    if day < today + timedelta(days=7):
        return str(date_format(day, "l"))
    return day_words(day, with_weekday=False)


def today_text(hours: rules.DayHours) -> str:
    """A day's hours in a list: '11–18', '12–18 genom Portalen', 'stängt', 'flyttad', 'vi vet inte'.

    What the place does itself is left out where only a visit keeps its doors open.
    """
    said = [
        _("%(hours)s genom %(place)s")
        % {"hours": spans_text(visit.spans), "place": _name_of(visit)}
        for visit in hours.visits
        if visit.spans
    ]
    if hours.spans or not said:
        said.insert(0, _own_today(hours))
    return _(" och ").join(said)


def _own_today(hours: rules.DayHours) -> str:
    if hours.kind == rules.MOVED:
        return _("flyttad")
    return spans_text(hours.spans) if hours.is_known else _("vi vet inte")
