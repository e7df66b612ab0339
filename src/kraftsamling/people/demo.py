"""The people whom a visitor of the demo can be. Their names are made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from kraftsamling.people.former import is_former
from kraftsamling.people.models import Person


@dataclass(frozen=True)
class Persona:
    """Someone in the demo: what the visitor plays, and the roles (code, organisation) held."""

    title: str
    name: str
    email: str
    roles: tuple[tuple[str, str], ...] = ()


PERSONAS: tuple[Persona, ...] = (
    Persona("reporter", "Robin Ek", "robin.ek@demo.example", (("reporter", "fritidsgardarna"),)),
    Persona(
        "coordinator",
        "Samira Lund",
        "samira.lund@demo.example",
        (("coordinator", "sakerhetsavdelningen"),),
    ),
    Persona("member", "Malin Berg", "malin.berg@demo.example", (("member", "hyresbostader"),)),
    Persona(
        "analyst",
        "Anton Strand",
        "anton.strand@demo.example",
        (("analyst", "sakerhetsavdelningen"),),
    ),
    Persona(
        "security department",
        "Siv Holm",
        "siv.holm@demo.example",
        (("security", "sakerhetsavdelningen"), ("auditor", "sakerhetsavdelningen")),
    ),
    Persona(
        "actor",
        "Amina Dahl",
        "amina.dahl@demo.example",
        (
            ("actor", "norrkopings-stadsmuseum"),
            ("organisation_administrator", "norrkopings-stadsmuseum"),
        ),
    ),
    Persona("resident", "Riku Salo", "riku.salo@demo.example"),
    Persona(
        "operator", "Olle Norén", "olle.noren@demo.example", (("operator", "norrkopings-kommun"),)
    ),
)


def personas() -> Iterator[tuple[Persona, Person | None]]:
    """Every persona in order, and the person: None where the account was taken away."""
    emails = [persona.email for persona in PERSONAS]
    people = {each.email: each for each in Person.objects.filter(email__in=emails, is_active=True)}
    return ((persona, people.get(persona.email)) for persona in PERSONAS)


def was_erased(public_id: UUID) -> bool:
    """Whether an id is that of someone whose account was taken away, in this very city."""
    email = Person.objects.filter(public_id=public_id).values_list("email", flat=True).first()
    return email is not None and is_former(email)
