"""Ways in that exist in a demo only: persona links, and the mail that would have been sent.

Both addresses are refused by the audience table outside a demo, and look there as if they did
not exist.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from kraftsamling.people.access import person_by_id, standing_of
from kraftsamling.people.demo import Persona, personas, was_erased
from kraftsamling.people.links import demo_link, demo_text, from_demo_text
from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing
from kraftsamling.web.account.sign_in import sign_in
from kraftsamling.web.requests import today

__all__ = ["choose", "demo_link", "enter", "mail"]

_SHOWN = 50
# What each persona is called, and what a visitor sees as that person.
_PERSONA_WORDS = {
    "reporter": (_("Rapportör"), _("Arbetar på fritidsgårdarna och ser vad som händer.")),
    "coordinator": (_("Samordnare"), _("Håller ihop platser, organisationer och EST-grupper.")),
    "member": (_("Gruppmedlem"), _("Är med i EST-grupperna för ett bostadsbolag.")),
    "analyst": (_("Analytiker"), _("Följer läget på säkerhetsavdelningen.")),
    "security department": (
        _("Säkerhetsavdelningen"),
        _("Lägger in platser från fil och granskar historiken."),
    ),
    "actor": (_("Aktör"), _("Sköter ett museum: dess öppettider och dess medarbetare.")),
    "resident": (_("Invånare"), _("Har ett konto men ingen roll.")),
    "operator": (_("Driftansvarig"), _("Ser hur tjänsten mår: jobb, mejl och lagring.")),
}
_BETWEEN_MAILS = re.compile(rb"^-{79}$", re.MULTILINE)


@never_cache
def enter(request: HttpRequest, signed: str) -> HttpResponse:
    """Become a persona, and land where that persona works."""
    _refuse_outside_demo()
    public_id = from_demo_text(signed)
    person = person_by_id(public_id) if public_id else None
    if person is None:
        context = {"is_erased": public_id is not None and was_erased(public_id)}
        return render(request, "account/demo_unknown.html", context, status=410)
    start = start_of_persona(standing_of(person, on=today()))
    if request.user.is_authenticated and request.user.pk == person.pk:
        return redirect(start)
    return sign_in(request, person, next_path=start, method="demo")


@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The people whom a visitor can be, one link each: the terminal may be someone else's."""
    _refuse_outside_demo()
    doors = [_door(persona, person) for persona, person in personas()]
    return render(request, "account/demo_choose.html", {"doors": doors})


@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """The mail that this demo has written, newest first, so that its links can be followed."""
    _refuse_outside_demo()
    return render(request, "account/demo_mail.html", {"mails": mails_in(settings.EMAIL_FILE_PATH)})


def start_of_persona(standing: Standing) -> str:
    """A resident starts in the city, an operator at the operation, all others at their desk."""
    if not standing.grants:
        return reverse("city:home")
    if standing.may(Permission.OPERATION_MANAGE):
        return reverse("desk:operation:overview")
    return reverse("desk:home")


def _door(persona: Persona, person: Any) -> dict[str, Any]:
    title, gist = _PERSONA_WORDS[persona.title]
    link = reverse("demo-enter", args=[demo_text(person)]) if person else ""
    return {"title": title, "gist": gist, "name": persona.name, "link": link}


@dataclass(frozen=True)
class WrittenMail:
    to: str
    subject: str
    body: str
    at: datetime


def mails_in(folder: str | Path) -> list[WrittenMail]:
    """What the file backend has written to a folder: the latest fifty, newest first."""
    files = sorted(Path(folder).glob("*.log"), key=lambda each: each.stat().st_mtime, reverse=True)
    found: list[WrittenMail] = []
    for file in files[:_SHOWN]:
        at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
        found += reversed([_read(part, at) for part in _parts(file) if part.strip()])
    return found[:_SHOWN]


def _parts(file: Path) -> list[bytes]:
    return _BETWEEN_MAILS.split(file.read_bytes())


def _read(source: bytes, at: datetime) -> WrittenMail:
    message = email.message_from_bytes(source.lstrip(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return WrittenMail(
        to=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        body=body.get_content() if body else "",
        at=timezone.localtime(at),
    )


def _refuse_outside_demo() -> None:
    # The audience table says the same. Here a mistake in a table must not open accounts.
    if not settings.DEMO:
        raise Http404
