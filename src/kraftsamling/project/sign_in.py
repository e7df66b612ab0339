"""Settings of the sign-in libraries: django-allauth and django-sesame."""

from datetime import timedelta
from typing import Any

from kraftsamling.project.configuration import read_configuration

_CONFIGURATION = read_configuration()

# --- Accounts ----------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "kraftsamling.web.account.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a sign-in link has proved the address
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE: a working day
ACCOUNT_FORMS = {
    "login": "kraftsamling.web.account.library_forms.PasswordSignInForm",
    "reauthenticate": "kraftsamling.web.account.library_forms.PasswordAgainForm",
    "change_password": "kraftsamling.web.account.library_forms.PasswordChangeForm",
    "set_password": "kraftsamling.web.account.library_forms.PasswordSetForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "sign_in_link": "20/10m/ip,5/10m/key",
    "invitation": "30/10m/ip",
    "new_address": "5/10m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = _CONFIGURATION.proxies

# --- Passkeys, apps, recovery codes --------------------------------------------------------------
MFA_ADAPTER = "kraftsamling.web.account.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kraftsamling"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "kraftsamling.web.account.library_forms.CodeForm",
    "reauthenticate": "kraftsamling.web.account.library_forms.CodeAgainForm",
    "activate_totp": "kraftsamling.web.account.library_forms.AppForm",
    "add_webauthn": "kraftsamling.web.account.library_forms.PasskeyForm",
    "edit_webauthn": "kraftsamling.web.account.library_forms.PasskeyNameForm",
}
MFA_REQUIRED = _CONFIGURATION.mfa_required

# --- The link by mail ----------------------------------------------------------------------------
SESAME_MAX_AGE = timedelta(minutes=20)
SESAME_ONE_TIME = True
SESAME_INVALIDATE_ON_EMAIL_CHANGE = True
SESAME_SIGNATURE_SIZE = 20
SESAME_TOKENS = ["sesame.tokens_v2"]

# --- The municipality's own identity provider ----------------------------------------------------
SOCIALACCOUNT_ADAPTER = "kraftsamling.web.account.adapter.MunicipalAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A form whose answer leads to another host is refused by our Content-Security-Policy, so the
# button is a link. All it can do is start a sign-in at the visitor's own identity provider.
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_PROVIDER = "municipality"
OIDC_TRUSTS_EMAIL = _CONFIGURATION.oidc_trusts_email
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": _CONFIGURATION.oidc_name or _CONFIGURATION.city_name,
                "client_id": _CONFIGURATION.oidc_client_id,
                "secret": _CONFIGURATION.oidc_client_secret.get_secret_value(),
                "settings": {"server_url": _CONFIGURATION.oidc_issuer.rstrip("/")},
            }
        ]
        if _CONFIGURATION.oidc_issuer and _CONFIGURATION.oidc_client_id
        else [],
    }
}
