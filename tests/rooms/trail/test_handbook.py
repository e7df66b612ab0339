"""The handbook's own twenty lines follow the chain in an exported file, without our program."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kraftsamling.kit.actor import system_actor
from kraftsamling.kit.texts import Texts
from kraftsamling.trail.actions import erase_content, record
from kraftsamling.trail.queries import EntryFilter, each_entry, head
from kraftsamling.web.desk.trail.files import to_file

HANDBOOK = Path(__file__).parents[3] / "docs/trail.md"
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
BY = system_actor("tests")


@pytest.fixture
def exported(db, tmp_path) -> Path:
    made = [
        record(act="places.change_place", by=BY, at=AT, on=("place", str(n)),
               after={"name": Texts.of(f"Ö {n}")}, reason="skäl")
        for n in range(5)
    ]  # fmt: skip
    erase_content(entry=made[2], by=BY, at=AT, reason="beslut")
    file = tmp_path / "historik.jsonl"
    file.write_text("".join(to_file(each_entry(EntryFilter(), up_to=6), "jsonl")), "utf-8")
    return file


def follow(file: Path) -> subprocess.CompletedProcess[str]:
    script = re.search(r"```python\n(import hashlib.*?)```", HANDBOOK.read_text("utf-8"), re.DOTALL)
    assert script is not None
    return subprocess.run(
        [sys.executable, "-c", script[1], str(file)], capture_output=True, text=True, check=False
    )


def test_they_come_to_the_same_head(exported):
    followed = follow(exported)
    assert followed.stderr == ""
    assert followed.stdout == f"6 entries, head {head()[1]}\n"


@pytest.mark.parametrize(
    ("name", "value"), [("actor", "system:other"), ("content", "{}"), ("number", 9)]
)
def test_they_stop_at_what_was_changed(exported, name, value):
    lines = [json.loads(line) for line in exported.read_text("utf-8").splitlines()]
    lines[3][name] = value
    exported.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert "AssertionError" in follow(exported).stderr
