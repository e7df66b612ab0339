"""Forms about organisations and the people in them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.people.actions.organisations import OrganisationDetails
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.people.permissions import Permission, Reach, Scope
from kraftsamling.web.account.forms import EmailField
from kraftsamling.web.design.widgets import DateInput, GuardedTextarea
from kraftsamling.web.forms import TextsFormField

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation, Person, Role


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=DateInput(),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "invalid": _("Skriv dagen som år-månad-dag, till exempel 2027-03-31."),
            "required": _("Välj en dag."),
        },
    )


class OrganisationForm(forms.Form):
    """What is said about an organisation. `parents` are those it may be put under."""

    name = TextsFormField(label=_("Namn"), max_length=200, guarded=False)
    kind = forms.ChoiceField(label=_("Slag"), choices=OrganisationKind.choices)
    description = TextsFormField(
        label=_("Beskrivning"),
        max_length=2000,
        multiline=True,
        about="organisation",
        required=False,
    )
    parent = forms.ChoiceField(label=_("Överordnad organisation"), required=False)
    contact_function = forms.CharField(
        label=_("Kontakt"),
        help_text=_("En funktion, inte en person. Till exempel ”Växeln” eller ”Kundtjänst”."),
        max_length=200,
        required=False,
    )
    contact_email = EmailField(label=_("Kontaktens e-post"), required=False, is_own=False)
    contact_phone = forms.CharField(
        label=_("Kontaktens telefon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    website = forms.URLField(
        label=_("Webbplats"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Skriv hela adressen, till exempel https://exempel.se.")},
    )
    logo = forms.FileField(
        label=_("Logotyp"),
        help_text=_("PNG, JPEG eller WebP, högst 1 MB."),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Ta bort logotypen"), required=False)

    def __init__(
        self, *args: Any, parents: Iterable["Organisation"] | None, has_logo: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parents = {each.slug: each for each in parents or ()}
        choices = [("", _("Ingen")), *((slug, str(each)) for slug, each in self._parents.items())]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]
        if parents is None:  # kind and place in the city are the city's to say
            del self.fields["parent"], self.fields["kind"]
        if not has_logo:
            del self.fields["remove_logo"]

    def details(
        self, *, parent: "Organisation | None" = None, kind: str = ""
    ) -> OrganisationDetails:
        """What was filled in; `parent` and `kind` where the form does not ask for them."""
        data = self.cleaned_data
        if "parent" in self.fields:
            parent = self._parents.get(data["parent"])
        return OrganisationDetails(
            name=data["name"],
            kind=data.get("kind", kind),
            description=data["description"],
            parent=parent,
            contact_function=data["contact_function"],
            contact_email=data["contact_email"],
            contact_phone=data["contact_phone"],
            website=data["website"],
        )

    @staticmethod
    def initial_of(organisation: "Organisation") -> dict[str, Any]:
        return {
            "name": organisation.name,
            "kind": organisation.kind,
            "description": organisation.description,
            "parent": organisation.parent.slug if organisation.parent else "",
            "contact_function": organisation.contact_function,
            "contact_email": organisation.contact_email,
            "contact_phone": organisation.contact_phone,
            "website": organisation.website,
        }


class RoleChoiceField(forms.ChoiceField):
    """One of the roles that the giver may give, with what each is for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.RadioSelect, error_messages={
            "required": _("Välj en roll."), "invalid_choice": _("Den rollen kan du inte ge."),
        }, **kwargs)  # fmt: skip

    def offer(self, roles: Iterable["Role"], language: str) -> None:
        self.choices = [
            (
                role.code,
                f"{role.name.in_language(language)}. {role.description.in_language(language)}",
            )
            for role in roles
        ]


class InvitationForm(forms.Form):
    email = EmailField(label=_("E-postadress"), help_text=_("Dit skickas länken."), is_own=False)
    role = RoleChoiceField(label=_("Roll"))
    language = forms.ChoiceField(
        label=_("Språk i mejlet"), choices=[(each.code, each.autonym) for each in LANGUAGES]
    )
    membership_until = _day(_("Rollen slutar"), _("Första dagen utan roll. Tomt: tills vidare."))

    def __init__(self, *args: Any, roles: Iterable["Role"], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].offer(roles, language)  # type: ignore[attr-defined]


