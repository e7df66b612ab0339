"""How long the chain takes to check, and an act to record.

    python bench/trail_verify.py [--entries 100000] [--runs 5]

Writes a history of its own into the configured database, which must be empty: give it one with
KRAFTSAMLING_DATA_DIR or KRAFTSAMLING_DATABASE_URL. Prints a table and one line of JSON.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kraftsamling.project.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from kraftsamling.kit.actor import Actor  # noqa: E402
from kraftsamling.trail.actions import record  # noqa: E402
from kraftsamling.trail.models import Entry  # noqa: E402
from kraftsamling.trail.queries import verify  # noqa: E402

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ACTOR = Actor(id="6c1f3f0e-5a7b-4c55-9a54-0d6d1d0c8a11", kind="person", organisation="polisen")


def write_history(entries: int, *, per_transaction: int = 1000) -> float:
    """CPU seconds for one act, many acts in a transaction so that the disk stays out of it."""
    began = time.process_time()
    for first in range(0, entries, per_transaction):
        with transaction.atomic():
            for number in range(first, min(first + per_transaction, entries)):
                record(
                    act="places.change_place",
                    by=ACTOR,
                    at=BEGIN + timedelta(seconds=number, microseconds=number % 7),
                    on=("place", f"plats-{number % 5000}"),
                    before={"name": {"sv": f"Plats {number}"}, "address": "Storgatan 1"},
                    after={"name": {"sv": f"Plats {number} ny"}, "address": "Storgatan 2"},
                    reason="ny skylt",
                )
    return (time.process_time() - began) / entries


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    call_command("migrate", "trail", verbosity=0)
    present = Entry.objects.count()
    if present not in (0, options.entries):
        print(f"The database holds {present} entries: give an empty one.", file=sys.stderr)
        return 1
    per_record = write_history(options.entries) if not present else None
    seconds, cpu_seconds = [], []
    for _ in range(options.runs):
        began, cpu_began = time.perf_counter(), time.process_time()
        outcome = verify()
        seconds.append(time.perf_counter() - began)
        cpu_seconds.append(time.process_time() - cpu_began)
        assert outcome.is_whole, outcome.why
        assert outcome.checked == options.entries
    median, cpu_median = statistics.median(seconds), statistics.median(cpu_seconds)
    result = {
        "database": connection.vendor,
        "entries": options.entries,
        "runs": options.runs,
        "verify_seconds": round(median, 3),
        "verify_cpu_seconds": round(cpu_median, 3),
        "verify_cpu_microseconds_per_entry": round(cpu_median / options.entries * 1e6, 2),
        "record_cpu_milliseconds": round(per_record * 1e3, 3) if per_record else None,
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": os.getloadavg()[0],
    }
    for name, value in result.items():
        print(f"{name:32} {value}")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
