"""Signing in at the municipality's own identity provider (OpenID Connect).

The authorization code flow with PKCE is allauth's. What is stricter here: the provider has to be
who it was configured to be, and the ID token's signature is checked always, with a list of
algorithms of our own. OpenID Connect allows to skip that where the token came straight over TLS;
behind a proxy that opens TLS this would be one wall less than one thinks.
"""

import logging
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_LEEWAY_SECONDS = 60
logger = logging.getLogger(__name__)


class MunicipalProvider(OpenIDConnectOAuth2Adapter):
    """One identity provider, named in the settings."""

    @property
    def _provider(self) -> Any:
        return self.get_provider()  # type: ignore[no-untyped-call]

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says about itself. Raises OAuth2Error if it calls itself another."""
        found: dict[str, Any] = super().openid_config
        configured = self._provider.app.settings["server_url"]
        if found.get("issuer", "").rstrip("/") != configured.rstrip("/"):
            raise OAuth2Error("the identity provider states another issuer than the configured")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The claims of the ID token, and those it lacks from the userinfo address.

        Userinfo counts only when it speaks of the same subject.
        """
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            userinfo = self._fetch_user_info(token.token)
            if userinfo.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo speaks of someone else")
            claims = {**userinfo, **claims}
        kept = {name: claims[name] for name in ("sub", "email", "email_verified", "name", "iss")
                if name in claims}  # fmt: skip
        return self._provider.sociallogin_from_response(request, {"id_token": kept})

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the ID token does not hold: {type(error).__name__}") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", app.client_id) != app.client_id or (several and "azp" not in claims):
            raise OAuth2Error("the ID token was issued to another client")
        return claims

    def _key_of(self, id_token: str) -> Any:
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("the ID token is unsigned, or signed with a key that we share")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        for key in keys:
            if key.key_id == header.get("kid") or (len(keys) == 1 and "kid" not in header):
                return key.key
        raise OAuth2Error("the ID token is signed with a key that the provider does not show")


def proved_address(sociallogin: Any) -> str:
    """The address that the identity provider vouches for, or ''."""
    for address in sociallogin.email_addresses:
        if address.email and (address.verified is True or settings.OIDC_TRUSTS_EMAIL):
            return str(address.email)
    return ""


def is_configured() -> bool:
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def button_text() -> str:
    """What the municipality calls its sign-in."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(apps[0]["name"]) if apps else ""


def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the identity provider."""
    return _through(OAuth2LoginView, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the identity provider."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view_class: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id != settings.OIDC_PROVIDER or not is_configured():
        raise Http404
    provider = MunicipalProvider(request, provider_id)
    try:
        response: HttpResponse = view_class.adapter_view(provider)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException):
        # Before a token is asked for, the library lets these through: the provider is not there,
        # or is not who it should be.
        logger.warning("the identity provider cannot be used", exc_info=True)
        return render(request, "socialaccount/authentication_error.html", status=400)
    return response
