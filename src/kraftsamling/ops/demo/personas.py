"""The sign-in links of the demo's personas, and the colleagues around them."""

from kraftsamling.people.demo import PERSONAS, Persona, personas
from kraftsamling.people.links import demo_link

__all__ = ["COLLEAGUES", "PERSONAS", "missing_personas", "persona_links"]

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
    return [(each.title, demo_link(person, base_url)) for each, person in personas() if person]


def missing_personas() -> list[str]:
    """The personas whose accounts somebody has erased."""
    return [each.title for each, person in personas() if person is None]
