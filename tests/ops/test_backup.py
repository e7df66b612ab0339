"""Backups are whole or refused, and a restore never loses what was there."""

import gzip
import os
import sqlite3
import stat
import tarfile

import pytest

from kraftsamling.ops.backup.archive import (
    BrokenBackupError,
    Manifest,
    read_through,
    writing,
)
from tests.ops.conftest import Installation

# --- The archive -----------------------------------------------------------------------------


def write_archive(target, files: dict[str, bytes]) -> None:
    folder = target.parent / "content"
    folder.mkdir(exist_ok=True)
    with writing(target) as archive:
        for number, (name, content) in enumerate(files.items()):
            path = folder / str(number)
            path.write_bytes(content)
            archive.add(name, path)
        archive.close_with(
            Manifest("2026-01-01T00:00:00+00:00", "1", "sqlite", 3, "ab", archive.members)
        )


@pytest.fixture
def archive(tmp_path):
    target = tmp_path / "a.tar.gz"
    write_archive(target, {"database.sqlite3": os.urandom(9000), "files/logo.png": b"logo"})
    return target


def test_an_archive_reads_back_as_it_was_written(archive, tmp_path):
    manifest = read_through(archive, into=tmp_path / "out")
    assert set(manifest.members) == {"database.sqlite3", "files/logo.png"}
    assert (tmp_path / "out/files/logo.png").read_bytes() == b"logo"
    assert (manifest.trail_count, manifest.trail_head) == (3, "ab")


def test_only_its_owner_may_read_an_archive(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_every_flipped_byte_is_noticed(archive):
    whole = archive.read_bytes()
    for position in range(12, len(whole), 97):
        broken = bytearray(whole)
        broken[position] ^= 0x20
        archive.write_bytes(bytes(broken))
        with pytest.raises(BrokenBackupError):
            read_through(archive)


def test_every_cut_is_noticed(archive):
    whole = archive.read_bytes()
    for length in range(0, len(whole) - 8, 501):
        archive.write_bytes(whole[:length])
        with pytest.raises(BrokenBackupError):
            read_through(archive)


def test_content_that_was_changed_within_an_intact_tar_is_noticed(archive):
    plain = gzip.decompress(archive.read_bytes())
    archive.write_bytes(gzip.compress(plain.replace(b"logo" + b"\0" * 20, b"evil" + b"\0" * 20)))
    with pytest.raises(BrokenBackupError, match=r"files/logo\.png has changed"):
        read_through(archive)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    target = tmp_path / "a.tar.gz"
    write_archive(target, {name: b"x"})
    with pytest.raises(BrokenBackupError):
        read_through(target, into=tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("evil"))


def test_a_link_is_refused(tmp_path):
    target = tmp_path / "a.tar.gz"
    with tarfile.open(target, "w:gz") as tar:
        link = tarfile.TarInfo("files/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BrokenBackupError, match="no part of it"):
        read_through(target)


def test_something_else_is_no_backup(tmp_path):
    target = tmp_path / "a.tar.gz"
    target.write_text("hello")
    with pytest.raises(BrokenBackupError):
        read_through(target)


def test_a_backup_that_fails_leaves_the_one_before(archive):
    before = archive.read_bytes()
    with pytest.raises(RuntimeError), writing(archive):
        raise RuntimeError
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


# --- The whole way ---------------------------------------------------------------------------


def fill(installation: Installation) -> None:
    installation.python(
        "from datetime import datetime, UTC\n"
        "from kraftsamling.people.actions import register_person\n"
        "from kraftsamling.kit.actor import system_actor\n"
        "for n in range(3):\n"
        "    register_person(email=f'p{n}@demo.example', name='Påhittad Person',"
        " by=system_actor('t'), at=datetime.now(UTC))"
    )
    logo = installation.data_dir / "files/logos/a.png"
    logo.parent.mkdir(parents=True, exist_ok=True)
    logo.write_bytes(b"a logo")


def people(installation: Installation) -> int:
    ((count,),) = installation.sql("SELECT count(*) FROM people_person")
    return count


def test_a_backup_is_restored_into_an_empty_place_and_over_later_changes(
    any_installation, tmp_path
):
    home = any_installation
    fill(home)
    file = tmp_path / "b.tar.gz"
    made = home.json("backup", str(file))
    assert (made["files"], made["trail_count"] > 3) == (1, True)
    assert "exists already" in home.run("backup", str(file), code=2).stderr
    home.sql("DELETE FROM people_person")
    (home.data_dir / "files/logos/a.png").write_bytes(b"another")
    assert "--replace" in home.run("restore", str(file), code=2).stderr
    assert people(home) == 0
    restored = home.json("restore", str(file), "--replace")
    assert people(home) == 3
    assert (home.data_dir / "files/logos/a.png").read_bytes() == b"a logo"
    assert restored["trail_count"] == made["trail_count"]
    if not home.database_url:
        assert len(restored["set_aside"]) == 2
    proof = home.json("trail", "verify", "--count", str(made["trail_count"]), "--head",
                      made["trail_head"])  # fmt: skip
    assert proof["is_whole"]
    assert home.json("migrate") == {"migrations_applied": 0}


def test_a_backup_with_a_forged_history_is_refused_and_nothing_is_touched(installation, tmp_path):
    fill(installation)
    installation.sql("UPDATE trail_entry SET actor = 'x' WHERE number = 2")
    file = tmp_path / "b.tar.gz"
    installation.run("backup", str(file))
    refused = installation.run("restore", str(file), "--replace", code=1)
    assert "broken at entry 2" in refused.stderr
    assert people(installation) == 3
    assert not list(installation.data_dir.glob("*.before-restore-*"))
    assert not list(installation.data_dir.glob(".restore-*"))


def test_a_database_in_use_is_not_replaced(installation, tmp_path):
    fill(installation)
    file = tmp_path / "b.tar.gz"
    installation.run("backup", str(file))
    other = sqlite3.connect(installation.data_dir / "kraftsamling.sqlite3")
    other.execute("SELECT count(*) FROM people_person").fetchone()
    try:
        refused = installation.run("restore", str(file), "--replace", code=1)
    finally:
        other.close()
    assert "in use" in refused.stderr
    assert people(installation) == 3


def test_a_backup_of_a_newer_version_is_refused(installation, tmp_path):
    installation.sql(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('people', '9999_from_the_future', '2030-01-01')"
    )
    file = tmp_path / "b.tar.gz"
    installation.run("backup", str(file))
    refused = installation.run("restore", str(file), "--replace", code=2)
    assert "9999_from_the_future" in refused.stderr


def test_the_latest_backup_is_known_to_check(installation, tmp_path):
    installation.run("backup", str(tmp_path / "monday.tar.gz"))
    found = {each["code"]: each["text"] for each in installation.json("check")["findings"]}
    assert "monday.tar.gz" in found["backup.good"]
