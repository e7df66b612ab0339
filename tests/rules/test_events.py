"""News travels after commit, to everyone who listens, whatever happens to one of them."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from kraftsamling.kit import events
from kraftsamling.kit.events import announce, subscribe


@dataclass(frozen=True)
class Happened:
    what: str


@dataclass(frozen=True)
class SomethingElse:
    what: str


@pytest.fixture(autouse=True)
def own_subscribers(monkeypatch):
    monkeypatch.setattr(events, "_subscribers", events.defaultdict(list))


@pytest.fixture
def heard():
    return []


pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_heard_before_the_commit(heard):
    subscribe(Happened, heard.append)
    with transaction.atomic():
        announce(Happened("one"))
        assert heard == []
    assert heard == [Happened("one")]


def test_nothing_is_heard_of_what_was_undone(heard):
    subscribe(Happened, heard.append)
    with transaction.atomic():
        announce(Happened("one"))
        transaction.set_rollback(True)
    assert heard == []


def test_a_listener_hears_its_own_kind_of_news_alone(heard):
    subscribe(Happened, heard.append)
    with transaction.atomic():
        announce(SomethingElse("one"))
    assert heard == []


def test_a_listener_that_fails_stops_neither_the_next_nor_the_act(heard, caplog):
    def fail(event):
        raise RuntimeError("the listener broke")

    subscribe(Happened, fail)
    subscribe(Happened, heard.append)
    with transaction.atomic():
        announce(Happened("one"))
        announce(Happened("two"))
    assert heard == [Happened("one"), Happened("two")]
    assert "the listener broke" in caplog.text


def test_to_subscribe_twice_is_to_subscribe_once(heard):
    listener = heard.append
    subscribe(Happened, listener)
    subscribe(Happened, listener)
    with transaction.atomic():
        announce(Happened("one"))
    assert heard == [Happened("one")]


def test_news_come_in_the_order_they_were_told(heard):
    subscribe(Happened, heard.append)
    with transaction.atomic():
        for number in range(20):
            announce(Happened(str(number)))
    assert [event.what for event in heard] == [str(number) for number in range(20)]
