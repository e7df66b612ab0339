"""Many writers at once still make one chain, on a database that is really shared."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection

WRITERS = 4
EACH = 25

# Half of the acts are undone after they were recorded: their links must not stay in the chain.
WRITE = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from django.db import transaction
from kraftsamling.kit.actor import system_actor
from kraftsamling.trail.actions import record
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count * 2):
    with transaction.atomic():
        record(act="tests.write", by=system_actor(name), at=datetime.now(UTC),
               on=("thing", f"{name}-{number}"), after={"number": number})
        transaction.set_rollback(number % 2 == 1)
"""

CHECK = """
import json, sys
import django
django.setup()
from kraftsamling.trail.models import Entry
from kraftsamling.trail.queries import verify
outcome = verify()
print(json.dumps([outcome.is_whole, outcome.checked, outcome.why,
                  sorted(Entry.objects.values_list("object_id", flat=True))]))
"""


@pytest.fixture
def environment(request):
    """The settings of processes that share a database: our PostgreSQL, or a file for SQLite."""
    environ = {name: value for name, value in os.environ.items() if "KRAFTSAMLING" not in name}
    source = Path(__file__).parents[3] / "src"
    environ |= {
        "KRAFTSAMLING_SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        "DJANGO_SETTINGS_MODULE": "kraftsamling.project.settings",
        "PYTHONPATH": str(source),
    }
    with tempfile.TemporaryDirectory() as folder:
        environ["KRAFTSAMLING_DATA_DIR"] = folder
        if connection.vendor == "postgresql":
            request.getfixturevalue("transactional_db")
            settings = connection.settings_dict
            environ["KRAFTSAMLING_DATABASE_URL"] = _url_of(settings)
        else:
            run([sys.executable, "-m", "django", "migrate", "trail", "-v0"], environ).wait()
        yield environ


def _url_of(settings: dict) -> str:
    from urllib.parse import quote

    login = quote(settings["USER"], safe="")
    if settings["PASSWORD"]:
        login += ":" + quote(settings["PASSWORD"], safe="")
    host = quote(settings["HOST"], safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{login}@{host}{port}/{settings['NAME']}"


def run(command: list[str], environ: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)


def test_writers_in_many_processes_make_one_chain(environment):
    import json

    writers = [
        run([sys.executable, "-c", WRITE, f"writer-{n}", str(EACH)], environment)
        for n in range(WRITERS)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * WRITERS
    checker = run([sys.executable, "-c", CHECK], environment)
    is_whole, checked, why, things = json.loads(checker.communicate(timeout=60)[0])
    assert (is_whole, why) == (True, "")
    assert checked == WRITERS * EACH
    assert things == sorted(
        f"writer-{n}-{number}" for n in range(WRITERS) for number in range(0, EACH * 2, 2)
    )
