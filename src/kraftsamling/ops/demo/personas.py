"""The eight people a visitor of the demo can be. Their names are made up."""

from dataclasses import dataclass

from kraftsamling.people.links import demo_link
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

# Those who make the organisations look lived in; nobody signs in as them.
COLLEAGUES: tuple[Persona, ...] = (
    Persona(
        "administrator",
        "Hanna Vik",
        "hanna.vik@demo.example",
        (("organisation_administrator", "hyresbostader"),),
    ),
    Persona("police", "Per Lindal", "per.lindal@demo.example", (("member", "polisen"),)),
    Persona(
        "library",
        "Leila Åkerström",
        "leila.akerstrom@demo.example",
        (("actor", "stadsbiblioteket"), ("organisation_administrator", "stadsbiblioteket")),
    ),
    Persona(
        "youth worker",
        "Jonas Ryd",
        "jonas.ryd@demo.example",
        (("reporter", "fritidsgardarna"), ("organisation_administrator", "fritidsgardarna")),
    ),
    Persona("guard", "Tova Sand", "tova.sand@demo.example", (("reporter", "trygg-runda"),)),
)


def persona_links(base_url: str) -> list[tuple[str, str]]:
    """(persona, sign-in link) in the order of PERSONAS; the links hold as long as the key does."""
    emails = [persona.email for persona in PERSONAS]
    people = {person.email: person for person in Person.objects.filter(email__in=emails)}
    return [
        (persona.title, demo_link(people[persona.email], base_url))
        for persona in PERSONAS
        if persona.email in people
    ]
