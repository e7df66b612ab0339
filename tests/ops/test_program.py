"""The program as an operator types it: what it prints, and the code it ends with."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.db import connection

from kraftsamling.kit.actor import system_actor
from kraftsamling.operation import actions
from kraftsamling.ops.console import WrongUse, progress_bars
from kraftsamling.ops.program import main
from kraftsamling.ops.server import claim_port
from kraftsamling.people.models import Organisation
from tests.factories import OrganisationFactory, sv
from tests.ops.conftest import PATIENCE, ROOT

# Where Python keeps its bytecode holds for every program, however bare its surroundings.
PYTHON_SETTINGS = {key: value for key, value in os.environ.items() if key.startswith("PYTHON")}


def all_paths(group, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if hasattr(command, "commands"):
            yield from all_paths(command, (*path, name))


@pytest.mark.parametrize("path", list(all_paths(main)), ids=" ".join)
def test_every_command_explains_itself(path):
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    lines = [line.strip() for line in result.output.splitlines() if line.strip()]
    assert lines[0].startswith("Usage:")
    assert lines[1].endswith((".", ":")) or len(lines[1]) > 30, "no first sentence"


def test_help_does_not_wait_for_the_rooms():
    code = (
        "import sys; from kraftsamling.ops.program import main\n"
        "heavy = {'django', 'rich', 'pydantic', 'granian', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'imported at start: {heavy}' if heavy else 0)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert finished.returncode == 0, finished.stderr


def test_an_unknown_command_is_wrong_use():
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2


def test_missing_and_unknown_settings_are_named_in_one_block(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-m", "kraftsamling.ops.program", "check"],
        env={"PATH": "/usr/bin:/bin", "KRAFTSAMLING_SECRET": "x", "KRAFTSAMLING_WORKERS": "many",
             **PYTHON_SETTINGS},
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert finished.returncode == 2
    assert "KRAFTSAMLING_SECRET_KEY is missing" in finished.stderr
    assert "KRAFTSAMLING_SECRET: there is no such setting" in finished.stderr
    assert "KRAFTSAMLING_WORKERS: " in finished.stderr
    assert "Traceback" not in finished.stderr
    assert finished.stdout == ""


def test_a_busy_port_is_said_in_one_line_with_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WrongUse) as refused:
            claim_port("127.0.0.1", port, remedy="PORT=8123 make demo")
    assert refused.value.exit_code == 2
    assert refused.value.message == f"Port {port} is in use. Try: PORT=8123 make demo"


def test_a_demo_on_a_busy_port_leaves_nothing_behind(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        folder = tmp_path / "var"
        arguments = ["demo", "--port", str(taken.getsockname()[1]), "--data-dir", str(folder)]
        result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "make demo" in result.output
    assert not folder.exists()


def test_an_installation_that_was_never_migrated_is_a_problem_that_names_the_remedy(
    installation, tmp_path
):
    installation.data_dir = tmp_path / "empty"
    installation.data_dir.mkdir()
    found = installation.json("check", code=1)
    assert not found["is_well"]
    texts = {finding["code"]: finding["text"] for finding in found["findings"]}
    assert texts["migrations.waiting"].endswith("Run: kraftsamling migrate")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused = installation.run("serve", "--port", str(port), code=2)
    assert refused.stderr.strip().endswith("Run: kraftsamling migrate")


def test_a_migrated_installation_is_well_with_warnings(installation):
    found = installation.json("check")
    assert found["is_well"]
    states = {finding["code"]: finding["state"] for finding in found["findings"]}
    assert states["migrations.applied"] == "good"
    assert states["durability.safe"] == "good"
    assert states["queue.no_worker"] == states["backup.none"] == "warning"
    assert states["mail.to_files"] == "warning"
    human = installation.run("check").stdout
    assert "Run: kraftsamling backup FILE" in human


def test_migrating_again_changes_nothing(installation):
    assert installation.json("migrate") == {"migrations_applied": 0}


def test_a_database_that_does_not_answer_is_a_problem_without_a_traceback(installation):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    installation.database_url = f"postgresql://nobody@127.0.0.1:{port}/nothing"
    found = installation.json("check", code=1)
    assert "database.silent" in {finding["code"] for finding in found["findings"]}
    assert "kraftsamling check" in installation.run("migrate", code=2).stderr


# --- Tokens ----------------------------------------------------------------------------------


class Program:
    """The program in this process, on the test's own database: no start to wait for."""

    def run(self, *arguments: str, code: int = 0):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    def json(self, *arguments: str, code: int = 0):
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def city(db):
    OrganisationFactory(slug="hyresbostader", name=sv("Hyresbostäder"))
    actions.note_backup(
        file_name="first", size=1, trail_count=0, trail_head="", by=system_actor("tests"),
        at=datetime.now(UTC),
    )  # fmt: skip
    return Program()


