"""What works once works once also for those who come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from sesame.utils import get_token

from kraftsamling.people import actions
from kraftsamling.people.models import Membership, Person
from kraftsamling.people.refusals import Refusal
from tests import factories as make
from tests.rooms.people.stage import SYSTEM, administrator_of, membership_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
AT_ONCE = 4


def at_the_same_moment(act, count: int = AT_ONCE) -> list:
    """What each of several threads got from `act(number)`."""
    start = Barrier(count)

    def run(number: int):
        try:
            start.wait(timeout=20)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_sign_in_link_signs_in_one_of_those_who_press_at_once():
    link = reverse("account:link-open", args=[get_token(make.PersonFactory())])
    answers = at_the_same_moment(lambda _number: Client().post(link).status_code)
    assert sorted(answers) == [302, *[410] * (AT_ONCE - 1)]


def test_an_invitation_is_accepted_by_one_of_those_who_answer_at_once():
    at = datetime.now(UTC)
    invitation = make.InvitationFactory(expires_at=at + timedelta(days=1))

    def accept(number: int) -> bool:
        try:
            actions.accept_invitation(invitation.public_id, issue=1, name=f"Nr {number}", at=at)
        except Refusal:
            return False
        return True

    assert sum(at_the_same_moment(accept)) == 1
    assert Person.objects.filter(email=invitation.email).count() == 1
    assert Membership.objects.filter(organisation=invitation.organisation).count() == 1


def test_two_administrators_cannot_remove_each_other_at_once():
    organisation = make.OrganisationFactory()
    memberships = [membership_of(administrator_of(organisation)) for _each in range(2)]

    def end(number: int) -> bool:
        try:
            actions.end_membership(memberships[number], by=SYSTEM, at=datetime.now(UTC))
        except Refusal:
            return False
        return True

    assert sum(at_the_same_moment(end, 2)) == 1
