"""Networks, as the city looks after them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kraftsamling.people.access import network_for_city_manager
from kraftsamling.people.actions import change_network, create_network
from kraftsamling.people.queries import networks, organisations_in
from kraftsamling.web.desk.people.forms import NetworkForm
from kraftsamling.web.desk.people.refusing import tried
from kraftsamling.web.requests import actor_in, moment, standing_in

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def network_list(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/people/networks.html", {"networks": networks()})


@get_or_post
def create(request: HttpRequest) -> HttpResponse:
    form = NetworkForm(request.POST or None)
    if form.is_valid() and tried(
        form, lambda: create_network(**form.cleaned_data, by=actor_in(request), at=moment())
    ):
        messages.success(request, _("Nätverket är tillagt."))
        return redirect("desk:people:networks")
    return render(request, "desk/people/network.html", {"form": form, "network": None})


@get_or_post
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    network = network_for_city_manager(standing_in(request), slug)
    form = NetworkForm(
        request.POST or None, initial={"name": network.name, "description": network.description}
    )
    if form.is_valid() and tried(form, lambda: change_network(
        network, **form.cleaned_data, by=actor_in(request), at=moment()
    )):  # fmt: skip
        messages.success(request, _("Nätverket är sparat."))
        return redirect("desk:people:networks")
    context = {"form": form, "network": network, "organisations": organisations_in(network)}
    return render(request, "desk/people/network.html", context)
