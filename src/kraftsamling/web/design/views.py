"""The page that shows every component, live, with the line to copy."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kraftsamling.web.design import samples
from kraftsamling.web.design.icons import PATHS

SORTABLE = {"name", "kind", "visits"}


def components(request: HttpRequest) -> HttpResponse:
    """GET only; `?toast=success` shows a message, as an action would leave one."""
    if request.GET.get("toast") == "success":
        messages.success(request, _("Platsen är sparad."))
    order = request.GET.get("sort", "name")
    column = order.removeprefix("-")
    rows = samples.rows()
    if column in SORTABLE:
        rows.sort(key=lambda row: row[column], reverse=order.startswith("-"))
    return render(
        request,
        "design/components.html",
        {
            "form": samples.SampleForm(),
            "refused": samples.refused_form(),
            "bars": samples.bars(),
            "lines": samples.lines(),
            "heat": samples.heat(),
            "places": samples.places(),
            "page": Paginator(rows, 6).get_page(request.GET.get("page")),
            "steps": samples.steps(),
            "events": samples.events(),
            "icons": sorted(PATHS),
            "trail": [
                {"label": _("Staden"), "url": reverse("city:home")},
                {"label": _("Utseende och delar"), "url": ""},
            ],
            "facts": [
                {"label": _("Slag"), "value": _("Bibliotek")},
                {"label": _("Ägare"), "value": _("Kultur- och fritidskontoret")},
                {"label": _("Öppet i dag"), "value": "10–18"},
            ],
        },
    )
