"""Organisations and networks, as the public knows them: no persons."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from kraftsamling.api.freshness import etag_of, unless_fresh
from kraftsamling.api.pagination import PageOf, Paging, page_of
from kraftsamling.api.security import any_token, requires
from kraftsamling.api.texts import (
    Language,
    LocalisedText,
    localised,
    mark_language,
    wanted_language,
)
from kraftsamling.people import access, queries
from kraftsamling.people.kinds import OrganisationKind
from kraftsamling.people.permissions import Scope

if TYPE_CHECKING:
    from kraftsamling.people.models import Organisation

router = Router(tags=["organisations"])
_MADE_FROM = ("organisation", "network")


class Contact(Schema):
    """How to reach an organisation: a function, not a person."""

    function: str = Field(examples=["Kundtjänst"])
    email: str
    phone: str


class OrganisationOut(Schema):
    """An organisation. What it has not told is an empty text or null."""

    slug: str = Field(examples=["hyresbostader"], description="Its lasting name in addresses.")
    kind: OrganisationKind
    name: LocalisedText
    description: LocalisedText
    parent: str | None = Field(description="Slug of the organisation that it is a part of.")
    networks: list[str] = Field(description="Slugs of the networks that it acts in.")
    contact: Contact
    website: str
    logo: str | None = Field(description="Address of its logo.")


class NetworkOut(Schema):
    """Organisations that act together without being one."""

    slug: str = Field(examples=["interreligiosa-natverket"])
    name: LocalisedText
    description: LocalisedText
    organisation_count: int


class TokenOut(Schema):
    """The token that asks, and what it may do."""

    prefix: str = Field(description="The first part of the token: names it without opening.")
    label: str
    organisation: str = Field(description="Slug of the organisation that owns it.")
    scopes: list[Scope]
    expires_at: datetime | None


class OrganisationQuery(Schema):
    kind: OrganisationKind | None = Field(default=None, description="Only this kind.")
    network: str = Field(
        default="", max_length=80, pattern=r"^[-a-z0-9_]*$", description="Only in this network."
    )
    text: str = Field(
        default="",
        max_length=100,
        description="Looked for in the names, in all their languages.",
    )


@router.get(
    "/organisations",
    response=PageOf[OrganisationOut],
    auth=requires(Scope.ORGANISATIONS_READ),
    summary="List organisations",
)
def list_organisations(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Query[OrganisationQuery],
    paging: Paging,
    language: Language,
) -> Any:
    """The active organisations, by slug."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)

    def make() -> dict[str, Any]:
        narrowed = {"kind": wanted.kind or "", "network": wanted.network}
        found = (
            queries.active_organisations(text=wanted.text, **narrowed)
            if wanted.text
            else queries.active_organisations_by_slug(**narrowed)
        )
        return page_of(
            found, key="slug", request=request, response=response, paging=paging,
            to_item=lambda each: _organisation_out(request, each, shown_in),
            prepare=lambda rows: prefetch_related_objects(rows, "networks"),
        )  # fmt: skip

    etag = etag_of(request, object_types=_MADE_FROM, also=shown_in)
    return unless_fresh(request, response, etag, make)


@router.get(
    "/organisations/{slug:slug}",
    response=OrganisationOut,
    auth=requires(Scope.ORGANISATIONS_READ),
    summary="Show an organisation",
)
def show_organisation(
    request: HttpRequest, response: HttpResponse, slug: str, language: Language
) -> Any:
    """One active organisation."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)
    organisation = access.organisation_for_everyone(slug)
    etag = etag_of(request, object_types=_MADE_FROM, also=shown_in)
    return unless_fresh(
        request, response, etag, lambda: _organisation_out(request, organisation, shown_in)
    )


@router.get(
    "/networks",
    response=PageOf[NetworkOut],
    auth=requires(Scope.ORGANISATIONS_READ),
    summary="List networks",
)
def list_networks(
    request: HttpRequest, response: HttpResponse, paging: Paging, language: Language
) -> Any:
    """All networks, by slug."""
    shown_in = wanted_language(request, language)
    mark_language(response, shown_in)

    def make() -> dict[str, Any]:
        return page_of(
            queries.networks(), key="slug", request=request, response=response, paging=paging,
            to_item=lambda each: NetworkOut(
                slug=each.slug,
                name=localised(each.name, shown_in),
                description=localised(each.description, shown_in),
                organisation_count=vars(each)["organisation_count"],  # annotated by the query
            ),
        )  # fmt: skip

    etag = etag_of(request, object_types=_MADE_FROM, also=shown_in)
    return unless_fresh(request, response, etag, make)


@router.get("/me", response=TokenOut, auth=any_token(), summary="Show the token that asks")
def show_token(request: HttpRequest) -> TokenOut:
    """Which token this is, whose, and what it may do: try a new token here."""
    token = request.auth  # type: ignore[attr-defined]
    return TokenOut(
        prefix=token.prefix,
        label=token.label,
        organisation=token.organisation.slug,
        scopes=token.scopes,
        expires_at=token.expires_at,
    )


def _organisation_out(
    request: HttpRequest, organisation: "Organisation", language: str
) -> OrganisationOut:
    parent = organisation.parent
    return OrganisationOut(
        slug=organisation.slug,
        kind=OrganisationKind(organisation.kind),
        name=localised(organisation.name, language),
        description=localised(organisation.description, language),
        parent=parent.slug if parent is not None and parent.is_active else None,
        networks=sorted(network.slug for network in organisation.networks.all()),
        contact=Contact(
            function=organisation.contact_function,
            email=organisation.contact_email,
            phone=organisation.contact_phone,
        ),
        website=organisation.website,
        logo=request.build_absolute_uri(organisation.logo.url) if organisation.logo else None,
    )
