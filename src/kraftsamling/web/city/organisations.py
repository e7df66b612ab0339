"""Who is part of the city's work: for everyone."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control

from kraftsamling.people.access import organisation_for_everyone
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.people.queries import active_organisations, networks, networks_of, parts_of
from kraftsamling.places.queries.places import PlaceFilter, places_matching
from kraftsamling.web.printing import Asked, Printed, asked_in

PER_PAGE = 60
# Field of the form → what the query calls it.
_ARGUMENTS = {"q": "text", "kind": "kind", "network": "network"}


class OrganisationFilterForm(forms.Form):
    """What one looks for in the public list."""

    q = forms.CharField(label=_("Sök"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Slag"),
        required=False,
        choices=[("", _("Alla slag")), *OrganisationKind.choices],
    )
    network = forms.ChoiceField(label=_("Nätverk"), required=False)

    def __init__(self, *args: Any, networks: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].choices = [  # type: ignore[attr-defined]
            ("", _("Alla nätverk")), *networks,
        ]  # fmt: skip


def organisation_list(request: HttpRequest) -> HttpResponse:
    """All active organisations, by kind and network, found by a part of their name."""
    found_networks = list(networks())
    form = OrganisationFilterForm(
        request.GET or None, networks=[(each.slug, str(each.name)) for each in found_networks]
    )
    asked = asked_in(form)
    wanted = {_ARGUMENTS[each.name]: form.cleaned_data[each.name] for each in asked}
    page = Paginator(active_organisations(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    total = page.paginator.count
    context = {
        "form": form,
        "organisations": page,
        "is_narrowed": bool(asked),
        "ways_out": [] if total or len(asked) < 2 else _ways_out(asked, wanted),
        "printed": Printed(asked, count_of_organisations(total)),
    }
    return render(request, "city/organisations.html", context)


def _ways_out(asked: tuple[Asked, ...], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Links that drop one condition, with how many organisations each gives; a query for each."""
    found = []
    for dropped in asked:
        left = [each for each in asked if each is not dropped]
        names = {_ARGUMENTS[each.name] for each in left}
        total = len(active_organisations(**{name: wanted[name] for name in names}))
        if total:
            query = urlencode([(each.name, each.given) for each in left])
            found.append(
                {"dropped": str(dropped), "count": count_of_organisations(total), "query": query}
            )
    return found


def count_of_organisations(total: int) -> str:
    words = ngettext("%(total)s organisation", "%(total)s organisationer", total)
    return words % {"total": total}


def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_for_everyone(slug)
    places = places_matching(PlaceFilter(owner=organisation.slug))
    context = {
        "organisation": organisation,
        "parts": parts_of(organisation),
        "networks": networks_of(organisation),
        "page": Paginator(places, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "city/organisation.html", context)


@cache_control(public=True, max_age=3600)
def organisation_logo(request: HttpRequest, slug: str) -> FileResponse:
    """The logo as it was drawn anew on upload: always a PNG."""
    organisation = organisation_for_everyone(slug)
    if not organisation.logo:
        raise Http404
    try:
        return FileResponse(organisation.logo.open(), content_type="image/png")
    except FileNotFoundError:
        raise Http404 from None
