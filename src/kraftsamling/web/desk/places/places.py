"""The desk's list of places, and the form for one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.people.permissions import Permission
from kraftsamling.places import access
from kraftsamling.places.actions import (
    Unconfirmed,
    add_place,
    change_place,
    deactivate_place,
    reactivate_place,
)
from kraftsamling.places.kinds import PlaceKind
from kraftsamling.places.queries import hours
from kraftsamling.places.queries.places import PlaceFilter, narrowed
from kraftsamling.web.city.finding import asked_for, count_of_places, kind_options
from kraftsamling.web.desk.places.forms import PlaceForm, ReasonForm, add_errors
from kraftsamling.web.guarding import in_own_words
from kraftsamling.web.place_words import today_text
from kraftsamling.web.printing import Asked, Printed
from kraftsamling.web.requests import actor_in, moment, standing_in, today

if TYPE_CHECKING:
    from kraftsamling.places.models import Place

PAGE_SIZE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def editable(request: HttpRequest, slug: str) -> "Place":
    """A place that the signed-in person may change. Raises Http404."""
    return access.place_for_editor(standing_in(request), slug)


def place_list(request: HttpRequest) -> HttpResponse:
    """The places one may change, with what is open today."""
    asked = request.GET
    kind = asked.get("kind", "")
    only_inactive = bool(asked.get("inactive"))
    wanted = PlaceFilter(
        text=asked.get("q", "").replace("\x00", "")[:120].strip(),
        kind=kind if kind in PlaceKind.values else "",
        is_active=not only_inactive,
    )
    standing = standing_in(request)
    found = narrowed(access.places_for_editor(standing), wanted)
    page = Paginator(found, PAGE_SIZE).get_page(asked.get("page"))
    schedules = hours.schedules_of(page.object_list, from_day=today())
    conditions = asked_for(wanted, ())
    if only_inactive:
        conditions += (Asked("inactive", "1", _("Bara dolda platser")),)
    return render(
        request,
        "desk/places/list.html",
        {
            "printed": Printed(conditions, count_of_places(page.paginator.count)),
            "page": page,
            "rows": [_row(place, schedules[place.pk]) for place in page.object_list],
            "wanted": wanted,
            "only_inactive": only_inactive,
            "is_filtered": bool(wanted.text or wanted.kind or only_inactive),
            "kinds": kind_options(),
            "may_import": access.may_import(standing),
            "may_import_areas": access.may_import_areas(standing),
            "may_edit": standing.may(Permission.PLACES_EDIT),
        },
    )


def _row(place: "Place", schedule: hours.Schedule) -> dict[str, Any]:
    day = schedule.on(today())
    return {
        "place": place,
        "today": today_text(day) if schedule.is_known else "",
        "differs": bool(day.kind),
        "exceptions": len(schedule.exceptions),
    }


def pages_of(request: HttpRequest, place: "Place", current: str) -> list[dict[str, Any]]:
    """The pages about one place, for the row of links above them."""
    pages = [
        ("edit", _("Uppgifter"), reverse("desk:places:edit", args=[place.slug])),
        ("hours", _("Öppettider"), reverse("desk:places:hours", args=[place.slug])),
        (
            "exceptions",
            _("Avvikande öppettider"),
            reverse("desk:places:exceptions", args=[place.slug]),
        ),
    ]
    if standing_in(request).may(Permission.TRAIL_READ):
        history = f"{reverse('desk:trail:list')}?object_type=place&object_id={place.slug}"
        pages.append(("history", _("Historik"), history))
    return [{"label": label, "url": url, "current": name == current} for name, label, url in pages]


@get_or_post
def add(request: HttpRequest) -> HttpResponse:
    form = _form(request, initial={"coordinate_quality": "mapped"})
    place, asked = _saved(request, form, add_place)
    if place:
        messages.success(request, _("Platsen är tillagd. Lägg gärna in öppettider också."))
        return redirect("desk:places:hours", slug=place.slug)
    status = 422 if form.is_bound else 200
    return render(request, "desk/places/form.html", {"form": form, **asked}, status=status)


@get_or_post
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    place = editable(request, slug)
    form = _form(request, initial=PlaceForm.values_of(place))
    saved, asked = _saved(
        request, form, lambda details, **rest: change_place(place, details=details, **rest)
    )
    if saved:
        messages.success(request, _("Platsen är sparad."))
        return redirect("desk:places:edit", slug=slug)
    context = {"form": form, "place": place, "pages": pages_of(request, place, "edit"), **asked}
    return render(request, "desk/places/form.html", context, status=422 if form.is_bound else 200)


def _saved(
    request: HttpRequest, form: PlaceForm, act: Callable[..., "Place"]
) -> "tuple[Place | None, dict[str, Any]]":
    """The place as saved, or None with what the page asks: doubts to tick, ticks given before."""
    if request.method != "POST":
        return None, {}
    ticked = request.POST.getlist("confirmed")
    if not form.is_valid():
        return None, {"ticked": ticked}
    try:
        details = form.to_details()
        return act(details, by=actor_in(request), at=moment(), confirmed=ticked), {}
    except Unconfirmed as error:
        return None, {"doubts": [
            {
                "field": form[doubt.field],
                "quote": doubt.quote,
                "why": in_own_words(doubt.why, about="place"),
                "is_position": doubt.field == "latitude",
                "is_ticked": doubt.quote in ticked,
            }
            for doubt in error.doubts
        ]}  # fmt: skip
    except ValidationError as error:
        add_errors(form, error)
        return None, {"ticked": ticked}


def _form(request: HttpRequest, *, initial: dict[str, Any]) -> PlaceForm:
    standing = standing_in(request)
    return PlaceForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        owners=access.owners_for(standing),
        may_lack_owner=access.may_leave_without_owner(standing),
    )


@get_or_post
def deactivate(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first, by a page of its own."""
    place = editable(request, slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        deactivate_place(
            place, by=actor_in(request), at=moment(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Platsen syns inte längre. Det går att ångra här."))
        return redirect("desk:places:edit", slug=slug)
    context = {"form": form, "place": place}
    return render(request, "desk/places/deactivate.html", context)


@require_POST
def reactivate(request: HttpRequest, slug: str) -> HttpResponse:
    place = editable(request, slug)
    reactivate_place(place, by=actor_in(request), at=moment())
    messages.success(request, _("Platsen syns igen."))
    return redirect("desk:places:edit", slug=slug)
