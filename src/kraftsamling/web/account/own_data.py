"""All that is held about oneself: to read, to take along, and to take away."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kraftsamling.people.actions import erase_own_account, record_own_export
from kraftsamling.people.actions.memberships import LastAdministrator
from kraftsamling.people.own_data import own_data
from kraftsamling.people.queries import memberships_of
from kraftsamling.trail.queries import EntryFilter, page_of_entries
from kraftsamling.web.account.devices import device_in
from kraftsamling.web.desk.trail.labels import act_label, object_type_label
from kraftsamling.web.requests import actor_in, moment, today

_SHOWN = 50  # entries of history on the page; the file holds them all
_FILE = "mina-uppgifter.json"


class EraseForm(forms.Form):
    """Two boxes at most: that it is meant, and that an organisation will stand without anyone."""

    understood = forms.BooleanField(
        label=gettext_lazy("Jag vill ta bort mitt konto. Jag vet att det inte går att ångra."),
        error_messages={"required": gettext_lazy("Kryssa i rutan om du vill ta bort kontot.")},
    )
    even_if_last = forms.BooleanField(
        label=gettext_lazy("Organisationen får stå utan administratör."), required=False
    )

    def __init__(self, data: Any = None, *, is_last: bool = False) -> None:
        super().__init__(data)
        if not is_last:
            del self.fields["even_if_last"]


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Everything that is held, in words."""
    held = own_data(cast(Any, request.user))
    context = {
        "profile": held["profile"],
        "memberships": held["memberships"],
        "received": held["invitations_received"],
        "sent": held["invitations_sent"],
        "sign_in": _sign_in_lines(held["sign_in"]),
        "history": [
            {
                **each,
                "title": act_label(each["act"]),
                "object_label": object_type_label(each["object_type"]),
            }
            for each in _newest_by(request)
        ],
        "by_count": len(held["history_by_you"]),
        "about_count": len(held["history_about_you"]),
    }
    return render(request, "account/own_data.html", context)


@never_cache
@require_POST
def take_along(request: HttpRequest) -> HttpResponse:
    """The same as a file that programs read. That it was fetched is history too."""
    at = moment()
    record_own_export(cast(Any, request.user), by=actor_in(request), at=at)
    held = {"made_at": at.isoformat(), **own_data(cast(Any, request.user))}
    return JsonResponse(
        held,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": f'attachment; filename="{_FILE}"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Tell what goes, what stays and why; take the account away once that is confirmed."""
    person = cast(Any, request.user)
    form = EraseForm(
        request.POST if request.method == "POST" else None,
        is_last="even_if_last" in request.POST,
    )
    if form.is_valid():
        sessions = list(UserSession.objects.filter(user=person))
        even_if_last = form.cleaned_data.get("even_if_last", False)
        try:
            erase_own_account(person, by=actor_in(request), at=moment(), even_if_last=even_if_last)
        except LastAdministrator as refusal:
            form = EraseForm(request.POST, is_last=True)
            form.add_error("even_if_last", str(refusal.reason))
        else:
            for session in sessions:
                session.end()
            logout(request)
            return redirect("account:erased")
    context = {"form": form, "memberships": memberships_of(person, on=today())}
    status = 422 if form.is_bound else 200
    return render(request, "account/erase.html", context, status=status)


@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """The last page of someone who took their account away: what it means from now on."""
    if request.user.is_authenticated:
        return redirect("account:overview")
    return render(request, "account/erased.html")


def _newest_by(request: HttpRequest) -> list[dict[str, Any]]:
    wanted = EntryFilter(actor=actor_in(request).id)
    return [
        {"number": each.number, "at": each.at, "act": each.act, "object_type": each.object_type}
        for each in page_of_entries(wanted, limit=_SHOWN).entries
    ]


def _sign_in_lines(tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What the sign-in libraries hold, a line each in words."""
    kinds = {
        "webauthn": _("Inloggningsnyckel (passkey)"),
        "totp": _("App för engångskoder"),
        "recovery_codes": _("Reservkoder"),
    }
    return [
        *(
            {"what": kinds.get(row["type"], row["type"]), "since": row["created_at"],
             "last": row["last_used_at"], "more": ""}
            for row in tables["second_factors"]
        ),
        *(
            {"what": _("Kommunens inloggning"), "since": row["date_joined"],
             "last": row["last_login"], "more": row["uid"]}
            for row in tables["municipal_sign_ins"]
        ),
        *(
            {"what": _("Inloggad: %(device)s") % {"device": device_in(row["user_agent"])},
             "since": row["created_at"], "last": row["last_seen_at"], "more": row["ip"]}
            for row in tables["signed_in_devices"]
        ),
    ]  # fmt: skip
