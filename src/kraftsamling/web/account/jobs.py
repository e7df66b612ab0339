"""Jobs of the sign-in pages."""

from uuid import UUID

from django_tasks import task

from kraftsamling.people.access import person_by_id, person_for_signing_in
from kraftsamling.web.account.mail import send_new_address_link, send_sign_in_link


@task()
def mail_sign_in_link(*, email: str, next_path: str) -> None:
    """Mail a sign-in link, if somebody signs in with the address.

    The page asks for this job whatever the address: what it answers, and how fast, tells nothing
    about who has an account.
    """
    person = person_for_signing_in(email)
    if person is not None:
        send_sign_in_link(person, next_path=next_path)


@task()
def mail_new_address_link(*, email: str, person: str) -> None:
    """Mail the link that proves a new address, unless somebody has that address already."""
    owner = person_by_id(UUID(person))
    if owner is not None and person_for_signing_in(email) is None:
        send_new_address_link(owner, email)
