"""The situational picture: right with much, modest with little, and readable by everyone."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from string import Formatter

import numpy as np
import pytest

from lagesbild import report, simulate
from lagesbild.events import Events
from lagesbild.report import _catalogue

WEEKS = 120
PERIOD = ("2023-01-02", "2025-04-20")


@cache
def town() -> Events:
    """Damage breaks out around one area in the last weeks, and fires rise in the last one."""
    city = simulate.City(
        areas=14,
        places=5,
        outbreaks=[
            simulate.Outbreak(factor=12, areas=(5, 6), start=WEEKS - 3, weeks=3,
                              categories=("damage",)),
            simulate.Outbreak(factor=6, areas=tuple(range(14)), start=WEEKS - 1,
                              categories=("fire",)),
        ],
        seed=1,
    )  # fmt: skip
    events = city.simulate(PERIOD[0], WEEKS, seed=5).events
    return Events(
        x=events.x, y=events.y, start=events.start, end=events.end, category=events.category,
        location=events.location,
        excluded={"ingen plats": 12, "tid saknas": 0, "<b>okänd rad</b>": 3},
    )  # fmt: skip


@cache
def picture() -> report.Picture:
    return report.situational_picture(town(), period=PERIOD, seed=1)


def sentences(found: report.Picture, part: str) -> str:
    return " ".join(one.sentence for one in found.findings if one.part == part)


class Page(HTMLParser):
    """What a reader of the markup meets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if tag not in ("meta", "link", "br", "image", "use", "path", "rect"):
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.language = given["lang"]
        self.links += [given[name] for name in ("href", "src", "xlink:href") if name in given]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                raise AssertionError(f"{tag} closes another")


def test_what_was_planted_is_found():
    found = picture()
    assert "fire" in sentences(found, "changes")
    assert "Ökat: fire med " in sentences(found, "changes")
    cluster = next(one for one in found.findings if one.part == "clusters")
    assert cluster.is_certain
    assert cluster.sentence.startswith("damage: ")


def test_a_cluster_says_where_and_each_has_its_map():
    sure = [one for one in picture().findings if one.part == "clusters" and one.is_certain]
    assert sure
    where = r"från plats \d+ \(öst [\d\u202f]+, nord [\d\u202f]+\) sedan"
    for one in sure:
        assert re.search(where, one.sentence)
        assert one.figure is not None
        assert one.figure.table.header[-2:] == ("Öst (m)", "Nord (m)")
        assert "en eller flera händelser" in one.figure.svg


def test_the_essentials_hold_one_line_for_each_part_and_the_whole_comes_first():
    html = picture().html
    essentials = html.partition("Det viktigaste")[2].partition("</ul>")[0]
    assert essentials.count("<li") == 5
    risen = [one.sentence for one in picture().findings if one.sentence.startswith("Ökat")]
    if any("Alla kategorier" in one for one in risen):
        assert "Alla kategorier" in risen[0]
    assert len(risen) < 2 or f"(Och {len(risen) - 1} till, se nedan.)" in essentials


def test_the_settings_are_not_the_languages_of_programs():
    methods = picture().html.partition('id="methods"')[2]
    assert not re.search(r"\b(True|False|None)\b", methods)
    assert "[" not in methods
    assert "star ja" in methods


def test_the_page_needs_nothing_else():
    page = Page(picture().html)
    assert "script" not in page.tags
    outside = [one for one in page.links if not one.startswith(("#", "data:"))]
    assert outside == []
    assert "default-src 'none'" in picture().html
    assert "@import" not in picture().html


def test_the_page_is_put_together_soundly():
    page = Page(picture().html)
    assert page.open == []
    assert page.language == "sv"
    assert page.headings.count(1) == 1
    steps = np.diff(page.headings)
    assert (steps <= 1).all()
    assert len(page.ids) == len(set(page.ids))
    assert {one[1:] for one in page.links if one.startswith("#")} <= set(page.ids)


def test_the_page_is_named_by_its_week_and_says_what_it_is_compared_with():
    html = picture().html
    assert "<h1>Lägesbild 14–20 april 2025</h1>" in html
    assert f"{picture().frame.last_week}\u00a0händelser den här veckan" in html
    assert "sedan 2 januari 2023 att jämföra med" in html


