"""How the sign-in libraries meet our rooms: who gets in, and in which words."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kraftsamling.people.access import open_invitation_to, person_for_signing_in
from kraftsamling.people.links import invitation_text
from kraftsamling.web.account.mail import send_security_notice
from kraftsamling.web.account.municipality import proved_address
from kraftsamling.web.account.start import start_page_of
from kraftsamling.web.requests import moment

# What the library would say in its own words; what is not here is not said.
MESSAGES = {
    "account/messages/logged_out.txt": _("Du är utloggad."),
    "account/messages/password_changed.txt": _("Lösenordet är ändrat."),
    "account/messages/password_set.txt": _("Lösenordet är sparat."),
    "mfa/messages/recovery_codes_generated.txt": _("Du har fått nya reservkoder."),
    "mfa/messages/totp_activated.txt": _("Appen är tillagd."),
    "mfa/messages/totp_deactivated.txt": _("Appen är borttagen."),
    "mfa/messages/webauthn_added.txt": _("Inloggningsnyckeln är tillagd."),
    "mfa/messages/webauthn_removed.txt": _("Inloggningsnyckeln är borttagen."),
    "usersessions/messages/sessions_logged_out.txt": _("De andra inloggningarna är avslutade."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: an invitation is the only door."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Kontot är avstängt. Kontakta den som sköter din organisation."),
        "email_password_mismatch": _("E-postadressen och lösenordet hör inte ihop. Försök igen."),
        "enter_current_password": _("Skriv ditt nuvarande lösenord."),
        "incorrect_password": _("Lösenordet stämmer inte. Försök igen."),
        "incorrect_code": _("Koden stämmer inte. Vänta på nästa kod och försök igen."),
        "invalid_login": _("Inloggningen gick inte. Försök igen."),
        "too_many_login_attempts": _("För många försök. Vänta fem minuter och försök igen."),
        "rate_limited": _("För många försök. Vänta en stund och försök igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account:overview")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Bekräfta med lösenord"),
            "mfa_reauthenticate": _("Bekräfta med en kod"),
            "mfa_reauthenticate_webauthn": _("Bekräfta med en inloggningsnyckel"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for method in methods:
            name = next((key for key in words if method["url"] == reverse(_url_name(key))), "")
            method["description"] = str(words.get(name, method["description"]))
        return methods

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or MESSAGES.get(message_template or "")
        if words:
            super().add_message(request, level, extra_tags=extra_tags, message=str(words))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        send_security_notice(template_prefix, person=user, at=moment())


def _url_name(method: str) -> str:
    return "account_reauthenticate" if method == "reauthenticate" else method


class SecondFactorAdapter(DefaultMFAAdapter):
    """Our words, and what a passkey is bound to."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _(
            "Lägg till en inloggningsnyckel eller app först. "
            "Reservkoderna är till för när den är borta."
        ),
        "incorrect_code": _("Koden stämmer inte. Vänta på nästa kod och försök igen."),
        "rate_limited": _("För många försök. Vänta en stund och försök igen."),
        "unverified_email": _("Bekräfta din e-postadress först."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the host name of BASE_URL, whatever address a request came by."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "localhost", "name": "Kraftsamling"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """The person's name for display; a passkey itself carries no more than a number."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Inloggningsnyckel %d") % (count + 1)


class MunicipalAdapter(DefaultSocialAccountAdapter):
    """The municipality's identity provider says who someone is; whether they belong is ours."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in who is known here by a proved address; send those who are invited to their
        invitation; tell all others, in one and the same way, that they need one."""
        if sociallogin.is_existing:
            return
        address = proved_address(sociallogin)
        person = person_for_signing_in(address) if address else None
        if person is not None:
            sociallogin.connect(request, person)
            return
        invitation = open_invitation_to(address, at=moment()) if address else None
        if invitation is not None:
            raise ImmediateHttpResponse(redirect("account:invitation", invitation_text(invitation)))
        raise ImmediateHttpResponse(
            render(request, "socialaccount/unknown_person.html", status=403)
        )

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(
            render(request, "socialaccount/authentication_error.html", status=400)
        )