def test_the_whole_way_by_the_program_itself(installation, tmp_path):
    """Each command once as its own process: what the tests below do in this one."""
    run = installation.run
    run("import", "areas", str(ROOT / "src/kraftsamling/ops/demo/data/areas.geojson"))
    run("export", "areas", str(tmp_path / "areas.geojson"))
    run("jobs", "list")
    run("jobs", "retry", "--all")
    run("token", "list")
    run("token", "revoke", "nothing", code=1)
    head = installation.json("trail", "verify")["head"]
    assert head in run("trail", "verify", "--head", head).stdout
    run("trail", "export", str(tmp_path / "trail.csv"))
    assert "broken" in run("trail", "verify", "--head", "0" * 63 + "1", code=1).stdout


def test_a_key_is_printed_once_and_alone(city):
    made = city.run(
        "token", "create", "--organisation", "hyresbostader", "--scope", "places:read",
        "--scope", "reports:write", "--label", "Felanmälan",
    )  # fmt: skip
    text = made.stdout.strip()
    assert len(text.split()) == 1
    assert len(text) > 40
    assert text not in made.stderr
    (listed,) = city.json("token", "list")
    assert listed["scopes"] == ["places:read", "reports:write"]
    assert listed["state"] == "valid"
    assert text not in json.dumps(listed)
    city.run("token", "revoke", listed["prefix"])
    assert city.json("token", "list", "--organisation", "hyresbostader")[0]["state"] == "revoked"


def test_a_scope_or_an_organisation_that_there_is_not_is_named(city):
    asked = ("token", "create", "--organisation", "hyresbostader", "--scope", "everything")
    refused = city.run(*asked, code=2)
    assert "There is no scope everything" in refused.stderr
    assert "places:read" in refused.stderr
    refused = city.run("token", "create", "--organisation", "x", "--scope", "places:read", code=1)
    assert "There is no organisation x" in refused.stderr
    assert refused.stdout == ""


# --- The trail -------------------------------------------------------------------------------


def test_a_whole_trail_is_verified_and_its_head_printed(city):
    city.run("token", "create", "--organisation", "hyresbostader", "--scope", "places:read")
    proof = city.json("trail", "verify")
    assert proof["is_whole"]
    assert proof["count"] > 1
    count, head = str(proof["count"]), proof["head"]
    assert city.json("trail", "verify", "--count", count, "--head", head)["is_whole"]
    assert "whole" in city.run("trail", "verify").stdout


def test_the_first_broken_entry_is_named(city):
    city.run("token", "create", "--organisation", "hyresbostader", "--scope", "places:read")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_entry SET actor = 'x' WHERE number = 2")
    proof = city.json("trail", "verify", code=1)
    assert (proof["is_whole"], proof["broken_at"]) == (False, 2)
    assert "entry 2" in city.run("trail", "verify", code=1).stdout


def test_a_trail_that_was_cut_off_shows_when_its_head_was_noted(city):
    proof = city.json("trail", "verify")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_content WHERE entry_id = %s", [proof["count"]])
        cursor.execute("DELETE FROM trail_entry WHERE number = %s", [proof["count"]])
    assert city.json("trail", "verify")["is_whole"]
    noted = ("--count", str(proof["count"]), "--head", proof["head"])
    assert city.json("trail", "verify", *noted, code=1)["broken_at"] == proof["count"]


