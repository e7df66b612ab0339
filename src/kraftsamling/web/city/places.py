"""Places and areas, for everyone."""

from datetime import datetime
from math import cos, radians
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kraftsamling.places import access
from kraftsamling.places.gazetteer import Hit, current_gazetteer
from kraftsamling.places.kinds import AreaKind, CoordinateQuality
from kraftsamling.places.queries import areas as area_queries
from kraftsamling.places.queries import hours, places
from kraftsamling.web import place_words
from kraftsamling.web.city.finding import (
    Empty,
    asked_for,
    count_of_places,
    explain_empty,
    kind_options,
    meant_places,
    understood,
    unnamed,
    wanted_in,
)
from kraftsamling.web.design.figures import Bar, BarFigure
from kraftsamling.web.printing import Asked, Printed
from kraftsamling.web.requests import standing_in, today, wall_clock

if TYPE_CHECKING:
    from kraftsamling.places.models import Area, Place

PAGE_SIZE = 30
# Half the height of a single place's map: about 700 m.
_NEAR_DEGREES = 0.0063
_MOST_NEAR, _NEAR_LISTED = 40, 5
# From here on a score says that all words are in the name.
_CERTAIN = 0.95


def place_list(request: HttpRequest) -> HttpResponse:
    """Search, filter, list and map."""
    areas, at = places.area_options(), wall_clock()
    wanted = wanted_in(request, areas)
    asked = asked_for(wanted, areas)
    page = Paginator(places.places_matching(wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    total = page.paginator.count
    schedules = hours.schedules_of(page.object_list, from_day=today()) if total else {}
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "city/places.html",
        {
            "page": page,
            "rows": [_row(place, schedules[place.pk], at) for place in page.object_list],
            "wanted": wanted,
            "is_filtered": bool(asked),
            "kinds": kind_options(),
            "areas": areas,
            "understood": understood(wanted, areas) if total else [],
            "unnamed": unnamed(wanted) if total else [],
            "empty": None if total or not asked else _empty(wanted, asked, query),
            "suggestions": _hits(wanted.text) if wanted.text and not total else [],
            "map_url": f"{reverse('city:places-geojson')}?{query.urlencode()}",
            "today": today(),
            "printed": Printed(asked, count_of_places(total)),
        },
    )


def _empty(wanted: places.PlaceFilter, asked: tuple[Asked, ...], query: QueryDict) -> Empty:
    return explain_empty(places.all_places(), wanted, asked, query)


def _row(place: "Place", schedule: hours.Schedule, at: datetime) -> dict[str, Any]:
    day = schedule.on(today())
    return {
        "place": place,
        "is_known": day.is_known or day.is_open,
        "is_open": day.is_open,
        "has_ended": schedule.has_ended(at),
        "has_closed": day.is_known and schedule.has_ended(at),
        "is_free": bool(day.free_entry) and day.is_open,
        "differs": day.kind,
        "today": place_words.today_text(day),
    }


def places_geojson(request: HttpRequest) -> HttpResponse:
    """The places of a filter as points, for the map of the list."""
    wanted = wanted_in(request, places.area_options())
    found = places.places_matching(wanted)[: places.MOST_ON_A_MAP]
    response = JsonResponse(_points(found), content_type="application/geo+json")
    patch_cache_control(response, max_age=60, private=True)
    return response


def _points(found: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [_point(place) for place in found]}


def _point(place: "Place", *, kind: str = "") -> dict[str, Any]:
    """A place for the map; `kind` is how it is drawn: as any, "marked" or "muted"."""
    properties = {
        "id": place.pk,
        "title": place.name.in_language(get_language() or "sv").text,
        "text": _point_text(place),
        "url": reverse("city:place", args=[place.slug]),
        "link": _("Om platsen"),
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": properties | ({"kind": kind} if kind else {}),
    }


def _point_text(place: "Place") -> str:
    words = [capfirst(str(place.get_kind_display())), place.address]
    if place.coordinate_quality == CoordinateQuality.ESTIMATED:
        words.append(_("Läget är uppskattat"))
    return ". ".join(word for word in words if word)


def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One place: what, where, when, how accessible, and who looks after it."""
    found = access.place_for_reader(slug)
    at = wall_clock()
    schedule = hours.schedule_of(found, from_day=today())
    return render(
        request,
        "city/place.html",
        {
            "place": found,
            "trail": [
                {"label": _("Platser"), "url": reverse("city:places")},
                {"label": found.name.in_language(get_language() or "sv").text, "url": ""},
            ],
            "now": place_words.now_line(schedule, at),
            "week": place_words.week_lines(schedule, today=today()),
            "exceptions": place_words.exception_boxes(
                place_words.exception_line(each.subject, schedule, today=today())
                for each in schedule.exceptions
            ),
            "arrivals": [
                place_words.arrival_line(move.subject, today=today())
                for guest in schedule.guests
                for move in guest.moves
            ],
            "owner_url": _owner_url(found),
            "may_edit": access.may_edit(standing_in(request), found),
            "source": _source_to_name(found),
            "facts": [(label, getattr(found, name)) for name, label in _facts()],
            **_surroundings(found),
        },
    )


def _surroundings(place: "Place") -> dict[str, Any]:
    """The map of one place: its area's outline, what lies near in faint colours, the place itself.

    Nearer than the eye can tell apart nothing is drawn twice: the place comes last and on top.
    """
    area = place.est_area or place.regso
    outline = _surfaces([area], simplified=False)["features"] if area else []
    near = places.places_near(place, degrees=_NEAR_DEGREES, most=_MOST_NEAR)
    points = [_point(each, kind="muted") for each in near] + [_point(place, kind="marked")]
    across = _NEAR_DEGREES / cos(radians(place.latitude))
    return {
        "surroundings": {"type": "FeatureCollection", "features": [*outline, *points]},
        "near": near[:_NEAR_LISTED],
        "bounds": ",".join(
            f"{value:.5f}"
            for value in (
                place.longitude - across, place.latitude - _NEAR_DEGREES,
                place.longitude + across, place.latitude + _NEAR_DEGREES,
            )
        ),
    }  # fmt: skip


def _facts() -> list[tuple[str, str]]:
    return [
        ("step_free", _("Stegfri entré")),
        ("accessible_toilet", _("Tillgänglig toalett")),
        ("hearing_loop", _("Hörslinga")),
    ]


def _source_to_name(place: "Place") -> str:
    """The source, unless it only says again what the position's quality says."""
    says_again = {"uppskattning", "uppskattad", "uppskattat", "estimate", "estimated"}
    is_estimated = place.coordinate_quality == CoordinateQuality.ESTIMATED
    return (
        "" if is_estimated and place.source.strip(" .").casefold() in says_again else place.source
    )


def _owner_url(place: "Place") -> str:
    if place.owner is None or not place.owner.is_active:
        return ""
    return reverse("city:organisation", args=[place.owner.slug])


def place_search(request: HttpRequest) -> HttpResponse:
    """Look names up: a page by itself, or the list alone for a page that asks as one types."""
    text = request.GET.get("q", "").replace("\x00", "")[:120].strip()
    context = {"q": text, "hits": _hits_and_meant(text) if text else []}
    is_part = getattr(request, "htmx", False)
    template = "city/place_search_results.html" if is_part else "city/place_search.html"
    return render(request, template, context)


def _hits(text: str) -> list[dict[str, Any]]:
    found = current_gazetteer().search(text, language=get_language() or "sv")
    return [{"hit": hit, "url": _url_of(hit)} for hit in found]


def _hits_and_meant(text: str) -> list[dict[str, Any]]:
    """What is called so, and before all that is only like it, what the words stand for."""
    hits = _hits(text)
    certain = [each for each in hits if each["hit"].score >= _CERTAIN]
    gazetteer, language = current_gazetteer(), get_language() or "sv"
    known = {each["hit"].key for each in certain}
    meant: list[dict[str, Any]] = [
        {"hit": hit, "url": _url_of(hit)}
        for place in meant_places(text, places.area_options())
        if (hit := gazetteer.resolve(f"place:{place.slug}", language=language))
        and hit.key not in known
    ]
    known |= {each["hit"].key for each in meant}
    return [*certain, *meant, *(each for each in hits if each["hit"].key not in known)]


def _url_of(hit: Hit) -> str:
    return reverse("city:place", args=[hit.slug]) if hit.kind == "place" else ""


def areas(request: HttpRequest) -> HttpResponse:
    """All areas, by kind."""
    counts = places.place_counts()
    groups = [
        {
            "kind": kind,
            "title": capfirst(_kind_title(kind)),
            "areas": [(area, counts.get(area.pk)) for area in found],
            "has_counts": kind in (AreaKind.EST, AreaKind.REGSO),
        }
        for kind, found in area_queries.areas_by_kind()
    ]
    return render(
        request,
        "city/areas.html",
        {
            "groups": groups,
            "map_url": reverse("city:areas-geojson"),
            "printed": Printed(count=_count_of_areas(groups)),
        },
    )


def _count_of_areas(groups: list[dict[str, Any]]) -> str:
    total = sum(len(group["areas"]) for group in groups)
    return ngettext("%(total)s område", "%(total)s områden", total) % {"total": total}


def _kind_title(kind: str) -> str:
    titles = {
        AreaKind.MUNICIPALITY: _("kommunen"),
        AreaKind.DISTRICT: _("stadsdelar"),
        AreaKind.EST: _("EST-områden"),
        AreaKind.REGSO: _("regionala statistikområden (RegSO)"),
        AreaKind.DESO: _("demografiska statistikområden (DeSO)"),
    }
    return titles[AreaKind(kind)]


def areas_geojson(request: HttpRequest) -> HttpResponse:
    """The borders of the EST areas and RegSO, simplified, for the overview map."""
    found = area_queries.areas_on_map((AreaKind.REGSO, AreaKind.EST))
    response = JsonResponse(_surfaces(found, simplified=True), content_type="application/geo+json")
    patch_cache_control(response, max_age=300, private=True)
    return response


def _surfaces(found: list["Area"], *, simplified: bool) -> dict[str, Any]:
    collection = area_queries.to_feature_collection(
        found, language=get_language() or "sv", simplified=simplified
    )
    for feature in collection["features"]:
        properties = feature["properties"]
        feature["properties"] = {
            "id": feature["id"],
            "title": properties["name"],
            "text": capfirst(properties["kind_name"]),
            "url": reverse("city:area", args=[properties["code"]]),
            "link": _("Om området"),
        }
    return collection


def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its border, who lives there, and the places in it."""
    found = access.area_for_reader(code)
    residents = area_queries.residents_of(found)
    inside = places.places_matching(places.PlaceFilter(area=found.code))
    page = Paginator(inside, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "city/area.html",
        {
            "area": found,
            "trail": [
                {"label": _("Områden"), "url": reverse("city:areas")},
                {"label": str(found), "url": ""},
            ],
            "on_map": _with_places(found, inside),
            "bounds": f"{found.west},{found.south},{found.east},{found.north}",
            "residents": residents,
            "residents_total": _grouped(residents.total) if residents else "",
            "figure": _age_figure(found, residents) if residents else None,
            "page": page,
            "printed": Printed(count=count_of_places(page.paginator.count)),
        },
    )


def _with_places(area: "Area", inside: Any) -> dict[str, Any]:
    """The map of one area: its border, and every place in it, not only those of one page."""
    border = _surfaces([area], simplified=area.kind == AreaKind.MUNICIPALITY)["features"]
    points = _points(inside[: places.MOST_ON_A_MAP])["features"]
    return {"type": "FeatureCollection", "features": [*border, *points]}


def _age_figure(area: "Area", residents: area_queries.Residents) -> BarFigure:
    largest = max(residents.bands, key=lambda band: band.total)
    name = area.name.in_language(get_language() or "sv").text or area.code
    basis = _("31 december %(year)s. %(source)s.") % {
        "year": residents.year,
        "source": (residents.source or _("Källa okänd")).rstrip("."),
    }
    if residents.summed_from:
        summed = ngettext(
            "Summa av %(count)s RegSO: %(names)s.",
            "Summa av %(count)s RegSO: %(names)s.",
            len(residents.summed_from),
        )
        names = _some(residents.summed_from)
        basis += " " + summed % {"count": len(residents.summed_from), "names": names}
    return BarFigure(
        title=_("Så gamla är de som bor i %(area)s") % {"area": name},
        summary=_("Flest är %(band)s: %(count)s personer.")
        % {"band": band_text(largest), "count": _grouped(largest.total)},
        basis=basis,
        bars=tuple(Bar(band_text(band), band.total) for band in residents.bands),
        category_heading=_("Ålder"),
        value_heading=_("Antal"),
    )


def _grouped(number: int) -> str:
    """A number as the reader's language groups its digits: 9 559."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _some(names: tuple[str, ...], most: int = 5) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return _("%(names)s och %(count)s till") % {
        "names": ", ".join(names[:most]),
        "count": len(names) - most,
    }


def band_text(band: area_queries.AgeBand) -> str:
    """An age band as people read it: '0–4 år', '80 år eller äldre'."""
    if band.age_until is None:
        return _("%(age)s år eller äldre") % {"age": band.age_from}
    return _("%(first)s–%(last)s år") % {"first": band.age_from, "last": band.age_until - 1}
