"""The roles that a new installation starts with. A city renames, fills and adds to them."""

from dataclasses import dataclass

from kraftsamling.kit.texts import Texts
from kraftsamling.people.permissions import Permission, Reach


@dataclass(frozen=True)
class StandardRole:
    code: str
    name: Texts
    description: Texts
    permissions: tuple[Permission, ...]
    reach: Reach = Reach.OWN


STANDARD_ROLES: tuple[StandardRole, ...] = (
    StandardRole(
        "reporter",
        Texts.of("Rapportör", en="Reporter"),
        Texts.of(
            "Rapporterar det som händer på platser ute i staden.",
            en="Reports what happens at places in the city.",
        ),
        (Permission.GROUPS_READ,),
    ),
    StandardRole(
        "member",
        Texts.of("Gruppmedlem", en="Group member"),
        Texts.of(
            "Sitter med i en EST-grupp och tar hand om åtgärder.",
            en="Sits in an EST group and takes on measures.",
        ),
        (Permission.GROUPS_READ,),
    ),
    StandardRole(
        "actor",
        Texts.of("Aktör", en="Actor"),
        Texts.of(
            "Berättar vad organisationen gör, var och när.",
            en="Tells what the organisation does, where and when.",
        ),
        (Permission.PLACES_EDIT,),
    ),
    StandardRole(
        "organisation_administrator",
        Texts.of("Administratör för organisationen", en="Organisation administrator"),
        Texts.of(
            "Sköter organisationens uppgifter, personer och API-nycklar.",
            en="Looks after the organisation's details, people and tokens.",
        ),
        (
            Permission.ORGANISATION_EDIT,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_MANAGE,
            Permission.TOKENS_MANAGE,
            Permission.PLACES_EDIT,
            Permission.GROUPS_READ,
        ),
    ),
    StandardRole(
        "coordinator",
        Texts.of("Samordnare", en="Coordinator"),
        Texts.of(
            "Samlar rapporterna, skriver lägesbilden och leder mötet.",
            en="Gathers the reports, writes the picture and runs the meeting.",
        ),
        (
            Permission.GROUPS_READ,
            Permission.PEOPLE_READ,
            Permission.PLACES_EDIT,
            Permission.PLACES_IMPORT,
        ),
        Reach.CITY,
    ),
    StandardRole(
        "analyst",
        Texts.of("Analytiker", en="Analyst"),
        Texts.of(
            "Prövar mönster och följer upp åtgärder med statistik.",
            en="Tests patterns and follows up measures with statistics.",
        ),
        (Permission.GROUPS_READ,),
        Reach.CITY,
    ),
    StandardRole(
        "security",
        Texts.of("Säkerhetsavdelning", en="Security department"),
        Texts.of(
            "Håller samman arbetet i hela staden och bjuder in aktörer.",
            en="Holds the work of the whole city together and invites actors.",
        ),
        (
            Permission.ORGANISATIONS_CREATE,
            Permission.ORGANISATION_EDIT,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_MANAGE,
            Permission.TOKENS_MANAGE,
            Permission.PLACES_EDIT,
            Permission.PLACES_IMPORT,
            Permission.GROUPS_READ,
        ),
        Reach.CITY,
    ),
    StandardRole(
        "operator",
        Texts.of("Driftansvarig", en="Operator"),
        Texts.of(
            "Håller tjänsten i gång och kan ge alla roller.",
            en="Keeps the service running and can give every role.",
        ),
        tuple(Permission),
        Reach.CITY,
    ),
    StandardRole(
        "auditor",
        Texts.of("Granskare", en="Auditor"),
        Texts.of(
            "Läser historiken: vem som gjorde vad, när och varför.",
            en="Reads the history: who did what, when and why.",
        ),
        (Permission.TRAIL_READ,),
        Reach.CITY,
    ),
)
