from datetime import UTC, datetime

import pytest

from kraftsamling.kit.actor import system_actor
from kraftsamling.places import actions
from kraftsamling.places.imports.report import ImportRefused

AT = datetime(2026, 5, 20, 9, tzinfo=UTC)
BY = system_actor("tests")


@pytest.fixture
def read_in(db):
    """`read_in("places", data)`: the report, whether the file was taken or refused."""

    def run(what: str, data: bytes, **options):
        try:
            return getattr(actions, f"import_{what}")(
                data, file_name=f"{what}.csv", by=BY, at=AT, **options
            )
        except ImportRefused as refused:
            return refused.report

    return run