def test_the_trail_is_exported_with_its_proof_and_the_export_is_recorded(city, tmp_path):
    before = city.json("trail", "verify")["count"]
    file = tmp_path / "trail.jsonl"
    city.run("trail", "export", str(file))
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert {"salt", "content", "content_digest", "previous_hash", "hash"} <= set(rows[0])
    assert city.json("trail", "verify")["count"] == before + 1
    city.run("trail", "export", str(tmp_path / "trail.xlsx"))
    city.run("export", "trail", str(tmp_path / "trail.csv"))
    city.run("trail", "export", str(tmp_path / "trail.doc"), code=2)


def test_the_content_of_entries_is_erased_and_the_chain_holds(city):
    city.run("token", "create", "--organisation", "hyresbostader", "--scope", "places:read")
    erased = city.json("trail", "erase", "1", "2", "--reason", "Beslut 12/2026", "--yes")
    assert erased == {"erased": [1, 2], "reason": "Beslut 12/2026"}
    assert city.json("trail", "verify")["is_whole"]
    again = city.run("trail", "erase", "1", "--reason", "Beslut 12/2026", "--yes", code=1)
    assert "erased before" in again.stderr


def test_nothing_is_erased_without_a_yes_a_reason_and_every_entry(city):
    before = city.json("trail", "verify")["count"]
    asked = city.run("trail", "erase", "1", "--reason", "Beslut", code=1)
    assert "cannot be undone" in asked.stderr
    city.run("trail", "erase", "1", "--yes", code=2)
    city.run("trail", "erase", "1", "--reason", " ", "--yes", code=2)
    city.run("trail", "erase", "1", "--reason", "x" * 301, "--yes", code=2)
    missing = city.run("trail", "erase", "1", "999999", "--reason", "Beslut", "--yes", code=1)
    assert "There is no entry 999999" in missing.stderr
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trail_content WHERE erased_at IS NOT NULL")
        assert cursor.fetchone() == (0,)
    assert city.json("trail", "verify")["count"] == before


# --- The demo city, and progress -------------------------------------------------------------


def test_commands_act_on_a_demo_city_when_asked_and_say_how(tmp_path, sqlite_template):
    folder = tmp_path / "var"
    shutil.copytree(sqlite_template, folder)
    (folder / "demo.json").write_text('{"is_loaded": true}')
    (folder / "secret-key").write_text("a key that is used in tests and nowhere else")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "kraftsamling.ops.program", *arguments],
            env={"PATH": "/usr/bin:/bin", **PYTHON_SETTINGS}, cwd=tmp_path, capture_output=True,
            text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    without = run("trail", "verify")
    assert without.returncode == 2
    assert "For the demo city in var/: add --demo" in without.stderr
    assert "whole" in run("--demo", "trail", "verify").stdout
    found = json.loads(run("--demo-dir", "var", "check", "--json").stdout)
    assert {"mail.demo": "good"}.items() <= {
        each["code"]: each["state"] for each in found["findings"]
    }.items()
    nowhere = run("--demo-dir", "elsewhere", "trail", "verify")
    assert nowhere.returncode == 2
    assert "There is no demo city in elsewhere" in nowhere.stderr


def test_progress_is_told_at_each_quarter_where_there_is_no_terminal(capsys):
    with progress_bars() as progress:
        for done in range(41):
            progress("Static files", done, 40)
    assert capsys.readouterr().err.splitlines() == [
        "Static files ...",
        "Static files: 25 % (10 of 40)",
        "Static files: 50 % (20 of 40)",
        "Static files: 75 % (30 of 40)",
        "Static files: 100 % (40 of 40)",
    ]


# --- Import and export -----------------------------------------------------------------------

