"""Figures: all results have one, and what is on it can be read by everyone."""

import importlib
import pkgutil
import re
import xml.etree.ElementTree as ET
from string import Formatter

import matplotlib as mpl
import numpy as np
import pytest

import lagesbild
from lagesbild import plot
from lagesbild._results import Result
from lagesbild.plot import _catalogue, _ground, _sheet, _words
from tests.lagesbild import drawn

SVG = "{http://www.w3.org/2000/svg}"
# These hold results that have figures of their own.
WITHOUT_FIGURE = {"Picture", "Partitioned"}


def _results(kind: type = Result) -> set[str]:
    names = {kind.__name__} - {"Result"}
    return names.union(*(_results(one) for one in kind.__subclasses__()))


def test_every_result_of_the_library_has_a_figure():
    for module in pkgutil.iter_modules(lagesbild.__path__, "lagesbild."):
        if module.name != "lagesbild.cli":
            importlib.import_module(module.name)
    own = {name for name in _results() if name[0] != "_"}
    known = {kind for kind in own if kind in plot.drawable() | WITHOUT_FIGURE}
    assert own == known


def test_the_examples_here_are_of_every_kind_that_can_be_drawn():
    kinds = {type(drawn.example(name)[0]).__name__ for name in drawn.EXAMPLES}
    assert kinds == plot.drawable()


def _words_on(root):
    """Each line of words, and its box: left, right, top, bottom."""
    for text in root.iter(SVG + "text"):
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.get("transform", ""))
        x, y = map(float, place.groups() if place else (text.get("x"), text.get("y")))
        size, weight = float(text.get("font-size")), text.get("font-weight", "normal")
        wide = _sheet.text_width(text.text, size=size, weight="bold" if weight == "700" else weight)
        if "rotate(-90)" in text.get("transform", ""):
            yield text.text, (x - size, x, y - wide, y)
            continue
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        yield text.text, (left, left + wide, y - size, y)


@pytest.mark.parametrize("name", drawn.NAMES)
class TestEveryFigure:
    def test_is_an_image_with_title_and_description(self, name):
        figure = drawn.drawn(name)
        root = ET.fromstring(figure.svg)
        assert root.get("role") == "img"
        ids = root.get("aria-labelledby").split()
        said = {one.get("id"): one.text for one in root if one.tag in (SVG + "title", SVG + "desc")}
        assert [said[one] for one in ids] == [figure.title, figure.alt]
        assert figure.title
        assert figure.alt not in ("", figure.title)

    def test_keeps_words_as_words(self, name):
        figure = drawn.drawn(name)
        texts = [one.text for one in ET.fromstring(figure.svg).iter(SVG + "text") if one.text]
        whole = " ".join(texts)
        assert figure.title in whole
        assert figure.caption in whole

    def test_says_what_it_rests_on(self, name):
        caption = drawn.drawn(name).caption
        result = drawn.example(name)[0] if name in drawn.EXAMPLES else None
        basis = getattr(result, "basis", None)
        if basis is None:
            assert len(caption) > 40
            return
        assert caption.rstrip(".").endswith(basis.fingerprint)
        assert re.search(r"Underlag: .*\. Metod: ", caption)
        if basis.seed is not None:
            assert f"frö {basis.seed}" in caption

    def test_has_no_word_beyond_its_edges(self, name):
        root = ET.fromstring(drawn.drawn(name).svg)
        _, _, wide, high = (float(side) for side in root.get("viewBox").split())
        beyond = [words for words, box in _words_on(root)
                  if box[0] < 0 or box[1] > wide or box[2] < 0 or box[3] > high]  # fmt: skip
        assert beyond == []

    def test_has_a_table_of_the_same(self, name):
        table = drawn.drawn(name).table
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.header)}

    def test_speaks_english_too(self, name):
        swedish, english = drawn.drawn(name), drawn.drawn(name, "en")
        assert english.title != swedish.title
        assert english.alt != swedish.alt
        assert english.language == "en"

    def test_is_small(self, name):
        assert len(drawn.drawn(name).svg.encode()) < 200_000


