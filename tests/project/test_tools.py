"""The checkers find what they are there to find."""

import json

import pytest
from tools import check_files, check_templates, messages
from tools.run_tests import Part, closing_line, slowest_tests, warning


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('<p style="color: red"></p>', "style="),
        ('<button onclick="x()"></button>', "onclick="),
        ('<a href="javascript:x()"></a>', "javascript:"),
        ("<script>x()</script>", "module under static/js/"),
        ("<style>p {}</style>", "stylesheet"),
        ("<p>Spara</p>", "outside the catalogues"),
        ('<img alt="Karta" src="x">', "alt= outside the catalogues"),
        ('{% if a %}<p aria-label="Stäng">{% endif %}', "aria-label="),
        ("<p>{{ count }} platser</p>", "outside the catalogues"),
        ('<i lang="ar"><i>قلب</i></i><b>Spara</b>', "outside the catalogues"),
        ('<p lang="{{ code }}">Spara</p>', "outside the catalogues"),
    ],
)
def test_a_template_that_breaks_a_rule_is_named(source, said):
    (problem,) = check_templates.problems_in(f"<div>\n{source}</div>")
    assert problem[0] == 2
    assert said in problem[1]


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Spara" %}</p>',
        "<p>{% blocktranslate %}Hej {{ name }}{% endblocktranslate %}</p>",
        '<script src="/static/x.js"></script>',
        '<script type="application/json">{"a": 1}</script>',
        '<img alt="" src="x">',
        '<p aria-label="{{ label }}">12 %</p>',
        "{# untranslated: the samples of a page for developers #}<p>Spara</p>",
        "{% comment %}Den här texten visas inte{% endcomment %}",
        '<div lang="ar"><div>قلب</div>قلب</div>',
        '{% block body_class %}ks-wide{% endblock %}<p class="lead"></p>',
    ],
)
def test_a_template_that_keeps_the_rules_is_left_alone(source):
    assert check_templates.problems_in(source) == []


def test_links_to_no_file_and_no_heading_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(check_files, "ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# Två ord\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md) [b](other.md#två-ord) [c](gone.md) [d](other.md#borta) `[e](no.md)`\n"
        "[f](https://trygg.example/) <img src='x'>\n",
        "utf-8",
    )
    assert list(check_files.broken_links(page)) == [
        "page.md: gone.md leads to no file",
        "page.md: other.md#borta leads to no heading",
    ]


@pytest.fixture
def product(tmp_path, monkeypatch):
    """A product of one module and one template, with catalogues of its own."""
    package = tmp_path / "kraftsamling"
    (package / "templates").mkdir(parents=True)
    (package / "code.py").write_text(
        'a = _("Spara")\nb = ngettext("%(n)d plats", "%(n)d platser", n)\n'
        'c = pgettext("månad", "maj")\nd = _("lång " "mening")\n',
        "utf-8",
    )
    (package / "templates/page.html").write_text(
        '<p>{% translate "Spara" %}</p>\n  <p>{% blocktranslate trimmed %}Hej\n'
        "   {{ name }}!{% endblocktranslate %}</p>\n{{ value|default:_('inget') }}",
        "utf-8",
    )
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "PACKAGE", package)
    monkeypatch.setattr(messages, "LOCALE", package / "locale")
    return package


def _ids(catalog):
    return {message.id for message in catalog if message.id}


def test_texts_are_found_in_code_and_templates(product):
    assert _ids(messages.found_messages()) == {
        "Spara",
        ("%(n)d plats", "%(n)d platser"),
        "maj",
        "lång mening",
        "Hej %(name)s!",
        "inget",
    }


def test_a_second_update_changes_no_byte(product, capsys):
    messages.update()
    first = messages.catalogue_path("ar").read_bytes()
    messages.update()
    assert messages.catalogue_path("ar").read_bytes() == first
    assert b"POT-Creation-Date" not in first


