"""Who belongs to an organisation."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.people.access import (
    membership_for_people_manager,
    organisation_for_people_reader,
)
from kraftsamling.people.actions import deactivate_person, reactivate_person, record_reading
from kraftsamling.people.permissions import Permission
from kraftsamling.people.queries import invitations_of, people_of
from kraftsamling.web.desk.people.forms import EndForm
from kraftsamling.web.desk.people.menu import pages_of
from kraftsamling.web.desk.people.refusing import told, tried
from kraftsamling.web.printing import Printed
from kraftsamling.web.requests import actor_in, moment, standing_in, today

PER_PAGE = 50


def people_list(request: HttpRequest, slug: str) -> HttpResponse:
    """People with their addresses: seeing them is recorded, once a view."""
    standing = standing_in(request)
    organisation = organisation_for_people_reader(standing, slug)
    record_reading(
        act="people.read_people", on=("organisation", organisation.slug),
        by=actor_in(request), at=moment(),
    )  # fmt: skip
    people = Paginator(people_of(organisation, on=today()), PER_PAGE)
    context = {
        "organisation": organisation,
        "pages": pages_of(standing, organisation, here="people"),
        "people": people.get_page(request.GET.get("page")),
        "printed": Printed(count=_count(people.count)),
        "invitations": invitations_of(organisation, at=moment()),
        "was_invited": "invited" in request.GET,
        "may_manage": standing.may(Permission.PEOPLE_MANAGE, organisation.pk),
        "today": today(),
    }
    return render(request, "desk/people/people.html", context)


def _count(total: int) -> str:
    return ngettext("%(total)s person", "%(total)s personer", total) % {"total": total}


@require_http_methods(["GET", "HEAD", "POST"])
def shut_out(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shut a person out, found by one of their memberships."""
    membership = membership_for_people_manager(standing_in(request), public_id)
    form = EndForm(request.POST or None)
    if form.is_valid() and tried(form, lambda: deactivate_person(
        membership.person, by=actor_in(request), at=moment(), **form.cleaned_data
    )):  # fmt: skip
        messages.success(request, _("Personen är utestängd och utloggad överallt."))
        return redirect("desk:people:people", membership.organisation.slug)
    return render(request, "desk/people/shut_out.html", {"form": form, "membership": membership})


@require_POST
def let_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    membership = membership_for_people_manager(standing_in(request), public_id)
    told(
        request,
        lambda: reactivate_person(membership.person, by=actor_in(request), at=moment()),
        done=_("Personen kan logga in igen."),
    )
    return redirect("desk:people:people", membership.organisation.slug)
