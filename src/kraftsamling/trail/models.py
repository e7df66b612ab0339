"""The history: rows that are added and never changed."""

from typing import Any, NoReturn

from django.db import models


class AppendOnly(models.QuerySet[Any]):
    """History is appended to; what looks like a correction is a new entry."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Entries of the trail are never updated: record a new one.")

    def delete(self) -> NoReturn:
        raise TypeError("Entries of the trail are never deleted: trail.actions.erase_content.")


class Entry(models.Model):
    """One act: who, when, what, on which object. Its hash covers the entry before it.

    The changed values lie in `Content`, covered here by a salted digest: they can be erased when
    the law asks for it, and the chain still holds.
    """

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 ... without a gap")
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=80, db_index=True)
    actor_kind = models.CharField(max_length=12)
    actor_organisation = models.CharField(max_length=80, blank=True)
    act = models.CharField(max_length=80, help_text="room.action, such as places.change_place")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    content_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("object_type", "object_id", "number"), name="trail_object"),
            models.Index(fields=("act", "number"), name="trail_act"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.object_type}:{self.object_id}"


class Content(models.Model):
    """What an entry changed, as canonical JSON text; empty once erased."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    salt = models.CharField(max_length=32)
    text = models.TextField(help_text="canonical JSON: before, after, reason")
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"content of {self.entry_id}"