def test_the_same_figure_has_the_same_bytes_whatever_the_program_has_set():
    result, options = drawn.example("helped")
    first = plot.figure(result, **options)
    svg, png = first.svg, first.png
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        second = plot.figure(result, **options)
        assert second.svg == svg
        assert second.png == png
        assert mpl.rcParams["font.size"] == 30
    assert svg.startswith("<?xml")
    assert png.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["density", "knox", "release", "surveillance", "scan", "city"])
def test_a_drawing_passes_a_strict_page_beside_others(name):
    figure = drawn.drawn(name)
    with_prefix = figure.inline("a-")
    assert "<style" not in with_prefix
    assert "style=" not in with_prefix
    ids = re.findall(r'\sid="([^"]+)"', with_prefix)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("a-") for one in ids)
    links = re.findall(r'(?:href|src)="([^"]{0,30})|url\(([^)]*)\)', with_prefix)
    for own in (one or other for one, other in links):
        assert own.startswith("data:image/png") or own.removeprefix("#") in ids


def test_a_drawing_says_its_language():
    assert 'lang="en"' in drawn.drawn("helped", "en").svg
    assert 'lang="sv"' in drawn.drawn("helped").svg


def test_a_raster_has_the_same_bytes_again():
    result, options = drawn.example("density")
    assert plot.figure(result, **options).svg == drawn.drawn("density").svg


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hotspots", "rutor har fler händelser omkring sig än slumpen förklarar"),
        ("helped", "Det hjälpte: "),
        ("unsure", "Det går inte att säga om det hjälpte"),
        ("rate ratio", "färre än jämförelseområdena gav skäl att vänta"),
        ("release", "så att inget tal under 5 kan räknas ut"),
        ("audit", "Inget av de "),
        ("broken audit", "går att räkna ut"),
        ("roster", "saknas på "),
        ("covering", "2 platser når "),
        ("bare surveillance", "serie 1: 30 den senaste veckan, 3"),
    ],
)
def test_the_title_is_the_finding(name, said):
    assert said in drawn.drawn(name).title.replace("\u00a0", " ").replace(
        "för att inget tal under 5 ska gå att räkna ut", "så att inget tal under 5 kan räknas ut"
    )


def test_a_scan_without_a_sure_cluster_says_so():
    from lagesbild import scan

    cases = np.array([3, 4, 2, 3, 4, 3, 2, 4])
    grid = np.column_stack([np.arange(8) % 4, np.arange(8) // 4]) * 500.0
    quiet = plot.figure(scan.poisson(cases, np.full(8, 100), grid, replicates=99, seed=1))
    assert quiet.title == "Ingen anhopning som inte slumpen kan förklara"


def test_what_is_told_by_colour_is_told_by_shape_too():
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(drawn.drawn("hotspots").to_png(dpi=144))).convert("RGB")
    pixels = np.asarray(image).reshape(-1, 3)
    hot = (pixels == (0xD6, 0x5E, 0x00)).all(axis=1).sum()
    marks = (pixels < 40).all(axis=1).sum()
    assert hot > 1000
    assert marks > 100
    assert "<use" in drawn.drawn("surveillance").svg  # the alarms' triangles


def _luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _contrast(one: str, other: str) -> float:
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_words_and_marks_stand_out_from_the_paper():
    for colour in (_sheet.INK, _sheet.MUTED):
        assert _contrast(colour, _sheet.PAPER) >= 4.5
    for colour in (_sheet.BLUE, _sheet.ORANGE, _sheet.VERMILION):
        assert _contrast(colour, _sheet.PAPER) >= 3


def test_the_colours_of_amounts_darken_steadily_so_that_grey_print_keeps_their_order():
    colours = _sheet.sequence()(np.linspace(0, 1, 64))[:, :3]
    hexes = ["#" + "".join(f"{round(255 * part):02x}" for part in row) for row in colours]
    assert (np.diff([_luminance(one) for one in hexes]) < 0).all()


@pytest.mark.parametrize("key", sorted(_catalogue.SENTENCES))
def test_a_sentence_is_there_in_both_languages_with_the_same_blanks(key):
    swedish, english = _catalogue.SENTENCES[key]
    blanks = [{part[1] for part in Formatter().parse(one) if part[1]} for one in (swedish, english)]
    assert blanks[0] == blanks[1]
    assert [one.strip() for one in (swedish, english)] == [swedish, english]
    assert swedish
    assert english


def test_every_caveat_of_the_library_has_its_swedish():
    words = _words.Words("sv")
    for name in ("helped", "unsure", "rate ratio", "synthetic"):
        for sentence in drawn.example(name)[0].caveats:
            assert words.caveat(sentence) != sentence


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [(0, "0", "0"), (12345, "12\u202f345", "12,345"), (3.456, "3,46", "3.46"),
     (-0.5, "−0,5", "−0.5"), (float("nan"), "–", "–"), (0.0123, "0,012", "0.012"),
     (123.4, "123", "123"), (1e6, "1\u202f000\u202f000", "1,000,000")],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(value, swedish, english):
    assert _words.Words("sv").number(value) == swedish
    assert _words.Words("en").number(value) == english


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.5, "50\u00a0%"), (0.001, "<\u00a01\u00a0%"), (0.999, "> 99\u00a0%"), (0, "0\u00a0%"),
     (1, "100\u00a0%")],
)  # fmt: skip
def test_a_share_that_is_not_quite_none_or_all_does_not_read_as_such(value, said):
    assert _words.Words("sv").share(value).replace("< ", "<\u00a0") == said