class GiveRoleForm(forms.Form):
    """Another role for someone who belongs to the organisation already."""

    person = forms.ChoiceField(label=_("Person"))
    role = RoleChoiceField(label=_("Roll"))
    valid_until = _day(_("Rollen slutar"), _("Första dagen utan roll. Tomt: tills vidare."))

    def __init__(
        self, *args: Any, people: Iterable["Person"], roles: Iterable["Role"], language: str,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.people = {str(each.public_id): each for each in people}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (key, each.name) for key, each in self.people.items()
        ]
        self.fields["role"].offer(roles, language)  # type: ignore[attr-defined]


class EndDayForm(forms.Form):
    valid_until = _day(_("Rollen slutar"), _("Första dagen utan roll. Tomt: tills vidare."))
    even_if_last = forms.BooleanField(
        label=_("Jag vet att organisationen kan bli utan administratör"), required=False
    )


class EndForm(forms.Form):
    """Ending what cannot be undone by oneself asks for a reason."""

    reason = forms.CharField(
        label=_("Anledning"),
        help_text=_("Sparas i historiken. Skriv inget känsligt om personen."),
        max_length=500,
        required=False,
        widget=GuardedTextarea(attrs={"rows": 3}),
    )
    even_if_last = forms.BooleanField(
        label=_("Jag vet att organisationen kan bli utan administratör"), required=False
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Anledning"),
        help_text=_("Sparas i historiken."),
        max_length=500,
        required=False,
        widget=GuardedTextarea(attrs={"rows": 3}),
    )


class SubstituteForm(forms.Form):
    """Who stands in, and when: someone in the organisation, or an address to invite."""

    person = forms.ChoiceField(label=_("Ersättare"), required=False)
    email = EmailField(
        label=_("Eller bjud in en ny ersättare"),
        help_text=_("Fyll i om ersättaren inte finns i listan."),
        required=False,
        is_own=False,
    )
    valid_from = _day(_("Från"), required=True)
    valid_until = _day(_("Till"), _("Första dagen utan ersättare."), required=True)

    def __init__(self, *args: Any, people: Iterable["Person"], today: date, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"valid_from": today, "valid_until": today + timedelta(days=28)}
        )
        super().__init__(*args, **kwargs)
        self.people = {str(each.public_id): each for each in people}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", _("Välj i listan")),
            *((key, each.name) for key, each in self.people.items()),
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("person")) == bool(data.get("email")):
            self.add_error("person", _("Välj en ersättare i listan eller skriv en e-postadress."))
        return data


class NetworkForm(forms.Form):
    name = TextsFormField(label=_("Namn"), max_length=200, guarded=False)
    description = TextsFormField(
        label=_("Beskrivning"),
        max_length=2000,
        multiline=True,
        about="organisation",
        required=False,
    )


class RoleForm(forms.Form):
    """What a role is called and allows. `held` are the permissions the editor may give."""

    name = TextsFormField(label=_("Namn"), max_length=80, about="organisation")
    description = TextsFormField(
        label=_("Beskrivning"), max_length=500, about="organisation", required=False
    )
    permissions = forms.MultipleChoiceField(
        label=_("Rollen får"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reach = forms.ChoiceField(
        label=_("Räckvidd"), choices=Reach.choices, widget=forms.RadioSelect, initial=Reach.OWN
    )

    def __init__(self, *args: Any, held: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = set(held)
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (code, label) for code, label in Permission.choices if code in held
        ]


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("Namn på API-nyckeln"),
        help_text=_("Så att ni vet vad den används till, till exempel ”Felanmälan i appen”."),
        max_length=120,
        error_messages={"required": _("Ge API-nyckeln ett namn.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("API-nyckeln får"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj vad API-nyckeln ska få göra.")},
    )
    expires_on = _day(
        _("Sista dag"), _("Efter den dagen slutar API-nyckeln fungera. Tomt: tills vidare.")
    )
