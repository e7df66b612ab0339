"""Files that wait between preview and confirmation. They are no part of the city's data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kraftsamling.kit.actor import Actor
from kraftsamling.places.models import ImportDraft

KEPT = timedelta(days=1)


def keep_draft(
    data: bytes,
    *,
    kind: str,
    file_name: str,
    by: Actor,
    at: datetime,
    choices: Mapping[str, Any] | None = None,
) -> ImportDraft:
    """Put a file aside for its preview; those older than a day are thrown away."""
    with transaction.atomic():
        discard_old_drafts(at=at)
        return ImportDraft.objects.create(
            kind=kind,
            file_name=file_name[:200],
            content=data,
            choices=dict(choices or {}),
            uploaded_by=by.id,
            uploaded_at=at,
        )


def choose(draft: ImportDraft, *, choices: Mapping[str, Any]) -> None:
    """Remember how the file is to be read."""
    draft.choices = dict(choices)
    draft.save(update_fields=("choices",))


def discard_draft(draft: ImportDraft) -> None:
    """Throw a file away: it was imported, or nobody wants it."""
    draft.delete()


def discard_old_drafts(*, at: datetime) -> int:
    """Throw away files that nobody confirmed within a day; how many is returned."""
    return ImportDraft.objects.filter(uploaded_at__lt=at - KEPT).delete()[0]
