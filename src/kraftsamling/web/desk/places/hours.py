"""The desk's forms for opening hours and what differs from them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.places import access
from kraftsamling.places.actions import (
    add_exception,
    change_exception,
    erase_exception_text,
    remove_exception,
    restore_exception,
    set_opening_hours,
)
from kraftsamling.places.queries import hours
from kraftsamling.places.queries.places import move_targets
from kraftsamling.web.desk.places.forms import (
    EraseTextForm,
    ExceptionForm,
    HoursEditor,
    add_errors,
)
from kraftsamling.web.desk.places.places import editable, pages_of
from kraftsamling.web.place_words import exception_line
from kraftsamling.web.requests import actor_in, moment, standing_in, today

if TYPE_CHECKING:
    from kraftsamling.places.models import OpeningException, Place

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def edit_hours(request: HttpRequest, slug: str) -> HttpResponse:
    """The regular hours of a week."""
    place = editable(request, slug)
    regular = hours.schedule_of(place).regular
    editor = HoursEditor(
        request.POST if request.method == "POST" else None,
        hours=regular,
        source=place.hours_source,
    )
    errors: list[str] = []
    if request.method == "POST" and editor.is_valid():
        try:
            set_opening_hours(
                place,
                hours=editor.to_hours(),
                source=editor.about.cleaned_data["source"],
                by=actor_in(request),
                at=moment(),
            )
        except ValidationError as error:
            errors = list(error.messages)
        else:
            messages.success(request, _("Öppettiderna är sparade."))
            return redirect("desk:places:hours", slug=slug)
    context = {
        "place": place,
        "pages": pages_of(request, place, "hours"),
        "editor": editor,
        "errors": errors,
        "is_refused": request.method == "POST",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/places/hours.html", context, status=status)


def exceptions(request: HttpRequest, slug: str) -> HttpResponse:
    """What differs: coming, past, and taken back."""
    place = editable(request, slug)
    schedule = hours.schedule_of(place)
    now, past, removed = [], [], []
    for exception in hours.exceptions_of(place)[:200]:
        line = exception_line(exception, schedule, today=today())
        if exception.removed_at is not None:
            removed.append(line)
        elif exception.days_until <= today():
            past.append(line)
        else:
            now.append(line)
    context = {
        "place": place,
        "pages": pages_of(request, place, "exceptions"),
        "now": now[::-1],
        "past": past,
        "removed": removed,
    }
    return render(request, "desk/places/exceptions.html", context)


@get_or_post
def add(request: HttpRequest, slug: str) -> HttpResponse:
    place = editable(request, slug)
    form = _form(request, place, initial={"kind": "open"})
    if request.method == "POST" and form.is_valid():
        try:
            add_exception(place, details=form.to_details(), by=actor_in(request), at=moment())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("Den avvikande öppettiden är tillagd och syns på platsens sida.")
            )
            return redirect("desk:places:exceptions", slug=slug)
    return _show(request, place, form)


@get_or_post
def edit(request: HttpRequest, slug: str, exception_id: UUID) -> HttpResponse:
    exception = _exception(request, slug, exception_id)
    form = _form(request, exception.place, initial=ExceptionForm.values_of(exception))
    if request.method == "POST" and form.is_valid():
        try:
            change_exception(
                exception, details=form.to_details(), by=actor_in(request), at=moment()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Den avvikande öppettiden är sparad."))
            return redirect("desk:places:exceptions", slug=slug)
    return _show(request, exception.place, form, exception)


@require_POST
def remove(request: HttpRequest, slug: str, exception_id: UUID) -> HttpResponse:
    exception = _exception(request, slug, exception_id)
    remove_exception(exception, by=actor_in(request), at=moment())
    messages.success(
        request, _("Den avvikande öppettiden är borttagen. Du kan ångra längst ner på sidan.")
    )
    return redirect("desk:places:exceptions", slug=slug)


@require_POST
def restore(request: HttpRequest, slug: str, exception_id: UUID) -> HttpResponse:
    exception = _exception(request, slug, exception_id)
    restore_exception(exception, by=actor_in(request), at=moment())
    messages.success(request, _("Den avvikande öppettiden gäller igen."))
    return redirect("desk:places:exceptions", slug=slug)


@get_or_post
def erase(request: HttpRequest, slug: str, exception_id: UUID) -> HttpResponse:
    """Asks why, then wipes the text of an exception that was taken back."""
    exception = _exception(request, slug, exception_id)
    form = EraseTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_exception_text(
                exception, by=actor_in(request), at=moment(), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Texten är raderad för gott."))
            return redirect("desk:places:exceptions", slug=slug)
    line = exception_line(exception, hours.schedule_of(exception.place), today=today())
    context = {"place": exception.place, "line": line, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "desk/places/exception_erase.html", context, status=status)


def _exception(request: HttpRequest, slug: str, exception_id: UUID) -> "OpeningException":
    return access.exception_for_editor(standing_in(request), slug, exception_id)


def _form(request: HttpRequest, place: "Place", *, initial: dict[str, Any]) -> ExceptionForm:
    return ExceptionForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        targets=move_targets(place),
    )


def _show(
    request: HttpRequest,
    place: "Place",
    form: ExceptionForm,
    exception: "OpeningException | None" = None,
) -> HttpResponse:
    context = {
        "place": place,
        "pages": pages_of(request, place, "exceptions"),
        "form": form,
        "exception": exception,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/places/exception.html", context, status=status)
