"""The command line: what it prints, what it writes, how it ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from lagesbild.cli import main
from lagesbild.cli._program import _COMMANDS, DATA, DONE, FAILURE, USAGE, program
from lagesbild.events import Events

Run = Callable[..., tuple[int, str, str]]
ON_EVENTS = {
    "kde": ["--cell", "500"],
    "hotspots": ["--cell", "1500", "--permutations", "19"],
    "scan": ["--replicates", "19", "--cell", "2000", "--unit", "week"],
    "surveillance": ["--by", "category", "--method", "bayes"],
    "near-repeat": ["--permutations", "19"],
    "aoristic": ["--replicates", "19"],
    "evaluate": ["--treated", "A0,A1", "--start", "2025-02-10"],
    "predict": ["--history", "28", "--horizon", "14", "--periods", "2", "--cell", "1000"],
    "locate": ["--open", "2"],
    "disclose": ["--by", "location", "--threshold", "30"],
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def called(*arguments: Any) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


@pytest.fixture(scope="module")
def events_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "events.csv"
    assert main(["simulate", str(path), "--weeks", "16", "--areas", "20", "--times", "0.25",
                 "--seed", "1", "--plant", "outbreak"]) == DONE  # fmt: skip
    return path


def test_the_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == DONE
    assert all(re.search(rf"^  {name} ", out, re.MULTILINE) for name in _COMMANDS)
    assert "Exit codes" in out


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_helps_with_an_example(run: Run, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == DONE
    assert f"lagesbild {name} " in out.partition("Options:")[0].partition("\n\n")[2]
    command = program.get_command(click.Context(program), name)
    assert command is not None
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help or option.show_default


@pytest.mark.parametrize("name", ON_EVENTS)
def test_every_statistic_says_what_it_rests_on(run: Run, events_file: Path, name: str) -> None:
    code, out, _ = run(name, events_file, *ON_EVENTS[name])
    assert code == DONE
    headline, *rest = out.splitlines()
    assert len(headline) > 15
    basis = [line for line in rest if line.startswith("Basis: ")]
    assert len(basis) == 1
    assert re.search(r"; data [0-9a-f]{16}\.$", basis[0])


@pytest.mark.parametrize("name", ON_EVENTS)
def test_json_is_the_result_and_the_same_each_time(run: Run, events_file: Path, name: str) -> None:
    first, again = (run(name, events_file, *ON_EVENTS[name], "--json") for _ in range(2))
    assert first == again
    result = json.loads(first[1])
    assert {"method", "parameters", "n", "fingerprint"} <= set(result["basis"])


@pytest.mark.parametrize("name", ON_EVENTS)
def test_a_table_is_written_as_csv(run: Run, events_file: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "table.csv"
    assert run(name, events_file, *ON_EVENTS[name], "--out", out)[0] == DONE
    header, *rows = out.read_text("utf-8").splitlines()
    assert rows
    assert "," in header


@pytest.mark.parametrize("name", ["kde", "hotspots", "scan", "locate"])
def test_maps_are_written_as_geojson_in_degrees(
    run: Run, events_file: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "map.geojson"
    assert run(name, events_file, *ON_EVENTS[name], "--out", out)[0] == DONE
    features = json.loads(out.read_text("utf-8"))["features"]
    assert features
    point = features[0]["geometry"]["coordinates"]
    while isinstance(point[0], list):
        point = point[0]
    assert 10 < point[0] < 20
    assert 58 < point[1] < 61


def test_figures_are_written(run: Run, events_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "knox.svg"
    assert run("near-repeat", events_file, *ON_EVENTS["near-repeat"], "--out", out)[0] == DONE
    assert "<svg" in out.read_text("utf-8")


def test_the_seed_decides_and_is_told(run: Run, events_file: Path) -> None:
    options = ["--permutations", "19", "--cell", "1500"]
    one, two = (run("hotspots", events_file, *options, "--seed", seed, "--json")[1]
                for seed in (1, 2))  # fmt: skip
    assert json.loads(one)["basis"]["seed"] == 1
    assert json.loads(one)["p_sim"] != json.loads(two)["p_sim"]


def test_a_planted_hot_spot_is_found_and_an_empty_cell_is_none(run: Run, tmp_path: Path) -> None:
    path, rng = tmp_path / "hot.csv", np.random.default_rng(1)
    x, y = 500_000 + rng.uniform(0, 5000, 800), 6_500_000 + rng.uniform(0, 5000, 800)
    x[:40], y[:40] = 502_375 + rng.normal(0, 150, 40), 6_502_375 + rng.normal(0, 150, 40)
    days = rng.integers(1, 29, 800)
    rows = [f"{e:.0f},{n:.0f},2025-01-{d:02d}" for e, n, d in zip(x, y, days, strict=True)]
    path.write_text("\n".join(["x,y,start", *rows]), "utf-8")
    code, out, _ = run("hotspots", path, "--json", "--out", tmp_path / "hot.geojson")
    assert code == DONE
    cells = [one["properties"] for one in
             json.loads((tmp_path / "hot.geojson").read_text("utf-8"))["features"]]  # fmt: skip
    assert max(cells, key=lambda one: one["z"])["q"] <= 0.05
    code, out, _ = run("hotspots", path)
    hot = re.search(r"(\d+) of 400 cells are hot .*, with (\d+) % of the events", out)
    assert hot
    assert 1 < int(hot[1]) < 25
    assert int(hot[2]) >= 4
    assert not re.search(r"^ +\d{6} +\d{7} +0 ", out, re.MULTILINE)


@pytest.mark.parametrize("cell", ["0", "-5"])
def test_cells_without_a_size_are_wrong_usage(run: Run, events_file: Path, cell: str) -> None:
    code, _, said = run("hotspots", events_file, "--cell", cell)
    assert code == USAGE
    assert "--cell" in said


def test_a_planted_outbreak_is_found_where_it_is(run: Run, events_file: Path) -> None:
    code, out, _ = run("scan", events_file, "--prospective", "--unit", "week", "--json")
    assert code == DONE
    best = json.loads(out)["clusters"][0]
    assert best["p_value"] <= 0.05
    assert best["end"] == "2025-04-27"
    assert best["observed"] > best["expected"]


# Near repeats, hours ----------------------------------------------------------------------------


def test_few_permutations_are_no_sign_of_nothing(run: Run, events_file: Path) -> None:
    out = run("near-repeat", events_file, "--permutations", "99")[1]
    assert out.startswith("Too few permutations to tell")
    assert "no adjusted p can be below 0.12. Take --permutations 479 or more." in out
    enough = run("near-repeat", events_file, "--permutations", "479")[1]
    assert "permutations nothing could" not in enough
    assert "All categories together" in enough


@pytest.mark.parametrize(
    "rows",
    [["1,2,2025-01-06", "9,9,2025-01-08"] * 2, [f"1,2,2025-01-{n % 28 + 1:02}" for n in range(90)]],
)
def test_a_handful_of_events_or_places_is_too_little(
    run: Run, tmp_path: Path, rows: list[str]
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["x,y,start", *rows]))
    assert run("near-repeat", path)[1].startswith("Too little to tell")


def test_one_event_makes_no_busiest_hour(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("x,y,start\n1,2,2025-01-04 19:30\n")
    assert run("aoristic", path)[1].startswith("Too little to tell when")


def test_predict_validates_its_bandwidth_and_tells_it(run: Run, events_file: Path) -> None:
    asked = ("predict", events_file, *ON_EVENTS["predict"])
    out = run(*asked)[1]
    told = re.search(r"density of the 28 days before, bandwidth ([\d,]+) m\s*\(cv\)", out)
    assert told is not None
    ratios = []
    for width in (told[1].replace(",", ""), "2000"):
        result = json.loads(run(*asked, "--bandwidth", width, "--json")[1])
        ratios.append(sum(result["pai"]))
    assert ratios[0] >= ratios[1]


# Surveillance -----------------------------------------------------------------------------------


def _weeks(path: Path, counts: dict[str, list[int]]) -> Path:
    """A file with so many events of each category in each week."""
    import numpy as np

    monday = np.datetime64("2025-01-06")
    rows = [f"1,2,{monday + 7 * week},{name}" for name, weeks in counts.items()
            for week, count in enumerate(weeks) for _ in range(count)]  # fmt: skip
    path.write_text("\n".join(["x,y,start,category", *rows]))
    return path


def test_surveillance_tells_what_q_bears_out_and_sets_rare_series_apart(
    run: Run, tmp_path: Path
) -> None:
    quiet = {f"quiet{n}": [4, 5, 6, 5, 4, 6, 5, 5, 4, 6, 5, 5] for n in range(20)}
    quiet["high"] = [*[5] * 11, 10]
    risen = {"risen": [*[5] * 11, 30], "rare": [*[0] * 11, 8]}
    path = _weeks(tmp_path / "weeks.csv", quiet | risen)
    asked = ("surveillance", path, "--by", "category", "--until", "2025-03-30")
    out = run(*asked)[1]
    assert out.startswith("2 of 23 series with more than usual (q ≤ 0.1)")
    first, _, apart = out.partition("Rare, below one event a week")
    assert "\n  risen " in first
    assert "\n  rare " in apart
    assert "1 more of 23 counts are above a bound of their own" in out
    assert run(*asked[:4], "--until", "2025-03-23")[1].startswith("Nothing unusual: none of 22")


def test_surveillance_of_a_handful_says_that_it_is_too_little(run: Run, tmp_path: Path) -> None:
    path = _weeks(tmp_path / "few.csv", {"a": [1, 0, 0, 1, 0, 1, 0, 0, 1, 1]})
    out = run("surveillance", path, "--until", "2025-03-16")[1]
    assert out.startswith("Too little to tell: 5 events in 10 weeks")


# Evaluate ---------------------------------------------------------------------------------------


def test_quiet_cities_seldom_get_a_verdict_from_evaluate(run: Run, tmp_path: Path) -> None:
    """Against all other areas; by weighted difference every second city would get one."""
    path = tmp_path / "quiet.csv"
    said = []
    for seed in range(8):
        run("simulate", path, "--weeks", "52", "--areas", "20", "--times", "0.5", "--seed", seed)
        found = run("evaluate", path, "--treated", "A0,A1,A2,A3", "--start", "2025-07-07", "--json")
        said.append(json.loads(found[1])["verdict"])
    assert sum(each in ("better", "worse") for each in said) <= 1


def test_a_weighted_difference_against_a_far_larger_area_cannot_tell(
    run: Run, events_file: Path
) -> None:
    asked = ("evaluate", events_file, "--treated", "A0", "--start", "2025-02-24", "--method", "wdd")
    code, out, _ = run(*asked)
    assert code == DONE
    assert out.startswith("It cannot be told")
    assert "of another size before" in out
    assert "different seasons" in out


def test_a_synthetic_control_with_a_poor_fit_claims_nothing(run: Run, events_file: Path) -> None:
    asked = ("--treated", "A0", "--start", "2025-02-24", "--method", "synthetic")
    out = run("evaluate", events_file, *asked)[1]
    assert out.startswith("It cannot be told whether it helped: the comparison did not follow")
    assert "none: after a poor fit" in out
    assert "interval" not in out
    assert "estimate " not in out


def test_a_difference_in_differences_is_told_in_percent(run: Run, events_file: Path) -> None:
    asked = ("evaluate", events_file, "--treated", "A0,A1,A2,A3", "--start", "2025-02-24")
    out, result = run(*asked)[1], json.loads(run(*asked, "--json")[1])
    assert f"  change          {100 * (result['ratio'] - 1):+.0f} % (" in out
    assert f"  log rate ratio  {result['estimate']:.3f}, standard error" in out


def test_a_weighted_difference_takes_the_same_season_where_there_is_one(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "two_years.csv"
    rows = [f"{east},{east},{day},{name}" for name, east in (("A", 1), ("B", 9))
            for day in ("2024-01-01", *["2024-07-08"] * 9, *["2025-05-05"] * 30,
                        *["2025-07-07"] * 8, "2025-08-03")]  # fmt: skip
    path.write_text("\n".join(["x,y,start,location", *rows]))
    asked = ("--treated", "A", "--control", "B", "--start", "2025-07-07", "--method", "wdd")
    out = run("evaluate", path, *asked)[1]
    assert "Before: 2024-07-08 to 2024-08-04; after: 2025-07-07 to 2025-08-03; 28 days each." in out
    assert "treated 9 and 9; control 9 and 9" in out
    assert "different seasons" not in out


def test_a_report_of_no_events_ends_as_unusable_data(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("x,y,start\n", "utf-8")
    code, _, said = run("report", path)
    assert code == DATA
    assert "no rows" in said
    assert "fault of the program" not in said


def test_no_cluster_is_shown_to_end_after_the_last_day(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    rows = [f"{n % 5 * 900},{n % 3 * 900},2025-01-{n % 28 + 1:02},2025-01-{n % 28 + 1:02}"
            for n in range(60)]  # fmt: skip
    # Known within four days from the last on: their middles lie two days later.
    rows += ["0,0,2025-01-28 20:00,2025-02-01 20:00"] * 15
    path.write_text("\n".join(["x,y,start,end", *rows]))
    asked = ("scan", path, "--replicates", "99", "--unit", "day", "--out", tmp_path / "c.csv")
    code, out, _ = run(*asked)
    assert code == DONE
    assert "2025-01-28  2025-01-28" in out
    assert "2025-01-30" not in out
    assert "2025-01-30" not in (tmp_path / "c.csv").read_text()


def test_the_scan_pages_first_example_runs(run: Run, events_file: Path) -> None:
    """On the library's own file, in which a location has many coordinates."""
    page = (Path(__file__).parents[2] / "docs/methods/scan.md").read_text("utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    found: dict[str, Any] = {}
    quick = code.replace("seed=1", "replicates=19, seed=1")
    exec(quick.replace('"events.csv"', repr(str(events_file))), found)
    assert found["result"].most_likely.p_value == 0.05
    with pytest.raises(ValueError, match=r"give one for each id \(locations="):
        found["scan"].space_time_permutation(found["events"], seed=1)


# Events, simulate, roster, report ---------------------------------------------------------------


def test_events_tells_what_was_left_out_and_writes_the_rest(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "brott.csv"
    path.write_text(
        "Datum;Öst;Nord;Kategori\n2024-03-01 10:00;568940,5;6495420;a\n"
        "i går;568940;6495420;b\n2024-03-02 11:00;568941;6495421;a\n", "utf-8"
    )  # fmt: skip
    out = tmp_path / "clean.parquet"
    code, text, error = run("events", path, "--out", out)
    assert code == DONE
    assert "3, of which 2 are events" in text
    assert error == ""
    assert "Left out: 1 of 3 rows" in text
    assert "start: no time: row 3" in text
    assert len(Events.read(out)) == 2
    degrees = tmp_path / "clean.geojson"
    assert run("events", path, "--out", degrees)[0] == DONE
    assert Events.read(degrees).x == pytest.approx(Events.read(out).x, abs=0.05)


def test_events_counts_rows_that_are_the_same(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("x,y,start,type\n" + "1,2,2024-03-01,a\n" * 3 + "1,2,2024-03-01,b\n")
    assert "duplicates   2 rows are the same as another" in run("events", path)[1]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".geojson"])
def test_a_simulated_file_is_read_again(run: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"city{suffix}"
    code, out, _ = run("simulate", path, "--weeks", "1", "--areas", "8", "--plant", "drift")
    assert code == DONE
    assert "drift" in out
    events = Events.read(path)
    assert len(events) == int(re.match(r"([\d,]+) events", out)[1].replace(",", ""))  # type: ignore[index]
    assert events.category is not None
    assert events.location is not None


@pytest.mark.parametrize("suffix", [".csv", ".geojson"])
def test_files_written_in_parts_are_whole(
    run: Run, events_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in ("at once", "in parts")]
    assert run("events", events_file, "--out", paths[0])[0] == DONE
    monkeypatch.setattr("lagesbild.cli._answer._PART", 100)
    assert run("events", events_file, "--out", paths[1])[0] == DONE
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert len(Events.read(paths[1])) == len(Events.read(events_file)) > 500


def test_what_was_left_out_is_told_beside_any_answer(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "brott.csv"
    path.write_text("x,y,start\n" + "1,2,2024-03-01 10:00\n5,9,2024-03-02 10:00\n1,2,soon\n" * 9)
    code, out, error = run("aoristic", path, "--replicates", "9", "--json")
    assert code == DONE
    assert json.loads(out)["basis"]["n"] == 18
    assert "Left out: 9 of 27 rows" in error
    assert "start: no time: rows 4, 7, 10, 13, 16 and 4 more" in error


def test_a_roster_is_made_of_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "walks.json"
    shift = {"name": "Friday", "start": "2026-05-01T20:00", "end": "2026-05-02T01:00", "need": 2}
    path.write_text(json.dumps({"shifts": [shift], "people": [{"name": "Ali"}, {"name": "Bo"}]}))
    code, out, _ = run("roster", path)
    assert code == DONE
    assert "All shifts are staffed" in out
    path.write_text(json.dumps({"shifts": [shift], "people": [{"name": "Ali"}]}))
    assert run("roster", path)[1].count("missing") == 2  # in the headline and beside the shift
    path.write_text(json.dumps({"shifts": [{**shift, "room": 3}], "people": []}))
    assert run("roster", path)[0] == DATA


def test_a_report_is_one_page(run: Run, events_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "picture.html"
    code, text, _ = run("report", events_file, "--out", out, "--category", "fire")
    assert code == DONE
    assert "Basis: situational picture" in text
    assert out.read_text("utf-8").lstrip().lower().startswith("<!doctype html>")


def test_disclose_shows_no_small_count(run: Run, events_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "public.csv"
    axes = ("--by", "category", "--by", "location")
    assert run("disclose", events_file, *axes, "--out", out)[0] == DONE
    rows = [line.split(",") for line in out.read_text("utf-8").splitlines()[1:]]
    assert any(hidden == "True" for *_, hidden in rows)
    for *_, count, hidden in rows:
        assert (hidden == "True") == (count == "")
        assert count == "" or int(count) == 0 or int(count) >= 5


def test_a_page_that_is_written_over_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["x,y,start", *(f"{n},2,2025-01-{n + 1:02}" for n in range(5))]))
    page = tmp_path / "few.html"
    assert "was there already" not in run("report", path)[2]
    assert page.exists()
    assert f"{page} was there already" in run("report", path)[2]
    assert "was there already" not in run("report", path, "--out", page)[2]


# Errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing"], USAGE, "No such command"),
        (["kde"], USAGE, "Missing argument"),
        (["kde", "missing.csv"], USAGE, "does not exist"),
        (["kde", "{file}", "--bandwidth", "-4"], USAGE, "--bandwidth: a number above zero wanted"),
        (["kde", "{file}", "--bandwidth", "wide"], USAGE, "scott, silverman, cv or metres"),
        (["kde", "{file}", "--out", "map.pdf"], USAGE, "ending in .json, .csv"),
        (["scan", "{file}", "--max-share", "3"], USAGE, "--max-share: above 0 and at most 1"),
        (["scan", "{file}", "--columns", "x"], USAGE, "FIELD=COLUMN"),
        (["events", "{file}", "--columns", "x=nowhere"], USAGE, "no column 'nowhere'"),
        (["near-repeat", "{file}", "--distances", "a"], USAGE, "numbers with commas between"),
        (["near-repeat", "{file}", "--distances", "9,3"], USAGE, "rising upper edges"),
        (["kde", "{file}", "--category", "theft"], USAGE, "no event is 'theft'; there are damage"),
        (["kde", "{file}", "--since", "2031-01-01"], USAGE, "no event is left"),
        (["evaluate", "{file}", "--treated", "B9", "--start", "2025-02-10"], USAGE, "at 'B9'"),
        (
            ["evaluate", "{file}", "--treated", "A1", "--start", "1999-01-01"],
            USAGE,
            "before or after",
        ),
        (["surveillance", "{file}", "--method", "farrington"], USAGE, "Take --method bayes"),
        (["hotspots", "{file}", "--cell", "0.5"], USAGE, "take a larger one"),
        (["predict", "{file}", "--cell", "0"], USAGE, "metres above zero wanted"),
        (["kde", "{file}", "--cell", "0"], USAGE, "metres above zero wanted"),
        (["scan", "{file}", "--cell", "0"], USAGE, "metres above zero wanted"),
        (["kde", "{file}", "--out", "/nowhere/at/all.csv"], USAGE, "there is no folder"),
        (["report", "{empty}"], DATA, "no rows below the names"),
        (["disclose", "{file}", "--by", "nowhere"], USAGE, "no column 'nowhere'"),
        (["kde", "{broken}"], DATA, "cannot tell which hold the place"),
        (["simulate", "city.txt"], USAGE, "ending in .csv, .parquet"),
    ],
)
def test_errors_say_what_to_do_without_a_traceback(
    run: Run, events_file: Path, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n")
    empty = tmp_path / "empty.csv"
    empty.write_text("x,y,start\n")
    given = [each.format(file=events_file, broken=broken, empty=empty) for each in arguments]
    found, out, error = run(*given)
    assert (found, out) == (code, "")
    assert message in error
    assert "Traceback" not in error
    assert len([line for line in error.splitlines() if line.startswith("Error")]) == 1


def test_a_fault_of_the_program_is_one_line(run: Run, events_file: Path,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def broken(*_: object, **__: object) -> None:
        raise KeyError("inner")

    monkeypatch.setattr("lagesbild.kde.density", broken)
    code, _, error = run("kde", events_file)
    assert code == FAILURE
    assert error.startswith("Error: KeyError: 'inner' (a fault of the program")


def test_geojson_without_a_known_plane_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "made_up.csv"
    rows = [f"{i * 37 % 91},{i * 53 % 97},2024-03-{i % 28 + 1:02} 10:00" for i in range(50)]
    path.write_text("\n".join(["x,y,start", *rows]))
    code, _, error = run("kde", path, "--out", tmp_path / "map.geojson")
    assert code == USAGE
    assert "say it with --crs" in error


def test_what_a_command_does_not_need_is_not_imported(tmp_path: Path) -> None:
    import subprocess
    import sys

    heavy = ("numba", "scipy", "polars", "matplotlib", "pyproj", "rich", "highspy")
    look = (
        "import sys; from lagesbild.cli import main; main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2] / "src")  # fmt: skip
    assert done.stderr.strip() == "[]"


def test_the_handbook_has_every_command_and_only_options_that_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs/lagesbild-cli.md").read_text("utf-8")
    assert re.findall(r"^### (.*)$", page, re.MULTILINE) == list(_COMMANDS)
    examples = re.findall(r"^(?:\$ )?lagesbild ([a-z-]+) (.*)$", page, re.MULTILINE)
    assert {name for name, _ in examples} == set(_COMMANDS)
    for name, rest in examples:
        command = program.get_command(click.Context(program), name)
        assert command is not None
        known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, name