PLACES = (
    "slug;name_sv;kind;latitude;longitude;owner;step_free\n"
    "hageby-bibliotek;Hageby bibliotek;bibliotek;58.567;16.201;hyresbostader;ja\n"
    "skarptorp;Skarptorps park;park;58.60;16.15;;\n"
)


def test_a_file_is_tried_then_read_and_read_again_without_change(city, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(PLACES, "utf-8")
    tried = city.json("import", "places", str(file), "--dry-run")
    assert (tried["accepted"], tried["created"], tried["dry_run"]) == (True, 2, True)
    assert city.json("export", "places", str(tmp_path / "none.csv"))["count"] == 0
    assert city.json("import", "places", str(file))["created"] == 2
    again = city.json("import", "places", str(file))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_what_is_exported_is_read_again_without_change(city, tmp_path, ending):
    file = tmp_path / "places.csv"
    file.write_text(PLACES, "utf-8")
    city.run("import", "places", str(file))
    exported = tmp_path / f"exported.{ending}"
    assert city.json("export", "places", str(exported))["count"] == 2
    again = city.json("import", "places", str(exported))
    assert (again["accepted"], again["created"], again["changed"]) == (True, 0, 0)
    assert again["unchanged"] == 2


def test_areas_are_exported_as_they_were_read(city, tmp_path):
    demo = ROOT / "src/kraftsamling/ops/demo/data/areas.geojson"
    first = city.json("import", "areas", str(demo))
    assert first["accepted"], first["problems"][:3]
    exported = tmp_path / "areas.geojson"
    city.run("export", "areas", str(exported))
    again = city.json("import", "areas", str(exported))
    assert (again["created"], again["changed"]) == (0, 0)


def test_a_refused_file_writes_nothing_and_says_where_and_why(city, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(PLACES.replace("58.60;16.15", "NaN;16.15"), "utf-8")
    report = city.json("import", "places", str(file), code=1)
    assert not report["accepted"]
    (problem,) = [each for each in report["problems"] if each["severity"] == "error"]
    assert (problem["row"], problem["column"]) == (3, "latitude")
    assert problem["why"]
    assert problem["advice"]
    assert city.json("export", "places", str(tmp_path / "none.csv"))["count"] == 0


def test_a_mapping_names_the_columns(city, tmp_path):
    file = tmp_path / "places.csv"
    text = PLACES.replace("name_sv", "vad").replace("kind", "sort")
    file.write_text(text, "utf-8")
    told = city.run("import", "places", str(file), code=1).stdout
    assert "--mapping name_sv=" in told
    assert "needs name_sv, kind, latitude, longitude" in told
    fields = ("slug=slug", "name_sv=vad", "kind=sort", "latitude=latitude", "longitude=longitude")
    mapped = [part for field in fields for part in ("--mapping", field)]
    assert city.json("import", "places", str(file), *mapped)["created"] == 2
    city.run("import", "places", str(file), "--mapping", "nonsense", code=2)


def test_a_formula_leaves_the_house_as_text(city, tmp_path):
    Organisation.objects.update(name=sv("=HYPERLINK(1)"))
    city.run("export", "organisations", str(tmp_path / "o.csv"))
    assert "'=HYPERLINK(1)" in (tmp_path / "o.csv").read_text("utf-8-sig")
    city.run("export", "organisations", str(tmp_path / "o.xlsx"))
    book = zipfile.ZipFile(tmp_path / "o.xlsx")
    assert b"=HYPERLINK(1)" in book.read("xl/sharedStrings.xml")
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_places_know_no_other_endings(city, tmp_path):
    refused = city.run("export", "organisations", str(tmp_path / "o.geojson"), code=2)
    assert ".csv, .xlsx" in refused.stderr


def test_help_comes_at_once():
    fastest = min(_seconds_for_help() for _ in range(3))
    assert fastest < 1.5, "0.1 s on an idle machine; something heavy is imported at start"


def _seconds_for_help() -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "kraftsamling.ops.program", "--help"], check=True,
        capture_output=True, cwd=ROOT,
    )  # fmt: skip
    return time.perf_counter() - began
