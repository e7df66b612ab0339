"""EST groups: who meets about which area."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kraftsamling.cycle.access import NoSuchGroup, group_for_reader, groups_for_reader
from kraftsamling.people.queries import swedish_order
from kraftsamling.web.requests import standing_in


def group_list(request: HttpRequest) -> HttpResponse:
    groups = groups_for_reader(standing_in(request))
    return render(request, "desk/groups/list.html", {"groups": groups})


def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        group = group_for_reader(standing_in(request), slug)
    except NoSuchGroup as absent:
        raise Http404 from absent
    members = sorted(group.members.all(), key=swedish_order)
    return render(request, "desk/groups/detail.html", {"group": group, "members": members})
