"""What the trail's codes are called in the interface. A code without a name shows as it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.kit.languages import LANGUAGES
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.people.permissions import Permission, Reach, Scope
from kraftsamling.places.kinds import AreaKind, CoordinateQuality, ExceptionKind, PlaceKind

Choices = list[tuple[Any, Any]]

ROOMS = {
    "people": _("Organisationer och personer"),
    "places": _("Platser och områden"),
    "cycle": _("EST-grupper"),
    "operation": _("Drift"),
    "trail": _("Historiken"),
    "privacy": _("Personuppgifter"),
}

ACTS = {
    "people.accept_invitation": _("Tackade ja till en inbjudan"),
    "people.appoint_substitute": _("Utsåg en ersättare"),
    "people.change_membership": _("Ändrade ett medlemskap"),
    "people.change_network": _("Ändrade ett nätverk"),
    "people.change_organisation": _("Ändrade en organisation"),
    "people.change_own_details": _("Ändrade sina uppgifter"),
    "people.change_own_email": _("Bytte e-postadress"),
    "people.change_role": _("Ändrade en roll"),
    "people.create_network": _("Skapade ett nätverk"),
    "people.create_organisation": _("Lade till en organisation"),
    "people.create_role": _("Skapade en roll"),
    "people.create_token": _("Skapade en API-nyckel"),
    "people.deactivate_organisation": _("Avslutade en organisation"),
    "people.deactivate_person": _("Stängde av en person"),
    "people.end_membership": _("Avslutade ett medlemskap"),
    "people.erase_own_account": _("Tog bort sitt konto"),
    "people.export_own_data": _("Hämtade sina uppgifter"),
    "people.give_role": _("Gav en roll"),
    "people.invite_person": _("Bjöd in en person"),
    "people.join_network": _("Gick med i ett nätverk"),
    "people.leave_network": _("Lämnade ett nätverk"),
    "people.reactivate_organisation": _("Öppnade en organisation igen"),
    "people.reactivate_person": _("Släppte in en person igen"),
    "people.read_people": _("Läste organisationens personer"),
    "people.register_person": _("Lade till en person"),
    "people.remove_logo": _("Tog bort en logotyp"),
    "people.renew_invitation": _("Förnyade en inbjudan"),
    "people.revoke_token": _("Återkallade en API-nyckel"),
    "people.set_logo": _("Bytte logotyp"),
    "people.withdraw_invitation": _("Drog tillbaka en inbjudan"),
    "places.add_exception": _("Lade till en avvikande öppettid"),
    "places.add_place": _("Lade till en plats"),
    "places.change_exception": _("Ändrade en avvikande öppettid"),
    "places.change_place": _("Ändrade en plats"),
    "places.deactivate_place": _("Tog bort en plats"),
    "places.erase_exception_text": _("Raderade texten i en avvikande öppettid"),
    "places.import_area": _("Läste in ett område"),
    "places.import_areas": _("Läste in områden från fil"),
    "places.import_localities": _("Läste in orter från fil"),
    "places.import_opening_hours": _("Läste in öppettider från fil"),
    "places.import_place": _("Läste in en plats"),
    "places.import_places": _("Läste in platser från fil"),
    "places.import_population": _("Läste in folkmängd från fil"),
    "places.import_streets": _("Läste in gator från fil"),
    "places.reactivate_place": _("Tog tillbaka en plats"),
    "places.reassign_places": _("Räknade om vilket område platser hör till"),
    "places.remove_exception": _("Tog bort en avvikande öppettid"),
    "places.restore_exception": _("Tog tillbaka en avvikande öppettid"),
    "places.set_opening_hours": _("Ändrade öppettider"),
    "cycle.form_group": _("Bildade en EST-grupp"),
    "operation.make_backup": _("Tog en säkerhetskopia"),
    "operation.restore_backup": _("Återställde en säkerhetskopia"),
    "operation.retry_job": _("Körde om ett jobb"),
    "trail.check_chain": _("Kontrollerade kedjan"),
    "trail.erase_content": _("Raderade innehållet i en post"),
    "trail.export": _("Exporterade historiken"),
    "trail.read_entries": _("Läste historiken"),
}

OBJECT_TYPES = {
    "area": _("område"),
    "backup": _("säkerhetskopia"),
    "entry": _("post"),
    "exception": _("avvikande öppettid"),
    "group": _("EST-grupp"),
    "invitation": _("inbjudan"),
    "localities": _("orter"),
    "job": _("jobb"),
    "membership": _("medlemskap"),
    "network": _("nätverk"),
    "organisation": _("organisation"),
    "person": _("person"),
    "place": _("plats"),
    "role": _("roll"),
    "population": _("folkmängd"),
    "streets": _("gator"),
    "token": _("API-nyckel"),
    "trail": _("historik"),
}

# What stands for no single object, by (type, id).
WHOLES = {
    ("trail", "entries"): _("Historiken"),
    ("place", "all"): _("Alla platser"),
    ("places", "import"): _("Inläsning av platser"),
    ("areas", "import"): _("Inläsning av områden"),
    ("localities", "import"): _("Inläsning av orter"),
    ("streets", "import"): _("Inläsning av gator"),
    ("population", "import"): _("Inläsning av folkmängd"),
    ("opening_hours", "import"): _("Inläsning av öppettider"),
}

# The parts of the program that act by themselves, or for someone at a terminal.
PARTS = {
    "command-line": _("kommandoraden"),
    "demo": _("demostaden"),
    "import": _("inläsning"),
    "standard-roles": _("standardroller"),
    "worker": _("arbetaren"),
}

# Whose choices a field's codes are; `kind` means another thing for each type of object.
_CHOICES: dict[str, Choices] = {
    "coordinate_quality": CoordinateQuality.choices,
    "reach": Reach.choices,
    "permissions": Permission.choices,
    "scopes": Scope.choices,
    "language": [(each.code, each.autonym) for each in LANGUAGES],
    "act": list(ACTS.items()),
    "object_type": list(OBJECT_TYPES.items()),
    "status": [("failed", _("misslyckat")), ("waiting", _("väntar"))],
    "format": [("csv", "CSV"), ("jsonl", "JSON Lines")],
}
_KINDS: dict[str, Choices] = {
    "organisation": OrganisationKind.choices,
    "place": PlaceKind.choices,
    "area": AreaKind.choices,
    "exception": ExceptionKind.choices,
    "group": GroupKind.choices,
}

FIELDS = {
    "accessibility": _("Tillgänglighet"),
    "accessible_toilet": _("Tillgänglig toalett"),
    "act": _("Handling"),
    "actor": _("Vem"),
    "actors": _("Vilka"),
    "address": _("Adress"),
    "areas": _("Områden"),
    "at_from": _("Från och med"),
    "at_until": _("Till och med"),
    "bounds": _("Utsträckning"),
    "broken_at": _("Brott vid post"),
    "changed": _("Antal ändrade"),
    "checked": _("Antal poster"),
    "closes": _("Stänger"),
    "code": _("Kod"),
    "contact_email": _("E-post"),
    "contact_function": _("Kontakt"),
    "contact_phone": _("Telefon"),
    "convener": _("Sammankallande"),
    "coordinate_quality": _("Lägets noggrannhet"),
    "created": _("Antal nya"),
    "days_from": _("Från och med"),
    "days_until": _("Till och med"),
    "description": _("Beskrivning"),
    "email": _("E-post"),
    "entries": _("Antal poster"),
    "exception": _("Avvikande öppettid"),
    "expires_at": _("Gäller till"),
    "fault": _("Fel"),
    "file": _("Fil"),
    "file_name": _("Fil"),
    "filter": _("Urval"),
    "format": _("Filformat"),
    "geometry": _("Gräns"),
    "head": _("Sista hash"),
    "hearing_loop": _("Hörslinga"),
    "hours": _("Öppettider"),
    "is_active": _("Aktiv"),
    "is_removed": _("Borttagen"),
    "is_new": _("Ny person"),
    "issue": _("Utskick"),
    "job": _("Jobb"),
    "kind": _("Slag"),
    "label": _("Benämning"),
    "language": _("Språk"),
    "latitude": _("Latitud"),
    "logo": _("Logotyp"),
    "longitude": _("Longitud"),
    "made_at": _("Gjord"),
    "members": _("Medlemmar"),
    "membership": _("Medlemskap"),
    "membership_until": _("Medlemskap till och med"),
    "moved_to": _("Flyttar till"),
    "name": _("Namn"),
    "network": _("Nätverk"),
    "object_id": _("Objektets id"),
    "object_type": _("Slag av objekt"),
    "older_than": _("Äldre än post"),
    "opening_hours": _("Öppettider"),
    "opens": _("Öppnar"),
    "organisation": _("Organisation"),
    "organisations": _("Organisationer"),
    "owner": _("Ansvarig organisation"),
    "owner_id": _("Ansvarig organisation"),
    "parent": _("Överordnad"),
    "parent_id": _("Överordnad"),
    "permissions": _("Behörigheter"),
    "person": _("Person"),
    "prefix": _("API-nyckelns början"),
    "reach": _("Räckvidd"),
    "reason": _("Skäl"),
    "revoked_at": _("Återkallad"),
    "role": _("Roll"),
    "rows": _("Antal rader"),
    "scopes": _("Får göra"),
    "size": _("Storlek"),
    "slug": _("Adressnamn"),
    "source": _("Källa"),
    "status": _("Läge"),
    "step_free": _("Utan trappsteg"),
    "substitute_for": _("Ersätter"),
    "trail_count": _("Poster i historiken"),
    "up_to": _("Till och med post"),
    "valid_from": _("Gäller från"),
    "valid_until": _("Gäller till och med"),
    "version": _("Version"),
    "website": _("Webbplats"),
    "withdrawn_at": _("Tillbakadragen"),
}

FAULTS = {
    "missing": _("posten saknas."),
    "unlinked": _("den följer inte på posten före."),
    "fields_changed": _("dess uppgifter är inte de som skrevs in."),
    "content_missing": _("dess innehåll saknas."),
    "content_changed": _("dess innehåll är inte det som skrevs in."),
    "content_half_erased": _("innehållet sägs vara raderat, men något finns kvar."),
    "content_erased_unrecorded": _("innehållet är borta utan att någon post säger varför."),
    "content_restored": _("innehållet har raderats men finns där igen."),
    "rewritten": _("det är inte den post vars hash du antecknat. Historiken är omskriven."),
    "cut_off": _("slutet av kedjan saknas."),
    "head_unknown": _("ingen post har den hash som du antecknat."),
}


def act_label(act: str) -> str:
    return str(ACTS.get(act, act))


def room_label(act: str) -> str:
    """The name of the room that an act belongs to."""
    room = act.partition(".")[0]
    return str(ROOMS.get(room, room))


def object_type_label(object_type: str) -> str:
    return str(OBJECT_TYPES.get(object_type, object_type))


def field_label(name: str) -> str:
    return str(FIELDS.get(name, name))


def fault_label(fault: str) -> str:
    return str(FAULTS.get(fault, fault))


def choice_label(name: str, value: str, *, object_type: str) -> str:
    """What a field's code means; '' where the field has no codes, or the code is unknown."""
    choices = _KINDS.get(object_type, []) if name == "kind" else _CHOICES.get(name, [])
    if name == "act" and value.endswith("."):
        return room_label(value)
    return next((str(label) for code, label in choices if code == value), "")


def part_label(part: str) -> str:
    return str(PARTS.get(part, part))
