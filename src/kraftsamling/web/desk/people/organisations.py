"""The organisations one looks after: their list, their details, their networks."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.people.access import organisation_for_city_manager, organisation_for_editor
from kraftsamling.people.actions import (
    change_organisation,
    create_organisation,
    deactivate_organisation,
    join_network,
    leave_network,
    reactivate_organisation,
    remove_logo,
    set_logo,
)
from kraftsamling.people.permissions import Permission
from kraftsamling.people.queries import (
    active_organisations,
    networks,
    networks_of,
    organisations_of,
)
from kraftsamling.web.city.organisations import count_of_organisations
from kraftsamling.web.desk.people.forms import OrganisationForm, ReasonForm
from kraftsamling.web.desk.people.menu import pages_of
from kraftsamling.web.desk.people.refusing import told, tried
from kraftsamling.web.printing import Printed
from kraftsamling.web.requests import actor_in, moment, standing_in

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation

PER_PAGE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def organisation_list(request: HttpRequest) -> HttpResponse:
    """Those whose details, people or keys one may see or change."""
    standing = standing_in(request)
    organisations = organisations_of(
        standing, Permission.ORGANISATION_EDIT, Permission.PEOPLE_READ, Permission.TOKENS_MANAGE
    )
    page = Paginator(organisations, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "listed": [
            {"organisation": each, "url": pages_of(standing, each)[0]["url"]}
            for each in page
        ],
        "page": page,
        "printed": Printed(count=count_of_organisations(page.paginator.count)),
        "sees_all": standing.may_everywhere(Permission.PEOPLE_READ),
        "may_create": standing.may_everywhere(Permission.ORGANISATIONS_CREATE),
        "may_shape_roles": standing.may_everywhere(Permission.PEOPLE_MANAGE),
    }  # fmt: skip
    return render(request, "desk/people/organisations.html", context)


@get_or_post
def create(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(
        request.POST or None, request.FILES or None, parents=active_organisations(), has_logo=False
    )
    made: list[Organisation] = []

    def act() -> None:
        organisation = create_organisation(
            details=form.details(), by=actor_in(request), at=moment()
        )
        made.append(organisation)
        _keep_logo(request, organisation, form)

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Organisationen är tillagd. Bjud nu in den som ska sköta den."))
        return redirect("desk:people:people", made[0].slug)
    if made:  # it was added, its logo was not: the page about it says so
        messages.warning(request, " ".join(map(str, form.non_field_errors())))
        return redirect("desk:people:organisation-edit", made[0].slug)
    return render(request, "desk/people/organisation_new.html", {"form": form})


@get_or_post
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    standing = standing_in(request)
    organisation = organisation_for_editor(standing, slug)
    may_move = standing.may_everywhere(Permission.ORGANISATIONS_CREATE)
    form = OrganisationForm(
        request.POST or None,
        request.FILES or None,
        parents=[each for each in active_organisations() if each != organisation]
        if may_move
        else None,
        has_logo=bool(organisation.logo),
        initial=OrganisationForm.initial_of(organisation),
    )

    def act() -> None:
        change_organisation(
            organisation,
            details=form.details(parent=organisation.parent, kind=organisation.kind),
            by=actor_in(request),
            at=moment(),
        )
        _keep_logo(request, organisation, form)

    if form.is_valid() and tried(form, act):
        messages.success(request, _("Uppgifterna är sparade."))
        return redirect("desk:people:organisation-edit", organisation.slug)
    own = {each.pk for each in networks_of(organisation)}
    context = {
        "form": form,
        "organisation": organisation,
        "pages": pages_of(standing, organisation, here="organisation-edit"),
        "networks": [
            {"network": each, "is_in": each.pk in own}
            for each in networks()
            if may_move or each.pk in own
        ],
        "may_close": may_move,
    }
    return render(request, "desk/people/organisation_edit.html", context)


@require_POST
def join_or_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Join the network that was ticked, or leave it."""
    organisation = organisation_for_editor(standing_in(request), slug)
    wanted = next((each for each in networks() if each.slug == request.POST.get("network")), None)
    if wanted is not None:
        change: Any = leave_network if request.POST.get("leave") else join_network
        told(
            request,
            lambda: change(wanted, organisation=organisation, by=actor_in(request), at=moment()),
            done=_("Nätverken är sparade."),
        )
    return redirect("desk:people:organisation-edit", organisation.slug)


@get_or_post
def close(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_for_city_manager(standing_in(request), slug)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: deactivate_organisation(
        organisation, by=actor_in(request), at=moment(), reason=form.cleaned_data["reason"]
    )):  # fmt: skip
        messages.success(request, _("Organisationen är avslutad."))
        return redirect("desk:people:organisations")
    context = {"form": form, "organisation": organisation}
    return render(request, "desk/people/organisation_close.html", context)


@require_POST
def open_again(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_for_city_manager(standing_in(request), slug)
    told(
        request,
        lambda: reactivate_organisation(organisation, by=actor_in(request), at=moment()),
        done=_("Organisationen är öppen igen."),
    )
    return redirect("desk:people:organisations")


def _keep_logo(request: HttpRequest, organisation: "Organisation", form: OrganisationForm) -> None:
    upload = form.cleaned_data.get("logo")
    if upload:
        set_logo(organisation, upload=upload, by=actor_in(request), at=moment())
    elif form.cleaned_data.get("remove_logo"):
        remove_logo(organisation, by=actor_in(request), at=moment())
