"""Pages about oneself.

The sign-in library's addresses are listed one by one: only those that we show, translate and test
exist. Its own code asks for some of them by these names, which therefore have no namespace.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from kraftsamling.web.account import invitation, municipality, own, own_data, sessions, sign_in

own_pages = [
    path("", own.overview, name="overview"),
    path("details", own.details, name="details"),
    path("data", own_data.show, name="data"),
    path("data/file", own_data.take_along, name="data-file"),
    path("erase", own_data.erase, name="erase"),
    path("erased", own_data.erased, name="erased"),
    path("email", own.email, name="email"),
    path("email/confirm/<str:text>", own.confirm_email, name="email-confirm"),
    path("link", sign_in.request_link, name="link"),
    path("link/sent", sign_in.link_sent, name="link-sent"),
    path("link/<str:token>", sign_in.open_link, name="link-open"),
    path("invitation/<str:text>", invitation.join, name="invitation"),
    path("sessions/<int:number>/end", sessions.end_session, name="session-end"),
    path("sessions/end-all", sessions.end_all, name="sessions-end"),
]

second_factor_pages = [
    path("", mfa.index, name="mfa_index"),
    path("authenticate", mfa.authenticate, name="mfa_authenticate"),
    path("confirm", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/add", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/file", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/confirm", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/sign-in", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/remove", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/name", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("", include((own_pages, "account"))),
    path("sign-in", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("sign-up", sign_in.closed_sign_up, name="account_signup"),
    path("inactive", sign_in.inactive, name="account_inactive"),
    path("confirm", account.reauthenticate, name="account_reauthenticate"),
    path("password/change", account.password_change, name="account_change_password"),
    path("password/set", account.password_set, name="account_set_password"),
    path("sessions", sessions.sessions, name="usersessions_list"),
    path("security/", include(second_factor_pages)),
    path("idp/<slug:provider_id>", municipality.start, name="openid_connect_login"),
    path("idp/<slug:provider_id>/back", municipality.come_back, name="openid_connect_callback"),
]
