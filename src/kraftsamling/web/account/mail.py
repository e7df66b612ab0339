"""Mail about signing in. All of it leaves through the queue, in the receiver's language."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from sesame.utils import get_token

from kraftsamling.kit.events import subscribe
from kraftsamling.people.access import invitation_by_id, person_by_id
from kraftsamling.people.events import AccountErased, OwnEmailChanged, PersonInvited
from kraftsamling.people.links import invitation_text, new_address_text
from kraftsamling.web.requests import moment

if TYPE_CHECKING:
    from kraftsamling.people.models import Person

# One sentence for each thing that happened to how somebody signs in.
NOTICES = {
    "account/email/password_changed": _("Lösenordet till ditt konto har ändrats."),
    "account/email/password_set": _("Ditt konto har fått ett lösenord."),
    "mfa/email/recovery_codes_generated": _("Ditt konto har fått nya reservkoder."),
    "mfa/email/totp_activated": _("En app för engångskoder har lagts till i ditt konto."),
    "mfa/email/totp_deactivated": _("Appen för engångskoder har tagits bort från ditt konto."),
    "mfa/email/webauthn_added": _("En ny inloggningsnyckel har lagts till i ditt konto."),
    "mfa/email/webauthn_removed": _("En inloggningsnyckel har tagits bort från ditt konto."),
    "socialaccount/email/account_connected": _("Ditt konto går nu att öppna från kommunen."),
    "email_changed": _("Du loggar nu in med en annan e-postadress än den här."),
}


def send_sign_in_link(person: "Person", *, next_path: str) -> None:
    """The link that signs in once, within twenty minutes."""
    path = reverse("account:link-open", args=[get_token(person)])
    query = f"?{urlencode({'next': next_path})}" if next_path else ""
    _send(
        "sign_in_link", person.email, person.language, about=_("Din inloggningslänk"),
        link=f"{settings.BASE_URL}{path}{query}", name=person.name,
        minutes=int(settings.SESAME_MAX_AGE.total_seconds() // 60),
    )  # fmt: skip


def send_invitation(event: PersonInvited) -> None:
    """The link of an invitation, unless it was answered or renewed meanwhile."""
    invitation = invitation_by_id(event.invitation, issue=event.issue)
    if invitation is None:
        return
    path = reverse("account:invitation", args=[invitation_text(invitation)])
    language = invitation.language
    _send(
        "invitation", invitation.email, language, about=_("Du är inbjuden"),
        link=f"{settings.BASE_URL}{path}", expires_at=invitation.expires_at,
        organisation=invitation.organisation.name.in_language(language).text,
        role=invitation.role.name.in_language(language).text,
        invited_by=invitation.invited_by.name if invitation.invited_by else "",
    )  # fmt: skip


def send_new_address_link(person: "Person", email: str) -> None:
    """To the new address: the link that proves that it is read by the one who asked."""
    path = reverse("account:email-confirm", args=[new_address_text(person, email)])
    _send(
        "new_address", email, person.language, about=_("Bekräfta din nya adress"),
        link=f"{settings.BASE_URL}{path}", name=person.name,
    )  # fmt: skip


def send_security_notice(
    occasion: str, *, person: "Person", at: datetime, to: str | None = None
) -> None:
    """Tell someone that the way they sign in has changed: it may not have been them."""
    if occasion in NOTICES:
        _send(
            "notice", to or person.email, person.language,
            about=_("Något har ändrats i ditt konto"), name=person.name,
            what=NOTICES[occasion], at=at,
            link=settings.BASE_URL + reverse("account:overview"),
        )  # fmt: skip


def tell_previous_address(event: OwnEmailChanged) -> None:
    person = person_by_id(event.person)
    if person is not None:
        send_security_notice("email_changed", person=person, at=moment(), to=event.previous_email)


def tell_erased_account(event: AccountErased) -> None:
    """The last mail: it says that the account is gone, and what to do if that was not meant."""
    _send(
        "account_erased", event.previous_email, event.language,
        about=_("Ditt konto är borttaget"), contact=settings.CONFIGURATION.contact_email,
    )  # fmt: skip


def listen() -> None:
    """Mail follows from what happens to people, whoever caused it: page, API or command."""
    subscribe(PersonInvited, send_invitation)
    subscribe(OwnEmailChanged, tell_previous_address)
    subscribe(AccountErased, tell_erased_account)


def _send(template: str, to: str, language: str, *, about: Any, **context: Any) -> None:
    city = settings.CONFIGURATION.city_name
    with translation.override(language):
        body = render_to_string(f"account/mail/{template}.txt", {**context, "city_name": city})
        subject = gettext("%(subject)s – Kraftsamling %(city)s") % {
            "subject": about, "city": city,
        }  # fmt: skip
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
