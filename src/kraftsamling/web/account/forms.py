"""Forms about oneself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.languages import LANGUAGES


class EmailField(forms.EmailField):
    """An address, with our words for what is wrong with it."""

    def __init__(
        self,
        *,
        label: Any,
        help_text: Any = "",
        required: bool = True,
        is_own: bool = True,
    ) -> None:
        autocomplete = "email" if is_own else "off"  # the browser knows one's own address
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            max_length=254,
            error_messages={
                "required": _("Skriv en e-postadress."),
                "invalid": _("Skriv en hel e-postadress, till exempel namn@exempel.se."),
                "max_length": _("Adressen är för lång. Kontrollera den."),
            },
            widget=forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"}),
        )


class LinkForm(forms.Form):
    """Where to send a sign-in link."""

    email = EmailField(label=_("E-postadress"))
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class NewAddressForm(forms.Form):
    email = EmailField(
        label=_("Ny e-postadress"),
        help_text=_("Vi skickar en länk dit. Adressen byts först när du har öppnat länken."),
    )


class DetailsForm(forms.Form):
    """One's own name and language."""

    name = forms.CharField(
        label=_("Namn"),
        help_text=_("Så som andra i din organisation ser det."),
        max_length=120,
        error_messages={"required": _("Skriv ditt namn.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Språk"),
        help_text=_("Sidorna och våra mejl till dig."),
        choices=[(language.code, language.autonym) for language in LANGUAGES],
    )
