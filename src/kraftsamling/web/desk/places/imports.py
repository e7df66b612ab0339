"""Bringing places and areas in from files: upload, look, confirm.

The size is looked at before a byte of the body is read. Reading the body is also what the check
against forged requests does, so that check runs after, inside.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from kraftsamling.kit.tabular.problems import Problem, UnreadableFile, problems_to_csv
from kraftsamling.kit.tabular.table import Limits
from kraftsamling.kit.tabular.writing import to_csv
from kraftsamling.places import access
from kraftsamling.places.actions import (
    PlaceChoices,
    choose,
    discard_draft,
    import_areas,
    import_places,
    import_population,
    keep_draft,
)
from kraftsamling.places.imports.areas import AreaChoices
from kraftsamling.places.imports.geojson import GeoJsonLimits
from kraftsamling.places.imports.places import FIELDS
from kraftsamling.places.imports.preview import (
    Preview,
    preview_areas,
    preview_places,
    preview_population,
)
from kraftsamling.places.imports.report import ImportRefused, ImportReport
from kraftsamling.places.kinds import AreaKind, ImportKind
from kraftsamling.web.requests import actor_in, moment, standing_in

if TYPE_CHECKING:
    from kraftsamling.places.models import ImportDraft

SHOWN_ROWS = 20
SHOWN_PROBLEMS = 100
# A form around the file weighs a little more than the file.
_FRAME_BYTES = 64 * 1024
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
get_only = require_http_methods(["GET", "HEAD"])


class PlacesUploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        error_messages={"required": gettext_lazy("Välj en fil.")},
        help_text=gettext_lazy("Excel (.xlsx), CSV eller GeoJSON."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.geojson,.json"}),
    )


class AreasUploadForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Vad innehåller filen?"),
        choices=[
            (ImportKind.AREAS, gettext_lazy("Områdenas gränser (GeoJSON)")),
            (ImportKind.POPULATION, gettext_lazy("Befolkning (CSV eller Excel)")),
        ],
        widget=forms.RadioSelect,
        initial=ImportKind.AREAS,
    )
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        error_messages={"required": gettext_lazy("Välj en fil.")},
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.csv,.xlsx,.txt"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Slag av område"),
        required=False,
        help_text=gettext_lazy("Behövs bara när filen inte säger det själv."),
    )
    crs = forms.ChoiceField(
        label=gettext_lazy("Koordinatsystem"),
        required=False,
        choices=[
            ("", gettext_lazy("Det filen säger, annars WGS 84")),
            ("3006", gettext_lazy("SWEREF 99 TM")),
            ("4326", gettext_lazy("WGS 84")),
        ],
    )
    source = forms.CharField(
        label=gettext_lazy("Källa"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Visas vid området, till exempel: Källa: SCB, RegSO 2025."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            options = [(value, capfirst(label)) for value, label in AreaKind.choices]
            kind.choices = [("", _("Det filen säger")), *options]


def limits() -> Limits:
    """How large a table may be when it comes through a page."""
    return Limits(bytes=settings.MAX_UPLOAD_BYTES)


def _megabytes() -> int:
    return int(settings.MAX_UPLOAD_BYTES // (1024 * 1024))


def _not_too_large(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuses a body over the limit unread: 413, with what to do."""

    @csrf_exempt
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > settings.MAX_UPLOAD_BYTES + _FRAME_BYTES:
            context = {"limit": _megabytes(), "size": int(announced) // (1024 * 1024)}
            return render(request, "desk/places/too_large.html", context, status=413)
        return csrf_protect(view)(request, *args, **kwargs)

    return guarded


@get_or_post
@_not_too_large
def upload_places(request: HttpRequest) -> HttpResponse:
    """Choose a file of places."""
    if not access.may_import(standing_in(request)):
        raise PermissionDenied
    form = PlacesUploadForm(*_sent(request))
    problem = None
    if request.method == "POST" and form.is_valid():
        draft, problem = _keep(request, form, ImportKind.PLACES, {})
        if draft is not None:
            return redirect("desk:places:import-preview", draft_id=draft.public_id)
    return _show_upload(request, form, problem, "desk/places/import.html")


@get_or_post
@_not_too_large
def upload_areas(request: HttpRequest) -> HttpResponse:
    """Choose a file of areas, or of who lives in them."""
    if not access.may_import_areas(standing_in(request)):
        raise PermissionDenied
    form = AreasUploadForm(*_sent(request))
    problem = None
    if request.method == "POST" and form.is_valid():
        choices = {name: form.cleaned_data[name] for name in ("kind", "crs", "source")}
        draft, problem = _keep(request, form, form.cleaned_data["what"], choices)
        if draft is not None:
            return redirect("desk:places:import-preview", draft_id=draft.public_id)
    return _show_upload(request, form, problem, "desk/places/import_areas.html")


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _show_upload(
    request: HttpRequest, form: forms.Form, problem: Problem | None, template_name: str
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "steps": _steps(0),
        "limit": _megabytes(),
        "fields": [field for field in FIELDS if not field.is_translation],
    }
    return render(request, template_name, context, status=400 if form.is_bound else 200)


def _keep(
    request: HttpRequest, form: forms.Form, kind: str, choices: dict[str, Any]
) -> tuple["ImportDraft | None", Problem | None]:
    """The file put aside, or why it cannot be read at all."""
    sent = form.cleaned_data["file"]
    data = sent.read()
    try:
        _preview_of(request, kind, data, choices)
    except UnreadableFile as error:
        return None, error.problem
    draft = keep_draft(
        data, kind=kind, file_name=sent.name, by=actor_in(request), at=moment(), choices=choices
    )
    return draft, None


def _preview_of(request: HttpRequest, kind: str, data: bytes, choices: dict[str, Any]) -> Preview:
    if kind == ImportKind.AREAS:
        return preview_areas(data, choices=_area_choices(choices), limits=GeoJsonLimits())
    if kind == ImportKind.POPULATION:
        return preview_population(data, limits=limits())
    return preview_places(data, choices=_place_choices(request, choices), limits=limits())


def _place_choices(request: HttpRequest, choices: dict[str, Any]) -> PlaceChoices:
    return PlaceChoices(
        mapping=choices.get("mapping"),
        coordinates=choices.get("coordinates", ""),
        writable=access.writable_owners(standing_in(request)),
    )


def _area_choices(choices: dict[str, Any]) -> AreaChoices:
    crs = choices.get("crs", "")
    return AreaChoices(
        kind=choices.get("kind", ""),
        epsg=int(crs) if crs else None,
        source=choices.get("source", ""),
    )


def _draft(request: HttpRequest, draft_id: UUID) -> "ImportDraft":
    draft = access.draft_for(actor_in(request), draft_id)
    may = access.may_import if draft.kind == ImportKind.PLACES else access.may_import_areas
    if not may(standing_in(request)):
        raise PermissionDenied
    return draft


@get_or_post
def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What the file would bring; from here it is read in, read differently, or thrown away."""
    draft = _draft(request, draft_id)
    wish = request.POST.get("wish", "") if request.method == "POST" else ""
    if wish == "discard":
        discard_draft(draft)
        messages.info(request, _("Filen är borttagen. Inget har lästs in."))
        return redirect(_start_of(draft))
    if wish == "read":
        choose(draft, choices=_chosen(request))
        return redirect("desk:places:import-preview", draft_id=draft_id)
    if wish == "confirm":
        return _confirm(request, draft)
    return _show_preview(request, draft)


def _start_of(draft: "ImportDraft") -> str:
    is_places = draft.kind == ImportKind.PLACES
    return "desk:places:import" if is_places else "desk:places:import-areas"


def _chosen(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    mapping = {
        field.name: given[f"column-{field.name}"][:100]
        for field in FIELDS
        if given.get(f"column-{field.name}")
    }
    coordinates = given.get("coordinates", "")
    return {
        "mapping": mapping,
        "coordinates": coordinates if coordinates in ("wgs84", "sweref99tm") else "",
    }


def _confirm(request: HttpRequest, draft: "ImportDraft") -> HttpResponse:
    data, by, at = bytes(draft.content), actor_in(request), moment()
    try:
        if draft.kind == ImportKind.AREAS:
            report = import_areas(
                data, file_name=draft.file_name, by=by, at=at, choices=_area_choices(draft.choices)
            )
        elif draft.kind == ImportKind.POPULATION:
            report = import_population(
                data, file_name=draft.file_name, by=by, at=at, limits=limits()
            )
        else:
            report = import_places(
                data,
                file_name=draft.file_name,
                by=by,
                at=at,
                choices=_place_choices(request, draft.choices),
                limits=limits(),
            )
    except ImportRefused:
        # Something changed since the preview was made: show what is wrong now.
        return _show_preview(request, draft, status=409)
    discard_draft(draft)
    messages.success(request, _told(report))
    return redirect("desk:places:list" if draft.kind == ImportKind.PLACES else "city:areas")


def _told(report: ImportReport) -> str:
    created, changed, same = report.created, report.changed, report.unchanged
    return _("Inläst: %(created)s, %(changed)s, %(unchanged)s.") % {
        "created": ngettext("%(count)s ny", "%(count)s nya", created) % {"count": created},
        "changed": ngettext("%(count)s ändrad", "%(count)s ändrade", changed) % {"count": changed},
        "unchanged": ngettext("%(count)s oförändrad", "%(count)s oförändrade", same)
        % {"count": same},
    }


def _show_preview(request: HttpRequest, draft: "ImportDraft", status: int = 200) -> HttpResponse:
    seen = _preview_of(request, draft.kind, bytes(draft.content), draft.choices)
    errors = [problem for problem in seen.problems if not problem.is_warning]
    context = {
        "draft": draft,
        "seen": seen,
        "rows": seen.rows[:SHOWN_ROWS],
        "errors": errors[:SHOWN_PROBLEMS],
        "error_count": len(errors),
        "warnings": [each for each in seen.problems if each.is_warning][:SHOWN_PROBLEMS],
        "warning_count": len(seen.problems) - len(errors),
        "steps": _steps(1),
        "columns": _columns(seen) if draft.kind == ImportKind.PLACES else None,
        "count_text": _count_text(draft.kind, seen.count),
    }
    return render(request, "desk/places/import_preview.html", context, status=status)


def _count_text(kind: str, count: int) -> str:
    if kind == ImportKind.PLACES:
        text = ngettext("%(count)s plats", "%(count)s platser", count)
    elif kind == ImportKind.AREAS:
        text = ngettext("%(count)s område", "%(count)s områden", count)
    else:
        text = ngettext("%(count)s uppgift", "%(count)s uppgifter", count)
    return text % {"count": count}


def _columns(seen: Preview) -> dict[str, list[dict[str, Any]]]:
    """The fields with the column each is read from: those that matter first, the rest folded."""
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for field in FIELDS:
        column = seen.mapping.get(field.name, "")
        entry = {"field": field, "column": column}
        (rest if field.is_translation and not column else first).append(entry)
    return {"first": first, "rest": rest}


def _steps(current: int) -> list[dict[str, Any]]:
    labels = (_("Välj fil"), _("Titta efter"), _("Läs in"))
    return [
        {
            "label": label,
            "state": "done" if number < current else "current" if number == current else "",
        }
        for number, label in enumerate(labels)
    ]


@get_only
def problems(request: HttpRequest, draft_id: UUID, file_format: str) -> HttpResponse:
    """The whole report, as CSV or JSON."""
    draft = _draft(request, draft_id)
    if file_format not in ("csv", "json"):
        raise Http404
    seen = _preview_of(request, draft.kind, bytes(draft.content), draft.choices)
    if file_format == "json":
        report = ImportReport(draft.kind, rows=seen.count, problems=seen.problems)
        return JsonResponse(report.to_json(), json_dumps_params={"ensure_ascii": False})
    return _file(problems_to_csv(seen.problems), "problem.csv")


@get_only
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with our headings and two rows to write over."""
    header = ("kortnamn", "namn", "namn en", "slag", "lat", "lon", "adress", "ansvarig", "stegfri")
    rows = (
        ("exempelbiblioteket", "Exempelbiblioteket", "Example library", "bibliotek",
         "58,5942", "16,1826", "Exempelgatan 1", "", "ja"),
        ("exempelparken", "Exempelparken", "", "park", "58,5850", "16,1950", "", "", ""),
    )  # fmt: skip
    return _file(to_csv(header, rows), "platser-mall.csv")


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