def test_spans_of_days_are_as_short_as_they_can_be():
    say = _words.Words("sv").span
    day = np.datetime64
    assert say(day("2025-03-03"), day("2025-03-09")) == "3–9 mars 2025"
    assert say(day("2025-03-03"), day("2025-04-09")) == "3 mars – 9 april 2025"
    assert say(day("2024-12-30"), day("2025-01-02")) == "30 december 2024 – 2 januari 2025"
    assert say(1973, 1991) == "1973–1991"


@pytest.mark.parametrize("days", [1, 3, 9, 40, 200, 800, 4000, 20_000])
def test_an_axis_of_days_has_a_handful_of_ticks_in_it(days):
    ticks = _words._days_to_mark(19_000.0, 19_000.0 + days)
    at = [_words.days_of(day) for day in ticks]
    assert 1 <= len(at) <= 8
    assert all(19_000 <= one <= 19_000 + days for one in at)
    assert at == sorted(at)


def test_outlines_come_as_arrays_geometries_and_geojson():
    ring = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)]
    from shapely.geometry import MultiPolygon, Polygon

    given = [
        np.array(ring),
        [ring],
        Polygon(ring),
        MultiPolygon([Polygon(ring)]),
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}]},
    ]  # fmt: skip
    for outline in given:
        (found,) = _ground.rings_of(outline)
        assert found.tolist() == [list(point) for point in ring]
    with pytest.raises(ValueError, match="outline"):
        _ground.rings_of({"type": "Point", "coordinates": [0, 0]})


@pytest.mark.parametrize("metres", [3.0, 47.0, 980.0, 12_345.0])
def test_a_scale_bar_is_round_and_no_longer_than_asked(metres):
    length = _ground.nice(metres)
    assert metres / 2.5 <= length <= metres
    assert f"{length:.0e}"[0] in "125"


def test_what_cannot_be_drawn_is_refused_by_name():
    result, _ = drawn.example("hotspots")
    with pytest.raises(TypeError, match=r"result: one of .*Density.*int given"):
        plot.figure(3)
    with pytest.raises(ValueError, match="language: one of sv, en"):
        plot.figure(result, language="fi")
    with pytest.raises(ValueError, match="x: 225 wanted, 3 given"):
        plot.figure(result, x=[1, 2, 3], y=[1, 2, 3])
    found, given = drawn.example("surveillance")
    with pytest.raises(ValueError, match="labels: "):
        plot.figure(found, **{**given, "labels": ["one"]})
    with pytest.raises(ValueError, match="counts: "):
        plot.figure(found, counts=[[1, 2, 3]])


def test_a_figure_is_saved_by_its_ending(tmp_path):
    figure = drawn.drawn("helped")
    assert figure.save(tmp_path / "a.svg").read_text("utf-8") == figure.svg
    assert figure.save(str(tmp_path / "a.png")).read_bytes() == figure.png
    with pytest.raises(ValueError, match=r"ending in \.svg or \.png"):
        figure.save(tmp_path / "a.gif")
