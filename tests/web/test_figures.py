"""Figures: what is drawn where, before anything becomes SVG."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftsamling.web.design import figures
from kraftsamling.web.templatetags import design

FRAME = {"title": "Titel", "summary": "Vad den visar.", "basis": "n = 3, vecka 1–3, räknat."}


def line(*points: figures.Point) -> figures.LineFigure:
    return figures.LineFigure(**FRAME, points=points, period_heading="Vecka", value_heading="Antal")


def heat(counts: tuple[tuple[int | None, ...], ...]) -> figures.HeatFigure:
    rows = tuple(f"r{i}" for i in range(len(counts)))
    columns = tuple(f"c{i}" for i in range(len(counts[0])))
    return figures.HeatFigure(**FRAME, rows=rows, columns=columns, counts=counts, row_heading="Dag")


@given(st.floats(min_value=0, max_value=1e7))
def test_the_axis_always_starts_at_zero_and_reaches_the_highest_value(top):
    ticks = figures.nice_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] >= top
    assert 2 <= len(ticks) <= 7
    assert all(tick == int(tick) for tick in ticks)


def test_the_longest_bar_is_the_whole_width_and_the_others_follow():
    bars = (figures.Bar("a", 10), figures.Bar("b", 5), figures.Bar("c", 0))
    figure = figures.BarFigure(**FRAME, bars=bars, category_heading="K", value_heading="V")
    assert [drawn.share for drawn in figures.draw_bars(figure)] == ["100.0%", "50.0%", "0.0%"]


def test_a_figure_without_bars_or_points_is_drawn_empty():
    figure = figures.BarFigure(**FRAME, bars=(), category_heading="K", value_heading="V")
    assert figures.draw_bars(figure) == []
    assert figures.draw_line(line()).dots == []


def test_a_gap_in_the_interval_is_a_gap_in_the_band():
    drawn = figures.draw_line(
        line(
            figures.Point("1", 3, low=1, high=5),
            figures.Point("2", 4, low=1, high=5),
            figures.Point("3", 2),
            figures.Point("4", 3, low=1, high=5),
            figures.Point("5", 3, low=1, high=5),
        )
    )
    assert len(drawn.bands) == 2
    assert len(drawn.dots) == 5


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60))
def test_every_point_lies_inside_the_drawing(values):
    drawn = figures.draw_line(line(*(figures.Point(str(i), v) for i, v in enumerate(values))))
    for dot in drawn.dots:
        assert 0 <= float(dot.x) <= figures.WIDTH
        assert 0 <= float(dot.y) <= figures.HEIGHT


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=3, max_size=3),
        min_size=1,
        max_size=7,
    )
)
def test_a_higher_count_never_gets_a_paler_colour(rows):
    figure = heat(tuple(tuple(row) for row in rows))
    steps = [cell.step for cell in figures.draw_heat(figure).cells]
    counts = [count or 0 for row in rows for count in row]
    pairs = sorted(zip(counts, steps, strict=True))
    assert [step for _, step in pairs] == sorted(steps)
    assert all(0 <= step <= figures.HEAT_STEPS for step in steps)
    assert all((step == 0) == (count == 0) for count, step in pairs)


def test_too_few_to_show_is_marked_and_is_not_zero():
    cells = figures.draw_heat(heat(((None, 0, 4),))).cells
    assert [cell.label for cell in cells] == ["–", "", "4"]


def test_a_title_is_text_in_the_svg_and_never_markup():
    figure = figures.LineFigure(
        title="<script>x</script>",
        summary="<b>",
        basis="n = 1",
        points=(figures.Point("<i>", 1),),
        period_heading="Vecka",
        value_heading="Antal",
    )
    html = design.line_figure(figure)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html.replace("<i></i>", "")


def test_the_same_figure_is_the_same_bytes_each_time():
    figure = line(figures.Point("1", 3), figures.Point("2", 4))
    assert design.line_figure(figure) == design.line_figure(figure)


def test_an_unknown_icon_stops_the_page():
    with pytest.raises(KeyError):
        design.icon("finns-inte")


def test_an_icon_speaks_only_when_it_has_a_label():
    assert 'aria-hidden="true"' in design.icon("search")
    assert 'role="img" aria-label="Sök &amp; hitta"' in design.icon("search", "Sök & hitta")
