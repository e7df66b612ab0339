"""The sign-in library's forms in our words, with limits on every field."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm as CodeForm_
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm_
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

_PASSWORD_LENGTH = 1000  # longer ones cost the server more than they help
_NAME_LENGTH = 100


def _word(form: forms.Form, name: str, *, label: Any, hint: Any = "", limit: int) -> None:
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = _("Fyll i fältet.")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["maxlength"] = limit
    field.validators = [*field.validators, MaxLengthValidator(limit)]


class PasswordSignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "login", label=_("E-postadress"), limit=254)
        _word(self, "password", label=_("Lösenord"), limit=_PASSWORD_LENGTH)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class PasswordAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "password", label=_("Lösenord"), limit=_PASSWORD_LENGTH)


class PasswordChangeForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "oldpassword", label=_("Nuvarande lösenord"), limit=_PASSWORD_LENGTH)
        _word_new_passwords(self)


class PasswordSetForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_new_passwords(self)


def _word_new_passwords(form: forms.Form) -> None:
    _word(
        form, "password1", label=_("Nytt lösenord"), limit=_PASSWORD_LENGTH,
        hint=_("Minst 12 tecken. En mening som bara du kommer på är lätt att minnas."),
    )  # fmt: skip
    _word(form, "password2", label=_("Samma lösenord en gång till"), limit=_PASSWORD_LENGTH)


class CodeForm(CodeForm_):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_code(self)


class CodeAgainForm(CodeAgainForm_):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_code(self)


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "code", label=_("Koden som appen visar"), hint=_("Sex siffror."), limit=12)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


def _word_code(form: forms.Form) -> None:
    _word(
        form, "code", label=_("Kod"), limit=20,
        hint=_("Sex siffror från din app, eller en av dina reservkoder."),
    )  # fmt: skip


class PasskeyForm(AddWebAuthnForm):
    """A passkey signs in by itself here: there is nothing to choose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self, "name", label=_("Namn på inloggningsnyckeln"), limit=_NAME_LENGTH,
            hint=_("Så att du känner igen den, till exempel ”Min mobil”."),
        )  # fmt: skip
        self.fields["credential"].error_messages["required"] = _(
            "Inloggningsnyckeln kom inte med. Tryck på knappen och följ det som webbläsaren visar."
        )
        self.fields["passwordless"] = forms.BooleanField(
            initial=True, required=False, widget=forms.HiddenInput
        )


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "name", label=_("Namn på inloggningsnyckeln"), limit=_NAME_LENGTH)
