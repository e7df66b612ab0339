"""How long an import of 10,000 places takes: reading, checking, areas, cells, trail, writing.

    python bench/import_places.py [--rows 10000] [--limit 10]

Runs on an SQLite database of its own in a temporary directory (synchronous=FULL, as in
production), or on the server that KRAFTSAMLING_TEST_DATABASE_URL names. Exits with 1 when the
import takes longer than the limit, in seconds.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds allowed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _configure(folder)
        return _measure(options.rows, options.limit)


def _configure(folder: str) -> None:
    os.environ["KRAFTSAMLING_SECRET_KEY"] = "only-for-the-benchmark-only-for-it"
    os.environ["KRAFTSAMLING_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "kraftsamling.project.settings"
    if url := os.environ.get("KRAFTSAMLING_TEST_DATABASE_URL"):
        os.environ["KRAFTSAMLING_DATABASE_URL"] = url
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _measure(rows: int, limit: float) -> int:
    from kraftsamling.kit.actor import system_actor
    from kraftsamling.places import actions

    by, at = system_actor("bench"), datetime.now(UTC)
    actions.import_areas(_grid_of_areas(), file_name="areas.geojson", by=by, at=at)
    data = _places(rows)
    seconds = {}
    for name, content in (
        ("first import", data),
        ("same file again", data),
        ("every row changed", data.replace(b"Gatan", b"Stigen")),
    ):
        start, cpu = time.perf_counter(), time.process_time()
        report = actions.import_places(content, file_name="places.csv", by=by, at=at)
        seconds[name] = time.perf_counter() - start
        cpu = time.process_time() - cpu
        print(
            f"{name:20} {seconds[name]:6.2f} s (CPU {cpu:5.2f} s)   rows {report.rows}"
            f"  created {report.created}  changed {report.changed}  unchanged {report.unchanged}"
        )
    slowest = max(seconds.values())
    print(f"slowest {slowest:.2f} s, limit {limit:.1f} s")
    return 0 if slowest <= limit else 1


def _grid_of_areas() -> bytes:
    """A municipality with 40 RegSO and 5 EST areas, as squares."""
    import json

    def square(code: str, kind: str, west: float, south: float, width: float, height: float):
        ring = [
            [west, south], [west + width, south], [west + width, south + height],
            [west, south + height], [west, south],
        ]  # fmt: skip
        return {
            "type": "Feature",
            "properties": {"code": code, "kind": kind, "name": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    features = [square("K", "municipality", 16.0, 58.5, 0.4, 0.2)]
    features += [
        square(f"R{i:02}", "regso", 16.0 + 0.05 * (i % 8), 58.5 + 0.04 * (i // 8), 0.05, 0.04)
        for i in range(40)
    ]
    features += [square(f"E{i}", "est", 16.0 + 0.08 * i, 58.5, 0.08, 0.2) for i in range(5)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _places(rows: int) -> bytes:
    chance = random.Random(20)
    kinds = ("bibliotek", "museum", "skola", "park", "torg", "fritidsgård", "idrott")
    lines = ["kortnamn;namn;namn en;slag;lat;lon;adress;stegfri;källa"]
    lines += [
        f"plats-{n};Plats nummer {n} på höjden;Place number {n};{chance.choice(kinds)};"
        f"{58.5 + chance.random() * 0.2:.6f};{16.0 + chance.random() * 0.4:.6f};"
        f"Gatan {n % 90 + 1};{chance.choice(('ja', 'nej', ''))};påhittad"
        for n in range(rows)
    ]
    return "\n".join(lines).encode()


if __name__ == "__main__":
    sys.exit(main())
