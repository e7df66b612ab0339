"""The auditor's pages: read the history, take it along, prove that it is whole."""

import time
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kraftsamling.people.permissions import Permission
from kraftsamling.people.queries import organisation_choices, organisations_of
from kraftsamling.trail.actions import (
    AlreadyErased,
    check_chain,
    erase_content,
    export_entries,
    read_entries,
)
from kraftsamling.trail.queries import entries_numbered
from kraftsamling.web.desk.trail.files import CONTENT_TYPES, file_name, to_file
from kraftsamling.web.desk.trail.forms import FORMATS, CheckForm, EraseForm, FilterForm
from kraftsamling.web.desk.trail.labels import fault_label
from kraftsamling.web.desk.trail.naming import names_in
from kraftsamling.web.desk.trail.presentation import shown
from kraftsamling.web.printing import Printed, asked_in
from kraftsamling.web.requests import actor_in, moment, standing_in

_PER_PAGE = 25


@require_GET
def entry_list(request: HttpRequest) -> HttpResponse:
    form, reachable = _filter_form(request, request.GET)
    context: dict[str, Any] = {"form": form, "check_form": CheckForm(), "formats": FORMATS}
    if not form.is_valid():
        return render(request, "desk/trail/list.html", context, status=422)
    page = read_entries(
        # The list alone: an export holds every entry.
        replace(form.to_filter(organisations=reachable), without_readings=form.hides_readings),
        by=actor_in(request),
        at=moment(),
        limit=_PER_PAGE,
        older_than=_older_than(request),
    )
    names = names_in(page.entries)
    context |= {
        "entries": [shown(entry, names) for entry in page.entries],
        "older_url": _url_with(request, page.older_than) if page.older_than else "",
        "newest_url": _url_with(request, None) if "older_than" in request.GET else "",
        "may_erase": _may_erase(request),
        "is_filtered": any(
            value for name, value in form.cleaned_data.items() if name != "readings"
        ),
        "printed": Printed(asked_in(form), _count(len(page.entries))),
        "asked": [(name, value) for name, value in request.GET.items() if name in form.fields],
    }
    return render(request, "desk/trail/list.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    form, reachable = _filter_form(request, request.POST)
    file_format = request.POST.get("format", "csv")
    if not form.is_valid() or file_format not in CONTENT_TYPES:
        context = {"form": form, "check_form": CheckForm(), "formats": FORMATS}
        return render(request, "desk/trail/list.html", context, status=422)
    at = moment()
    entries = export_entries(
        form.to_filter(organisations=reachable),
        by=actor_in(request),
        at=at,
        file_format=file_format,
    )
    name = file_name(file_format, at)
    return StreamingHttpResponse(
        to_file(entries, file_format),
        content_type=CONTENT_TYPES[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/trail/checked.html", {"check_form": form}, status=422)
    began, at = time.perf_counter(), moment()
    outcome = check_chain(
        by=actor_in(request),
        at=at,
        expected_count=form.cleaned_data["expected_count"],
        expected_head=form.cleaned_data["expected_head"],
    )
    context = {
        "outcome": outcome,
        "why": fault_label(outcome.fault),
        "at": at,
        "seconds": max(0.01, time.perf_counter() - began),
        "check_form": CheckForm(),
        "noted": form.cleaned_data,
    }
    return render(request, "desk/trail/checked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Asks for the decision, then destroys what an entry says was changed."""
    if not _may_erase(request):
        raise PermissionDenied
    if number >= 2**63:
        raise Http404
    entry = entries_numbered([number]).get(number)
    if entry is None:
        raise Http404
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erase_content(
                entry=entry, by=actor_in(request), at=moment(), reason=form.cleaned_data["reason"]
            )
        except AlreadyErased:
            messages.info(request, _("Innehållet var redan raderat."))
        else:
            messages.success(request, _("Innehållet är raderat för gott."))
        return redirect("desk:trail:list")
    context = {"form": form, "entry": shown(entry, names_in([entry]))}
    status = 422 if form.is_bound else 200
    return render(request, "desk/trail/erase.html", context, status=status)


def _count(shown: int) -> str:
    return ngettext(
        "%(shown)s post på den här sidan", "%(shown)s poster på den här sidan", shown
    ) % {"shown": shown}


def _may_erase(request: HttpRequest) -> bool:
    """Erasing is the whole city's matter: a permission in one organisation is not enough."""
    standing = standing_in(request)
    return all(
        standing.may_everywhere(permission)
        for permission in (Permission.TRAIL_READ, Permission.OPERATION_MANAGE)
    )


def _filter_form(request: HttpRequest, data: Any) -> tuple[FilterForm, frozenset[str] | None]:
    """The form, and the slugs of the organisations whose acts the reader may see (None: all)."""
    standing = standing_in(request)
    readable = organisations_of(standing, Permission.TRAIL_READ)
    reachable = (
        None
        if standing.may_everywhere(Permission.TRAIL_READ)
        else frozenset(each.slug for each in readable)
    )
    form = FilterForm(data, organisations=organisation_choices(readable))
    return form, reachable


def _older_than(request: HttpRequest) -> int | None:
    """The entry that the page begins after; anything odd shows the newest."""
    text = request.GET.get("older_than", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _url_with(request: HttpRequest, older_than: int | None) -> str:
    query = request.GET.copy()
    query.pop("older_than", None)
    if older_than is not None:
        query["older_than"] = str(older_than)
    address = reverse("desk:trail:list")
    return f"{address}?{query.urlencode()}" if query else address
