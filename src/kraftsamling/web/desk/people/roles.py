"""What the roles allow; for those who manage people everywhere, also to change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import NotFound, role_for_city_manager
from kraftsamling.people.actions import change_role, create_role
from kraftsamling.people.permissions import Permission
from kraftsamling.people.queries import roles
from kraftsamling.web.desk.people.forms import RoleForm
from kraftsamling.web.desk.people.refusing import tried
from kraftsamling.web.requests import actor_in, moment, standing_in

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def role_list(request: HttpRequest) -> HttpResponse:
    words = dict(Permission.choices)
    listed = [
        {"role": role, "allows": [words[code] for code in role.permissions if code in words]}
        for role in roles()
    ]
    may_change = standing_in(request).may_everywhere(Permission.PEOPLE_MANAGE)
    return render(request, "desk/people/roles.html", {"listed": listed, "may_change": may_change})


@get_or_post
def create(request: HttpRequest) -> HttpResponse:
    standing = standing_in(request)
    if not standing.may_everywhere(Permission.PEOPLE_MANAGE):
        raise NotFound
    held = standing.permissions_everywhere
    form = RoleForm(request.POST or None, held=held)
    if form.is_valid() and tried(
        form, lambda: create_role(**form.cleaned_data, by=actor_in(request), at=moment())
    ):
        messages.success(request, _("Rollen är tillagd."))
        return redirect("desk:people:roles")
    return render(request, "desk/people/role.html", {"form": form, "role": None})


@get_or_post
def edit(request: HttpRequest, code: str) -> HttpResponse:
    standing = standing_in(request)
    role = role_for_city_manager(standing, code)
    initial = {
        "name": role.name, "description": role.description,
        "permissions": role.permissions, "reach": role.reach,
    }  # fmt: skip
    form = RoleForm(request.POST or None, held=standing.permissions_everywhere, initial=initial)
    if form.is_valid() and tried(
        form, lambda: change_role(role, **form.cleaned_data, by=actor_in(request), at=moment())
    ):
        messages.success(request, _("Rollen är sparad. Ändringen gäller genast."))
        return redirect("desk:people:roles")
    return render(request, "desk/people/role.html", {"form": form, "role": role})