def test_every_finding_stands_on_the_page_with_what_it_rests_on():
    html, found = picture().html, picture().findings
    assert {one.part for one in found} == {"changes", "clusters", "places", "hours", "repeats"}
    for one in found:
        assert one.sentence in html
        if one.figure is not None:
            assert one.figure.caption.replace("<", "&lt;") in html
            assert one.figure.alt in html
            assert one.figure.table.rows[0][0] in html


def test_excluded_rows_are_told_by_reason_and_nothing_is_markup_that_came_with_the_data():
    html = picture().html
    assert "Rader som inte gick att använda: 15." in html
    assert "ingen plats" in html
    assert "tid saknas" not in html
    assert "&lt;b&gt;okänd rad&lt;/b&gt;" in html
    assert "<b>okänd" not in html


def test_seed_fingerprint_and_every_setting_stand_at_the_end():
    html, basis = picture().html, picture().basis
    assert basis.fingerprint in html
    assert basis.seed == 1
    assert "multiple_testing fdr_bh" in html


def test_english_is_english_throughout():
    made = report.situational_picture(weekly([9] * 119 + [40]), language="en", seed=1)
    assert Page(made.html).language == "en"
    assert "Risen: a with 40 in the last week, where " in made.html
    assert not re.search(r"[åäöÅÄÖ]", made.html), "Swedish on an English page"


def test_the_same_data_and_seed_give_the_same_page_whatever_the_threads():
    few = weekly([6] * 20)
    pages = {report.situational_picture(few, seed=3, threads=threads).html for threads in (1, 2)}
    assert len(pages) == 1


def test_the_order_of_the_rows_makes_no_difference_to_what_is_found():
    few = weekly([6] * 20)
    shuffled = few.take(np.random.default_rng(0).permutation(len(few)))
    for part in ("changes", "clusters", "places"):
        one, other = (report.situational_picture(e, seed=3) for e in (few, shuffled))
        assert sentences(one, part) == sentences(other, part)


def test_the_result_is_plain_json():
    plain = json.loads(json.dumps(picture().to_dict()))
    assert plain["period"] == list(PERIOD)
    assert np.array(plain["counts"]).sum() == len(picture().frame.events)
    assert plain["findings"][0]["sentence"] == picture().findings[0].sentence
    assert plain["density"]["basis"]["method"].startswith("kernel density")


def test_each_step_is_told_once_and_the_end_too():
    told: list[tuple[str, int, int]] = []
    few = weekly([6] * 20)
    made = report.situational_picture(few, seed=1, progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(8))
    assert {of for _, _, of in told} == {7}
    assert told[1][0] == "Jämför veckan med det väntade"
    told.clear()
    made.to_html(progress=lambda *step: told.append(step))
    drawn = sum(one.figure is not None for one in made.findings)
    assert [done for _, done, _ in told] == list(range(drawn + 1))


