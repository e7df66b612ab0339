"""The history: rows that are added and never changed."""

from typing import Any, NoReturn

from django.db import models

_NEVER_CHANGED = "Entries of the trail are never changed: record a new one."
_NEVER_DELETED = "Entries of the trail are never deleted: see trail.actions.erase_content."


class AppendOnly(models.QuerySet[Any]):
    """History is appended to; what looks like a correction is a new entry."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(_NEVER_CHANGED)

    def delete(self) -> NoReturn:
        raise TypeError(_NEVER_DELETED)

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise TypeError(_NEVER_DELETED)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(_NEVER_CHANGED)

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries of the trail are linked one by one: trail.actions.record.")


class AppendOnlyRow(models.Model):
    """A row that is written once. The database's own rights are the second wall: docs/trail.md."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(_NEVER_CHANGED)
        super().save(force_insert=True, using=kwargs.get("using"))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(_NEVER_DELETED)


class Entry(AppendOnlyRow):
    """One act: who, when, what, on which object. Its hash covers the entry before it.

    The changed values lie in `Content`, covered here by a salted digest: they can be erased when
    the law asks for it, and the chain still holds.
    """

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 ... without a gap")
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=12)
    actor_organisation = models.CharField(max_length=80, blank=True)
    act = models.CharField(max_length=80, help_text="room.action, such as places.change_place")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    content_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ("-number",)
        # Each ends with the number, so that every filter of the auditor reads newest first
        # straight from its index, and the newest entry of a type of object is one look-up.
        indexes = (
            models.Index(fields=("actor", "number"), name="trail_actor"),
            models.Index(fields=("actor_organisation", "number"), name="trail_organisation"),
            models.Index(fields=("object_type", "number"), name="trail_object_type"),
            models.Index(fields=("object_id", "number"), name="trail_object_id"),
            models.Index(fields=("act", "number"), name="trail_act"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.object_type}:{self.object_id}"


class Content(AppendOnlyRow):
    """What an entry changed, as canonical JSON text; empty once erased."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    salt = models.CharField(max_length=32)
    text = models.TextField(help_text="canonical JSON: before, after, reason")
    erased_at = models.DateTimeField(null=True)

    objects = AppendOnly.as_manager()

    def __str__(self) -> str:
        return f"content of {self.entry_id}"
