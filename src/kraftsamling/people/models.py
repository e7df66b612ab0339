"""Organisations and the people in them."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.fields import TextsField
from kraftsamling.kit.languages import SOURCE_LANGUAGE
from kraftsamling.people.kinds import OrganisationKind as OrganisationKind
from kraftsamling.people.permissions import Reach


class Network(models.Model):
    """Organisations that act together without being one, such as the interreligious network."""

    slug = models.SlugField(max_length=80, unique=True)
    name = TextsField(max_text_length=200)
    description = TextsField(max_text_length=2000)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return str(self.name)


class Organisation(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=24, choices=OrganisationKind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = TextsField(max_text_length=200)
    description = TextsField(max_text_length=2000)
    logo = models.ImageField(upload_to="logos/", blank=True)
    contact_function = models.CharField(
        max_length=200, blank=True, help_text="a function, not a person: 'Växeln', 'Kundtjänst'"
    )
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(max_length=300, blank=True)
    networks = models.ManyToManyField(Network, blank=True, related_name="organisations")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="organisation_is_not_its_own_parent",
            ),
        )

    def __str__(self) -> str:
        return str(self.name) or self.slug


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone who can sign in. What they may do follows from their memberships alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default=SOURCE_LANGUAGE)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="person_email_once"),)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def as_actor(self) -> Actor:
        return Actor(id=str(self.public_id), kind="person")


class Role(models.Model):
    """A named set of permissions. Cities name and fill them; code never asks for a role."""

    code = models.SlugField(max_length=40, unique=True)
    name = TextsField(max_text_length=80)
    description = TextsField(max_text_length=500)
    permissions = models.JSONField(default=list)
    offered = models.JSONField(
        default=list, blank=True, help_text="what the software has put into a standard role so far"
    )
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.OWN)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return str(self.name)


class Membership(models.Model):
    """A person's role in an organisation, from a day until a day (half-open).

    A substitute's membership carries the role of the one it stands in for, with an end of its own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    substitute_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutes"
    )

    class Meta:
        ordering = ("organisation_id", "person_id", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}"


class Invitation(models.Model):
    """An offer to join an organisation, by a link that works once.

    The link is not kept: it is signed anew from `public_id` and `issue` (see links.py). A renewed
    invitation counts `issue` up, and the link mailed before is dead.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.PositiveSmallIntegerField(default=1)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=8, default=SOURCE_LANGUAGE)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    membership_until = models.DateField(null=True, blank=True)
    substitute_for = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-invited_at",)

    def __str__(self) -> str:
        return f"invitation to {self.organisation_id}"


class Token(models.Model):
    """A program's key, owned by an organisation. Only its hash is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=120, blank=True)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.prefix

    @property
    def as_actor(self) -> Actor:
        return Actor(id=f"token:{self.prefix}", kind="token", organisation=self.organisation.slug)
