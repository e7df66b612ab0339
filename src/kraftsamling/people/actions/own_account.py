"""One's own account: taken along, and taken away (GDPR, articles 15, 17 and 20)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import CASCADE, Q
from django.utils import timezone

from kraftsamling.kit.actor import Actor
from kraftsamling.kit.events import announce
from kraftsamling.kit.languages import SOURCE_LANGUAGE
from kraftsamling.people.actions.memberships import end_at_once, refuse_if_last_administrator
from kraftsamling.people.events import AccountErased
from kraftsamling.people.former import NAME, address_of_former, is_former
from kraftsamling.people.models import Invitation, Membership, Organisation, Person
from kraftsamling.people.refusals import NotAllowed
from kraftsamling.trail.actions import erase_content, record
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import EntryFilter, change_of, entries

# Stands in the history, which is kept in the administration's own language.
REASON = "Den som hade kontot tog bort det (dataskyddsförordningen, artikel 17)."


def record_own_export(person: Person, *, by: Actor, at: datetime) -> None:
    """Record that someone took along all that is held about them: themselves, or the software on
    an operator's behalf."""
    if by.kind != "system":
        _require_self(person, by)
    with transaction.atomic():
        record(act="people.export_own_data", by=by, at=at, on=_name(person))


def erase_own_account(
    person: Person, *, by: Actor, at: datetime, even_if_last: bool = False
) -> None:
    """Take one's account away for good: what says who the person is goes, what they did stays.

    Memberships end today, with those of their substitutes. Name, address, language, ways to sign
    in and open invitations are erased, and so are the contents of history that hold a name or an
    address of theirs; every erased content is itself an entry, so the chain still holds. Raises
    LastAdministrator as ending the memberships would, unless `even_if_last`. Twice is once.
    """
    _require_self(person, by)
    today = timezone.localdate(at)
    with transaction.atomic():
        current = Person.objects.select_for_update().get(pk=person.pk)
        if is_former(current.email):
            return
        was = AccountErased(current.public_id, current.email, current.language)
        words = _words_for(current)
        _end_memberships(current, today, by=by, at=at, even_if_last=even_if_last)
        invitations = _close_invitations(current, words, at=at)
        _erase_sign_in(current)
        _make_former(current)
        record(
            act="people.erase_own_account", by=by, at=at, on=_name(current),
            before={"is_active": True}, after={"is_active": False},
        )  # fmt: skip
        for entry in _entries_with(words, _objects_of(current, invitations)):
            erase_content(entry=entry, by=by, at=at, reason=REASON)
        announce(was)


def _words_for(person: Person) -> set[str]:
    """The names and addresses the person has had here, as history and the row itself tell."""
    found = {person.name, person.email}
    for entry in entries(EntryFilter(object_type="person", object_id=str(person.public_id))):
        change = change_of(entry)
        for values in (change.before, change.after):
            found |= {str(values[key]) for key in ("name", "email") if values.get(key)}
    return {word.casefold() for word in found if word.strip()}


def _end_memberships(
    person: Person, today: date, *, by: Actor, at: datetime, even_if_last: bool
) -> None:
    running = Q(valid_until=None) | Q(valid_until__gt=today)
    held = list(
        Membership.objects.filter(running, person=person)
        .select_related("person", "organisation", "role", "substitute_for")
        .order_by("organisation_id", "id")
    )
    for membership in held if not even_if_last else ():
        Organisation.objects.select_for_update().get(pk=membership.organisation_id)
        refuse_if_last_administrator(membership, from_day=today)
    for membership in held:
        for each in (*membership.substitutes.filter(running), membership):
            end_at_once(each, today, by=by, at=at, reason="")


def _close_invitations(person: Person, words: set[str], *, at: datetime) -> list[Invitation]:
    """Those that the person got: open ones are dead, and none says to whom it was sent."""
    mine = Q(accepted_by=person)
    for word in words:
        mine |= Q(email__iexact=word)
    found = list(Invitation.objects.filter(mine))
    for invitation in found:
        invitation.email = address_of_former(person.public_id)
        if invitation.accepted_at is None and invitation.withdrawn_at is None:
            invitation.withdrawn_at = at
        invitation.save(update_fields=["email", "withdrawn_at"])
    return found


def _erase_sign_in(person: Person) -> None:
    """Whatever the sign-in libraries keep about someone hangs on the row by a cascade."""
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is CASCADE and model._meta.app_label != Person._meta.app_label:
            model._default_manager.filter(**{relation.field.name: person}).delete()


def _make_former(person: Person) -> None:
    person.name, person.email = NAME, address_of_former(person.public_id)
    person.language, person.is_active = SOURCE_LANGUAGE, False
    person.joined_at = person.last_login = None
    person.set_unusable_password()  # a session holds a digest of it: every session is dead
    person.save()


def _objects_of(person: Person, invitations: Iterable[Invitation]) -> Iterator[tuple[str, str]]:
    yield _name(person)
    for membership in Membership.objects.filter(person=person):
        yield ("membership", str(membership.public_id))
    for invitation in invitations:
        yield ("invitation", str(invitation.public_id))


def _entries_with(words: set[str], objects: Iterable[tuple[str, str]]) -> Iterator[Entry]:
    """Entries about some objects whose content still says a name or an address."""
    for object_type, object_id in objects:
        for entry in entries(EntryFilter(object_type=object_type, object_id=object_id)):
            text = entry.content.text.casefold()
            if any(word in text for word in words):
                yield entry


def _require_self(person: Person, by: Actor) -> None:
    if by.id != str(person.public_id):
        raise NotAllowed


def _name(person: Person) -> tuple[str, str]:
    return ("person", str(person.public_id))