def test_swedish_is_complete_by_construction_and_english_must_be_made_so(product, capsys):
    messages.update()
    found = "\n".join(messages.problems())
    assert "sv:" not in found
    assert "en: 6 of 6 texts are not translated" in found


def test_what_is_filled_in_is_kept_compiled_and_used(product, monkeypatch, capsys):
    messages.update()
    capsys.readouterr()
    messages.missing("en")
    waiting = json.loads(capsys.readouterr().out)
    english = {
        "Spara": "Save",
        "maj": "May",
        "lång mening": "long sentence",
        "Hej %(name)s!": "Hello %(name)s!",
        "inget": "nothing",
    }
    for entry in waiting:
        text = entry["text"]
        entry["translation"] = (
            ["%(n)d place", "%(n)d places"] if isinstance(text, list) else english[text]
        )
    monkeypatch.setattr("sys.stdin.read", None, raising=False)
    monkeypatch.setattr(messages.json, "load", lambda stream: waiting)
    messages.fill("en")
    messages.update()
    assert list(messages.problems()) == []

    path = messages.catalogue_path("en")
    messages.compile_catalogues([str(path)])
    import gettext

    with path.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Spara") == "Save"
    assert catalogue.pgettext("månad", "maj") == "May"
    assert catalogue.ngettext("%(n)d plats", "%(n)d platser", 2) == "%(n)d places"


def test_a_translation_that_loses_a_placeholder_is_named(product, capsys):
    messages.update()
    path = messages.catalogue_path("fi")
    text = path.read_text("utf-8").replace(
        'msgid "Hej %(name)s!"\nmsgstr ""', 'msgid "Hej %(name)s!"\nmsgstr "Hei!"'
    )
    path.write_text(text, "utf-8")
    assert any("placeholders" in problem for problem in messages.problems())


def test_a_new_text_makes_the_catalogues_stale(product, capsys):
    messages.update()
    (product / "more.py").write_text('_("Ny text")', "utf-8")
    assert any("behind the code" in problem for problem in messages.problems())


def test_the_closing_line_adds_the_parts_up_in_pytests_own_words():
    first, second = Part("one"), Part("two")
    first._read("===== 3 failed, 120 passed, 2 skipped, 1 warning in 12.30s ======")
    second._read("=========== 80 passed, 40 deselected, 1 error in 5.00s ===========")
    first.seconds, second.seconds = 12.3, 5.0
    line = closing_line([first, second])
    assert "3 failed, 1 error, 200 passed, 2 skipped, 1 warning in 17.30s" in line
    assert line.startswith("=")


def test_lines_that_only_look_like_a_closing_line_are_not_counted():
    part = Part("one")
    part._read("E   assert 1 failed in the middle of 3.00s")
    part._read("FAILED tests/x.py::test_y - 3 passed in 2.00s")
    assert part.counts == {}


def test_the_slowest_tests_of_all_parts_are_told_once_at_the_end():
    first, second = Part("SQLite, everything"), Part("PostgreSQL")
    shown = [
        first._read("============ slowest 10 durations ============"),
        first._read("2.50s call     tests/x.py::test_y[a b]"),
        first._read("\x1b[33m0.20s setup    tests/x.py::test_z\x1b[0m"),
        first._read("(8 durations < 1s hidden.  Use -vv to show these durations.)"),
        second._read("11.00s teardown tests/x.py::test_y[a b]"),
    ]
    assert not any(shown)
    assert second._read("2.50s is what it took")
    assert [line.split() for line in slowest_tests([first, second])] == [
        ["11.0", "s", "tests/x.py::test_y[a", "b]", "(PostgreSQL)"],
        ["2.5", "s", "tests/x.py::test_y[a", "b]", "(SQLite)"],
        ["0.2", "s", "tests/x.py::test_z", "(SQLite)"],
    ]


@pytest.mark.parametrize(("seconds", "warned"), [(480.0, False), (481.0, True)])
def test_a_run_that_takes_too_long_is_warned_of(seconds, warned):
    assert bool(warning([Part("one", seconds=seconds - 80), Part("two", seconds=80.0)])) is warned
