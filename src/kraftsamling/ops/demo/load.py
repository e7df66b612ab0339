"""Loads the demo city through the same actions that people use.

MUST run on an empty installation whose tables and standard roles are in place. It is not undone
half-way: whoever calls it throws a half-loaded city away.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kraftsamling.cycle.actions import form_group
from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.kit.actor import Actor
from kraftsamling.ops.demo.data_files import read_json, texts_in
from kraftsamling.ops.demo.personas import COLLEAGUES, PERSONAS, persona_links
from kraftsamling.ops.demo.places import load_places
from kraftsamling.people.actions import (
    create_network,
    create_organisation,
    give_role,
    join_network,
    register_person,
)
from kraftsamling.people.actions.organisations import OrganisationDetails
from kraftsamling.people.models import Organisation
from kraftsamling.people.queries import roles
from kraftsamling.places.models import Area

__all__ = ["PERSONAS", "load_demo_city", "persona_links"]

Progress = Callable[[str, int, int], None]


def load_demo_city(*, today: date, at: datetime, by: Actor, progress: Progress) -> None:
    """Fill an empty installation with Norrköping: organisations, people, places, groups.

    `progress(step, done, total)` is told as the rows go in. The letter's weekend is laid on the
    coming weekend, counted from `today`.
    """
    stage = _Stage(at=at, by=by, progress=progress)
    organisations = stage.load_organisations()
    stage.load_networks(organisations)
    stage.load_people(organisations)
    load_places(today=today, at=at, by=by, progress=progress)
    stage.load_groups(organisations)


@dataclass(frozen=True)
class _Stage:
    at: datetime
    by: Actor
    progress: Progress

    def load_organisations(self) -> dict[str, Organisation]:
        loaded: dict[str, Organisation] = {}
        for row in self._told("Organisations", read_json("organisations.json")["organisations"]):
            loaded[row["slug"]] = create_organisation(
                slug=row["slug"],
                details=OrganisationDetails(
                    name=texts_in(row, "name"),
                    kind=row["kind"],
                    description=texts_in(row, "description"),
                    parent=loaded[row["parent"]] if row["parent"] else None,
                ),
                by=self.by,
                at=self.at,
            )
        return loaded

    def load_networks(self, organisations: Mapping[str, Organisation]) -> None:
        for row in self._told("Networks", read_json("organisations.json")["networks"]):
            network = create_network(
                slug=row["slug"],
                name=texts_in(row, "name"),
                description=texts_in(row, "description"),
                by=self.by,
                at=self.at,
            )
            for slug in row["members"]:
                join_network(network, organisation=organisations[slug], by=self.by, at=self.at)

    def load_people(self, organisations: Mapping[str, Organisation]) -> None:
        role_by_code = {role.code: role for role in roles()}
        for persona in self._told("People", [*PERSONAS, *COLLEAGUES]):
            person = register_person(email=persona.email, name=persona.name, by=self.by, at=self.at)
            for code, slug in persona.roles:
                give_role(
                    person=person,
                    organisation=organisations[slug],
                    role=role_by_code[code],
                    by=self.by,
                    at=self.at,
                )

    def load_groups(self, organisations: Mapping[str, Organisation]) -> None:
        areas = {area.code: area for area in Area.objects.defer("geometry")}
        for row in self._told("EST groups", read_json("groups.json")["groups"]):
            form_group(
                slug=row["slug"],
                kind=GroupKind(row["kind"]),
                name=texts_in(row, "name"),
                areas=[areas[row["area"]]],
                members=[organisations[slug] for slug in row["members"]],
                convener=organisations[row["convener"]] if row["convener"] else None,
                by=self.by,
                at=self.at,
            )

    def _told(self, step: str, rows: list[Any]) -> Iterable[Any]:
        for done, row in enumerate(rows):
            self.progress(step, done, len(rows))
            yield row
        self.progress(step, len(rows), len(rows))
