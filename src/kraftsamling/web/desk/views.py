"""The signed-in person's own start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kraftsamling.cycle.access import groups_for_reader
from kraftsamling.people.permissions import Permission
from kraftsamling.people.queries import memberships_of
from kraftsamling.web.city.front import news
from kraftsamling.web.requests import standing_in, today


def home(request: HttpRequest) -> HttpResponse:
    context = {
        "memberships": memberships_of(request.user, on=today()),  # type: ignore[arg-type]
        "groups": groups_for_reader(standing_in(request)),
        "sees_all_groups": standing_in(request).may_everywhere(Permission.GROUPS_READ),
        "news": news(today()),
        "today": today(),
    }
    return render(request, "desk/home.html", context)
