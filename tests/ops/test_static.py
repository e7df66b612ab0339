"""Static files: collected once, under an address that changes when any of them does."""

import os

import pytest

from kraftsamling.ops import static
from kraftsamling.ops.static import Source, collect, is_fresh


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "app"
    (folder / "js").mkdir(parents=True)
    (folder / "js/page.mjs").write_text("import './menu.mjs';\n" * 100)
    (folder / "js/menu.mjs").write_text("export const menu = 1;\n" * 100)
    (folder / "base.pmtiles").write_bytes(b"PMTiles" * 1000)
    (folder / "logo.png").write_bytes(os.urandom(2000))
    return folder


def sources(app):
    files = sorted(path for path in app.rglob("*") if path.is_file())
    return [Source(path.relative_to(app).as_posix(), path) for path in files]


def test_modules_keep_their_names_so_that_their_imports_lead_somewhere(app, tmp_path):
    home = tmp_path / "static"
    folder = home / collect(sources(app), root=home)
    assert (folder / "js/page.mjs").read_text() == (app / "js/page.mjs").read_text()
    assert (folder / "js/menu.mjs").exists()


def test_text_is_compressed_beforehand_and_what_is_read_in_ranges_is_not(app, tmp_path):
    home = tmp_path / "static"
    folder = home / collect(sources(app), root=home)
    made = {path.name for path in folder.rglob("*") if path.suffix in (".br", ".gz")}
    assert made == {"page.mjs.br", "page.mjs.gz", "menu.mjs.br", "menu.mjs.gz"}


def test_nothing_is_done_again_while_nothing_was_touched(app, tmp_path):
    home = tmp_path / "static"
    assert not is_fresh(sources(app), root=home)
    collect(sources(app), root=home)
    assert is_fresh(sources(app), root=home)
    (app / "js/menu.mjs").write_text("export const menu = 2;\n")
    assert not is_fresh(sources(app), root=home)


def test_any_change_gives_another_address_and_the_same_content_the_same(app, tmp_path):
    first = collect(sources(app), root=tmp_path / "one")
    assert collect(sources(app), root=tmp_path / "another machine") == first
    (app / "js/menu.mjs").write_text("export const menu = 2;\n")
    assert collect(sources(app), root=tmp_path / "one") != first


def test_the_folder_before_is_kept_for_servers_not_yet_restarted_and_older_ones_go(app, tmp_path):
    home = tmp_path / "static"
    names = []
    for number in range(4):
        (app / "js/menu.mjs").write_text(f"export const menu = {number};\n")
        names.append(collect(sources(app), root=home))
        os.utime(home / names[-1], (number, number))
    folders = {path.name for path in home.iterdir() if path.is_dir()}
    assert folders == set(names[-2:])
    assert (home / static.CURRENT).read_text().strip() == names[-1]


def test_a_collection_that_was_cut_off_is_not_taken_for_whole(app, tmp_path):
    home = tmp_path / "static"
    name = static.content_digest(sources(app))
    (home / f"{name}.partial-1").mkdir(parents=True)
    folder = home / collect(sources(app), root=home)
    assert (folder / "js/page.mjs").exists()


@pytest.mark.django_db
def test_all_apps_files_are_found_and_ours_come_with_modules():
    paths = {source.path for source in static.find_sources()}
    assert "js/page.mjs" in paths
    assert "css/theme.css" in paths