def test_repeats_of_a_rare_kind_can_be_found_and_are_named_in_figure_and_table():
    rng = np.random.default_rng(4)
    n, days = 120, 86_400
    x, y = 5e5 + rng.uniform(0, 9000, n), 6.5e6 + rng.uniform(0, 9000, n)
    start = day("2024-01-01")[0] + rng.integers(0, 350 * days, n)
    # Every other one is followed, next door and within days.
    x[1::2], y[1::2] = x[::2] + 20, y[::2] + 20
    start[1::2] = start[::2] + rng.integers(1, 5 * days, n // 2)
    some = Events(x=x, y=y, start=start, category=np.full(n, "burglary"))
    others = [
        Events(x=rng.permutation(x), y=rng.permutation(y), start=rng.permutation(start),
               category=np.full(n, name))
        for name in ("a", "b", "c", "d")
    ]  # fmt: skip
    made = report.situational_picture(joined(some, *others), seed=1)
    found = [one for one in made.findings if one.part == "repeats"]
    assert [one.is_certain for one in found] == [True]
    assert found[0].sentence.startswith("burglary: ")
    assert found[0].figure is not None
    assert found[0].figure.title.startswith("burglary: ")
    assert found[0].figure.table.header[0].startswith("burglary: ")
    for test in made.repeats.results:
        assert 1 / (test.basis.replicates + 1) <= made.repeats.level / test.ratio.size


# With little -------------------------------------------------------------------------------------


def day(*moments: str) -> np.ndarray:
    return np.array(moments, "datetime64[s]")


def small(n: int = 5, **columns) -> Events:
    at = np.arange(n)
    given = {"x": 5e5 + 100.0 * at, "y": 6.5e6 + 70.0 * at,
             "start": day("2025-03-03T10:00")[0] + at * 3600}  # fmt: skip
    return Events(**{**given, **columns})


def test_no_events_are_a_clear_error():
    with pytest.raises(ValueError, match="events: none"):
        report.situational_picture(small(0))


def test_a_single_event_gives_a_modest_page():
    made = report.situational_picture(small(1))
    assert all(one.figure is None and not one.is_certain for one in made.findings)
    assert "<h1>Lägesbild 3 mars 2025</h1>" in made.html
    assert "1\u00a0händelse 3 mars 2025" in made.html
    assert "Underlaget är litet." in made.html
    assert Page(made.html).open == []


def test_five_events_on_one_day_are_counted_and_nothing_more_is_claimed():
    made = report.situational_picture(small(5, category=np.array(list("aabbc"))))
    assert not any(one.is_certain for one in made.findings)
    assert made.frame.names == ("a", "b", "c")
    assert made.frame.totals.tolist() == [2, 2, 1]
    assert made.frame.last_week == 5


@pytest.mark.parametrize(
    "events",
    [
        small(200, x=np.full(200, 5e5), y=np.full(200, 6.5e6)),
        small(60, start=np.full(60, day("2025-03-03T10:00")[0])),
        small(
            90, y=np.full(90, 6.5e6), start=day("2025-01-01")[0] + np.arange(90) * 37 % 90 * 86_400
        ),
        small(40, category=np.array(["", None, 3, "a"] * 10, object)),
        small(40, weight=np.full(40, 0.5)),
    ],
    ids=["one point", "one moment", "a line", "no category", "weights"],
)
def test_odd_data_give_a_page_and_no_false_certainty(events):
    made = report.situational_picture(events, seed=1)
    assert Page(made.html).open == []
    assert not any(one.is_certain for one in made.findings if one.part in ("changes", "clusters"))


def test_one_event_in_a_quiet_series_is_no_rise():
    draw = np.random.default_rng(2)
    start = day("2024-01-01")[0] + draw.integers(0, 300 * 86_400, 600)
    kinds = np.array([f"k{n}" for n in draw.integers(0, 50, 600)])
    made = report.situational_picture(
        small(600, x=draw.normal(5e5, 900, 600), y=draw.normal(6.5e6, 900, 600), start=start,
              category=kinds)
    )  # fmt: skip
    assert sentences(made, "changes") == (
        "Inget är nytt, ökat eller borta utöver det som slumpen ger."
    )
    assert made.frame.names[-1] == "övriga"
    assert made.frame.totals.sum() == 600


def weekly(counts, *, category: str = "a") -> Events:
    """So many events in each week from a Monday on, spread over space."""
    weeks = np.repeat(np.arange(len(counts)), counts)
    draw = np.random.default_rng(1)
    start = day("2023-01-02")[0] + weeks * 604_800 + draw.integers(0, 604_800, weeks.size)
    return Events(x=draw.normal(5e5, 900, weeks.size), y=draw.normal(6.5e6, 900, weeks.size),
                  start=start, category=np.full(weeks.size, category))  # fmt: skip


def joined(*parts: Events) -> Events:
    return Events(**{
        name: np.concatenate([getattr(one, name) for one in parts])
        for name in ("x", "y", "start", "category")
    })  # fmt: skip


def test_a_handful_of_events_over_many_weeks_is_too_little_and_not_nothing():
    said = sentences(report.situational_picture(weekly([1, 0, 0] * 6)), "changes")
    assert said == (
        "Det går inte att säga något här: underlaget är 6\u00a0händelser, för lite för att se en "
        "förändring."
    )


def test_new_and_gone_are_told_apart_from_risen():
    steady = weekly([5] * 60)
    gone = weekly([4] * 56 + [0] * 4, category="gone")
    new = weekly([0] * 58 + [3, 4], category="new")
    made = report.situational_picture(
        joined(steady, gone, new), period=("2023-01-02", "2024-02-25")
    )
    said = sentences(made, "changes")
    assert "Nytt: new." in said
    assert "Borta: gone har inte rapporterats på fyra veckor, där 16 väntades." in said
    assert "Ökat: new" not in said


@pytest.mark.parametrize("weeks", [60, 120])
def test_what_has_risen_is_above_the_bound_that_is_drawn_and_nothing_else(weeks):
    """EARS' own bound, at 0.001, would lie above some that have risen."""
    rng = np.random.default_rng(3)
    rises = (1.0, 1.3, 1.6, 2.0, 2.4, 3.0)
    kinds = [
        weekly([*rng.poisson(20, weeks - 1), int(20 * rise)], category=f"k{rise}") for rise in rises
    ]
    made = report.situational_picture(joined(*kinds), period=("2023-01-02", str(
        np.datetime64("2023-01-02") + 7 * weeks - 1)))  # fmt: skip
    found = made.changes
    above = found.counts[:, -1] > found.result.upper_bound[:, -1]
    assert sorted(found.risen) == np.flatnonzero(above).tolist()
    assert 2 <= above.sum() < above.size


def test_more_reports_from_more_reporters_are_no_rise():
    counts = [10] * 119 + [40]
    events = weekly(counts)
    effort = np.r_[np.full(119, 10.0), 40.0]
    period = ("2023-01-02", "2025-04-20")
    blind = report.situational_picture(events, period=period)
    seeing = report.situational_picture(events, period=period, effort=effort)
    assert "Ökat" in sentences(blind, "changes")
    assert "Ökat" not in sentences(seeing, "changes")
    assert "vägs in: mellan 10 och 40" in seeing.html
    assert "Hur många som har rapporterat varje vecka är inte givet." in blind.html


def test_a_period_leaves_the_rest_out_and_says_how_many():
    events = weekly([3] * 30)
    made = report.situational_picture(events, period=("2023-01-02", "2023-03-12"))
    assert len(made.frame.events) == 30
    assert made.frame.outside == 60
    assert "60\u00a0händelser ligger utanför perioden" in made.html


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"period": ("2020-01-01", "2020-02-01")}, "period: no event"),
        ({"period": ("2025-02-01", "2025-01-01")}, "period: ends"),
        ({"period": ("now", "then")}, "period: first and last day"),
        ({"effort": [1, 2, 3]}, "effort: one number for each of the 0 weeks"),
        ({"language": "fi"}, "language: one of sv, en"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_is_refused_by_name(options, said):
    with pytest.raises(ValueError, match=said):
        report.situational_picture(small(5), **options)


@pytest.mark.parametrize("key", sorted(_catalogue.SENTENCES))
def test_a_sentence_is_there_in_both_languages_with_the_same_blanks(key):
    swedish, english = _catalogue.SENTENCES[key]
    blanks = [{part[1] for part in Formatter().parse(one) if part[1]} for one in (swedish, english)]
    assert blanks[0] == blanks[1]
    assert [one.strip() for one in (swedish, english)] == [swedish, english]
    assert swedish != english


# In a browser ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_the_page_keeps_nobody_out(scheme, width, browser, axe, tmp_path):
    file = tmp_path / "picture.html"
    file.write_text(picture().html, "utf-8")
    # The page's own policy would refuse the checker.
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    try:
        page.goto(file.as_uri())
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        context.close()


def test_the_page_asks_for_nothing_and_is_refused_nothing(browser, tmp_path):
    file = tmp_path / "picture.html"
    file.write_text(picture().html, "utf-8")
    context = browser.new_context()
    page, troubles = context.new_page(), []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda request: troubles.append(request.url))
    try:
        page.goto(file.as_uri())
        wide = page.evaluate("Math.min(...[...document.querySelectorAll('svg')]"
                             ".map(svg => svg.getBoundingClientRect().width))")  # fmt: skip
    finally:
        context.close()
    assert [one for one in troubles if not one.startswith(("file:", "data:"))] == []
    assert wide > 200


def test_on_paper_what_findings_rest_on_is_shown(browser, tmp_path):
    file = tmp_path / "picture.html"
    file.write_text(picture().html, "utf-8")
    context = browser.new_context()
    page = context.new_page()
    try:
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        hidden = page.evaluate(
            "[...document.querySelectorAll('figcaption p')].filter(p => !p.offsetHeight).length"
        )
    finally:
        context.close()
    assert hidden == 0
