"""The look: what /design/ shows holds on small and large screens, both ways round, in any light."""

import hashlib
import re
from pathlib import Path

import pytest

from tests import factories as make
from tests.browsing import Violation, look_at

WEB = Path(__file__).resolve().parents[2] / "src/kraftsamling/web"
CSS = WEB / "static/css"
VENDOR = WEB / "static/vendor"
HUES = ("accent", "neutral", "brand1", "info", "success", "warning", "danger")
MAP_SECONDS = 30_000


def told(violations: list[Violation]) -> str:
    return "\n".join(str(violation) for violation in violations)


def open_design(page, anchor: str = "") -> None:
    page.goto(f"/design/{anchor}")
    page.evaluate("customElements.whenDefined('ks-map').then(() => true)")


def show_map(page):
    """Scrolls to the map, which starts it, and waits until it is drawn."""
    element = page.locator("ks-map").first
    element.scroll_into_view_if_needed()
    page.wait_for_selector("ks-map[data-ready]", timeout=MAP_SECONDS)
    return element


# --- Accessibility ---------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_every_component_passes_the_accessibility_checker(new_page, axe, language, scheme):
    page = new_page(width=360, language=language, color_scheme=scheme)
    open_design(page)
    show_map(page)
    for width in (360, 1440):
        look_at(page, width)
        violations = axe(page)
        assert not violations, f"at {width} px\n{told(violations)}"


@pytest.mark.parametrize("language", ["sv", "ar"])
def test_nothing_is_wider_than_a_screen_of_320_pixels(new_page, language):
    page = new_page(width=320, language=language)
    open_design(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_text_may_be_spaced_out_without_being_cut_off(new_page):
    page = new_page(width=360)
    open_design(page)
    page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
          word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
        document.adoptedStyleSheets = [sheet];
    }""")
    cut = page.evaluate("""() => [...document.querySelectorAll(
        "main :is(button, a, label, legend, dt, dd, th, td, h2, h3, p)")]
        .filter((e) => e.offsetParent && getComputedStyle(e).overflow === "hidden"
          && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
          && !e.closest(".ks-visually-hidden"))
        .map((e) => e.outerHTML.slice(0, 120))""")
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_everything_to_press_is_at_least_24_pixels_or_stands_in_running_text(new_page):
    page = new_page(width=360)
    open_design(page)
    small = page.evaluate("""() => [...document.querySelectorAll(
        "a[href], button, summary, input, select, textarea")]
        .filter((e) => e.offsetParent && !e.closest("p, li, th, pre, .ks-skip, dialog"))
        .filter((e) => e.offsetWidth < 24 || e.offsetHeight < 24)
        .map((e) => e.outerHTML.slice(0, 120))""")
    assert small == []


def test_focus_is_visible_on_everything_that_takes_it(page):
    open_design(page)
    for _ in range(25):
        page.keyboard.press("Tab")
        ring = page.evaluate("""() => {
            const seen = [document.activeElement, document.activeElement.closest(".ds-field")];
            return seen.filter(Boolean).map((e) => getComputedStyle(e))
              .some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
        }""")
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 160)")


# --- Colours ---------------------------------------------------------------------------------


def colours(scheme: str) -> dict[str, str]:
    """The variables of one scheme in theme.css: the first block that names it."""
    css = (CSS / "theme.css").read_text()
    block = css.split(f'[data-color-scheme="{scheme}"] {{', 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("hue", HUES)
def test_text_of_each_hue_is_readable_on_each_of_its_grounds(hue, scheme):
    theme = {
        key.removeprefix(f"ds-color-{hue}-"): value
        for key, value in colours(scheme).items()
        if key.startswith(f"ds-color-{hue}-")
    }
    assert len(theme) == 16
    for text in ("text-default", "text-subtle"):
        for ground in ("background-default", "background-tinted", "surface-default",
                       "surface-tinted", "surface-hover"):  # fmt: skip
            assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
    for ground in ("base-default", "base-hover", "base-active"):
        assert contrast(theme["base-contrast-default"], theme[ground]) >= 4.5, ground
    assert contrast(theme["border-default"], theme["surface-default"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_are_readable_on_every_step_of_the_heat_scale(scheme):
    theme = colours(scheme)
    for step in range(6):
        assert contrast(theme[f"ks-on-heat-{step}"], theme[f"ks-heat-{step}"]) >= 4.5, step


def test_our_style_sheets_know_no_left_and_right():
    physical = re.compile(
        r"^\s*(?:(?:margin|padding|border)-(?:left|right)\b|(?:text-align|float):\s*(?:left|right)"
        r"|(?:left|right):(?!\s*auto))",
        re.MULTILINE,
    )
    # MapLibre draws its popup's tip as borders on fixed sides; that is no matter of reading.
    allowed = re.compile(r"border-(left|right)-color")
    for sheet in CSS.glob("*.css"):
        found = physical.findall(allowed.sub("", sheet.read_text()))
        assert not found, f"{sheet.name}: {found}: write margin-inline-start and the like"


# --- Without JavaScript ----------------------------------------------------------------------


def test_without_javascript_the_menu_opens_by_its_link_and_everything_can_be_read(new_page):
    page = new_page(width=360, java_script_enabled=False)
    page.goto("/design/")
    assert not page.locator(".ks-nav").is_visible()
    page.click("a.ks-menu-button")
    assert page.locator(".ks-nav a").first.is_visible()
    assert page.locator("#flik-oppet").is_visible()
    assert page.locator("#flik-tillganglighet").is_visible()
    assert not page.locator("ks-map").first.is_visible()
    assert page.locator(".ks-map__list").first.get_by_text("Visualiseringscenter").is_visible()
    assert not page.locator("[data-theme-chooser]").is_visible()


# --- Small behaviours ------------------------------------------------------------------------


def test_the_menu_button_opens_the_menu_and_escape_gives_the_focus_back(new_page):
    page = new_page(width=360)
    open_design(page)
    button = page.get_by_role("button", name="Meny")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    page.locator(".ks-nav a").first.focus()
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.textContent").strip() == "Meny"


def test_the_chosen_light_is_kept_in_the_browser_and_in_no_cookie(page):
    open_design(page)
    page.click("[data-theme-chooser] > summary")
    page.click('[data-scheme="dark"]')
    dark = "rgb(14, 26, 27)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    open_design(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.get_attribute('[data-scheme="dark"]', "aria-pressed") == "true"
    assert not [c for c in page.context.cookies() if "scheme" in c["name"] or c["value"] == "dark"]


@pytest.mark.parametrize(("language", "forward"), [("sv", "ArrowRight"), ("ar", "ArrowLeft")])
def test_tabs_move_with_the_arrow_of_the_reading_direction(new_page, language, forward):
    page = new_page(language=language)
    open_design(page)
    tabs = page.locator("[role=tab]")
    tabs.nth(0).focus()
    page.keyboard.press(forward)
    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert page.locator("#flik-undantag").is_visible()
    assert not page.locator("#flik-oppet").is_visible()


def test_a_dialog_opens_from_its_link_and_escape_gives_the_focus_back(page):
    open_design(page)
    opener = page.locator("[data-dialog=bekrafta]")
    opener.click()
    assert page.get_by_role("dialog", name="Ta bort platsen?").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#bekrafta").is_visible()
    assert page.evaluate("document.activeElement.dataset.dialog") == "bekrafta"


def test_a_message_is_announced_and_can_be_put_away(page):
    open_design(page, "?toast=success")
    region = page.locator("#ks-toasts")
    assert region.get_attribute("aria-live") == "polite"
    assert region.get_by_text("Platsen är sparad.").is_visible()
    region.get_by_role("button", name="Stäng meddelandet").click()
    assert region.locator(".ks-toast").count() == 0


# --- Forms -----------------------------------------------------------------------------------


def test_each_line_of_the_error_summary_leads_to_its_field(page):
    open_design(page)
    links = page.locator(".ks-error-summary a")
    assert links.count() == 3
    for link in links.all():
        link.click()
        target = page.evaluate("document.activeElement.id || location.hash.slice(1)")
        field = page.locator(f"[id='{target}']")
        assert field.count() == 1
        assert field.get_attribute("aria-invalid") == "true"


def test_a_field_is_tied_to_its_hint_and_its_error(page):
    open_design(page)
    described = page.get_attribute("#id_fel-email", "aria-describedby")
    texts = [page.locator(f"[id='{name}']").inner_text() for name in described.split()]
    assert texts[0] == "Visas bara för dem som samordnar."
    assert "e-post" in texts[1].lower()
    group = page.locator("fieldset", has_text="För vem").nth(1)
    assert page.locator(f"[id='{group.get_attribute('aria-describedby')}']").is_visible()


def test_a_long_text_counts_down(page):
    open_design(page)
    counter = page.locator("#id_note_counter [data-count]")
    assert counter.inner_text() == "500 tecken kvar"
    page.fill("#id_note", "Lampan är trasig")
    assert counter.inner_text() == "484 tecken kvar"


def test_a_guarded_text_warns_while_it_is_written_and_holds_what_is_certain(page):
    open_design(page)
    field = page.locator("#id_note")
    field.fill("Lampan vid gångvägen är trasig.")
    assert page.locator(".privacy-guard__item").count() == 0
    field.fill("Ring mig på 070-174 06 58 när lampan lagats.")
    item = page.locator(".privacy-guard__item").first
    item.wait_for()
    assert "telefonnummer" in item.inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("Lampan vid gångvägen är trasig.")
    item.wait_for(state="detached")
    assert field.get_attribute("aria-invalid") is None


@pytest.mark.django_db(transaction=True)
def test_a_place_of_the_city_is_no_person_to_the_guard_in_the_browser(page):
    make.PlaceFactory(name=make.sv("Karin Lindgrens"))
    open_design(page)
    field = page.locator("#id_note")
    field.fill("Lampan vid Anna Persson och Karin Lindgrens är trasig.")
    items = page.locator(".privacy-guard__quote")
    items.first.wait_for()
    assert items.all_inner_texts() == ["”Anna Persson”"]


def test_no_field_hides_its_label_in_the_field(page):
    open_design(page)
    assert page.locator("[placeholder]").count() == 0
    unlabelled = page.evaluate("""() => [...document.querySelectorAll("input, select, textarea")]
        .filter((e) => e.type !== "hidden" && !e.labels?.length).map((e) => e.outerHTML)""")
    assert unlabelled == []


# --- Tables and figures ----------------------------------------------------------------------


def test_sorting_by_link_says_its_order_and_keeps_the_filters(page):
    page.goto("/design/?kind=x&page=3")
    page.locator(".ks-sort", has_text="Besök").click()
    assert "sort=visits" in page.url
    assert "kind=x" in page.url
    assert "page=" not in page.url
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.locator(".ks-sort", has_text="Besök").click()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_every_figure_has_words_a_basis_and_its_numbers_as_a_table(page):
    open_design(page)
    figures = page.locator("figure.ks-chart")
    assert figures.count() == 3
    for figure in figures.all():
        assert figure.locator("figcaption").inner_text()
        assert "n = " in figure.locator(".ks-basis").inner_text()
        assert figure.locator("table tbody tr").count() >= 5
        for drawing in figure.locator("svg[role=img]").all():
            assert drawing.locator("title").count() == 1
            assert len(drawing.locator("desc").text_content()) > 20


# --- The map ---------------------------------------------------------------------------------


def test_the_map_waits_until_it_is_seen(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_design(page)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "maplibre" in url]
    show_map(page)
    assert [url for url in asked if url.endswith("maplibre-gl.mjs")]


def test_the_map_is_walked_with_the_keyboard_from_list_to_popup_and_back(page):
    open_design(page)
    element = show_map(page)
    button = page.get_by_role("button", name="Visa på kartan: Visualiseringscenter")
    button.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Visualiseringscenter")
    popup.wait_for()
    assert popup.get_by_text("Gratis inträde i helgen").is_visible()
    assert popup.evaluate("e => e.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert element.locator(".maplibregl-popup").count() == 0
    assert page.evaluate("document.activeElement.textContent").startswith("Visa på kartan")


def test_the_map_moves_with_the_arrow_keys(page):
    open_design(page)
    show_map(page)
    middle = "() => { const c = document.querySelector('ks-map').map.getCenter(); return c.lng; }"
    before = page.evaluate(middle)
    page.locator("ks-map canvas").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)  # the map glides
    assert page.evaluate(middle) > before


def test_a_name_on_the_map_is_text_and_never_markup(page):
    open_design(page)
    show_map(page)
    page.evaluate("""async () => {
        const element = document.querySelector("ks-map");
        const own = new URL(element.getAttribute("module"), location.href);
        const { openPopup } = await import(new URL("popup.mjs", own).href);
        openPopup(element, { title: "<img src=x onerror=document.title='hit'>", text: "<b>x</b>",
          url: "javascript:alert(1)" }, [16.19, 58.59]);
    }""")
    popup = page.locator(".ks-map__popup")
    assert popup.locator("img, b, a").count() == 0
    assert "<img" in popup.inner_text()
    assert page.title() != "hit"


def test_without_webgl_the_map_says_so_and_the_list_remains(new_page):
    page = new_page()
    page.add_init_script("""
        const own = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind.startsWith("webgl") ? null : own.call(this, kind, ...rest);
        };""")
    open_design(page)
    page.locator("ks-map").first.scroll_into_view_if_needed()
    page.wait_for_selector("ks-map[data-failed]")
    assert "står i listan" in page.locator("ks-map").first.inner_text()
    assert page.locator(".ks-map__list").first.get_by_text("Portalen").is_visible()


def test_a_point_is_chosen_by_a_tap_or_by_the_button_and_the_fields_hold_it(page):
    open_design(page)
    page.locator("ks-map").nth(1).scroll_into_view_if_needed()
    page.wait_for_selector("#valj-ord ~ ks-map[data-ready]", timeout=MAP_SECONDS)
    latitude, longitude = page.locator("#prov-latitud"), page.locator("#prov-longitud")
    page.get_by_role("button", name="Sätt punkten mitt på kartan").press("Enter")
    middle = float(latitude.input_value()), float(longitude.input_value())
    assert 58.5 < middle[0] < 58.7, "the base map begins at the city"
    canvas = page.locator("#valj-ord ~ ks-map canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] * 0.8}, force=True)
    assert float(latitude.input_value()) < middle[0]
    assert float(longitude.input_value()) == pytest.approx(middle[1], abs=1e-4)
    assert page.locator(".ks-map__pin").count() == 1
    latitude.fill("")
    latitude.press("Tab")
    assert page.locator(".ks-map__pin").count() == 0


@pytest.fixture
def archive(tmp_path):
    """A PMTiles file with one lake in it."""
    pyogrio = pytest.importorskip("pyogrio")
    shapely = pytest.importorskip("shapely")
    numpy = pytest.importorskip("numpy")
    if "PMTiles" not in pyogrio.list_drivers():
        pytest.skip("this GDAL cannot write PMTiles")
    path = tmp_path / "city.pmtiles"
    pyogrio.raw.write(
        str(path),
        geometry=numpy.array([shapely.to_wkb(shapely.box(16.1, 58.5, 16.3, 58.7))], dtype=object),
        field_data=[numpy.array(["Sjön"], dtype=object)],
        fields=["name"],
        layer="water",
        driver="PMTiles",
        crs="EPSG:4326",
        geometry_type="Polygon",
        MINZOOM=0,
        MAXZOOM=10,
    )
    return path.read_bytes()


def test_an_operators_own_archive_of_tiles_can_be_the_base_map(page, live_server, archive):
    def answer(route):
        first, last = route.request.headers["range"].removeprefix("bytes=").split("-")
        part = archive[int(first) : int(last) + 1]
        total = f"bytes {first}-{int(first) + len(part) - 1}/{len(archive)}"
        route.fulfill(status=206, body=part, headers={"Content-Range": total})

    page.route("**/city.pmtiles", answer)
    open_design(page)
    page.evaluate("""() => {
        const map = document.querySelector("ks-map");
        const vendor = new URL("../vendor/", new URL(map.getAttribute("module"), location.href));
        map.setAttribute("pmtiles", "/city.pmtiles");
        map.setAttribute("pmtiles-library", new URL("pmtiles-4.5.0/pmtiles.mjs", vendor).href);
    }""")
    show_map(page)
    drawn = page.evaluate("""async () => {
        const { map } = document.querySelector("ks-map");
        if (!map.areTilesLoaded()) await new Promise((done) => map.once("idle", done));
        return [map.getLayer("water")?.type, map.querySourceFeatures("base",
          { sourceLayer: "water" }).length, Boolean(map.getLayer("ks-point"))];
    }""")
    assert drawn[0] == "fill"
    assert drawn[1] >= 1
    assert drawn[2], "the page's own points lie on any base map"


def test_only_the_list_is_a_choice_that_lasts(page):
    open_design(page)
    page.get_by_role("button", name="Bara lista").click()
    assert not page.locator("ks-map").first.is_visible()
    open_design(page)
    assert not page.locator("ks-map").first.is_visible()
    assert page.locator(".ks-map__list").first.is_visible()
    page.get_by_role("button", name="Karta och lista").click()
    show_map(page)


# --- Paper -----------------------------------------------------------------------------------


def test_paper_shows_the_content_and_no_furniture(new_page):
    page = new_page(color_scheme="dark")
    open_design(page)
    page.emulate_media(media="print", color_scheme="dark")
    for furniture in (".ks-tools", ".ks-nav", ".ks-breadcrumbs", "ks-map", ".ks-filters"):
        assert not page.locator(furniture).first.is_visible(), furniture
    assert page.locator("#flik-undantag").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    link = page.locator("#papper a")
    shown = link.evaluate("e => getComputedStyle(e, '::after').content")
    assert "w3.org" in shown
    assert page.pdf().startswith(b"%PDF")


# --- What we ship from others ----------------------------------------------------------------


def test_every_vendored_file_is_the_one_that_was_listed():
    listed = dict(re.findall(r"^\| (\S+/\S+) \| ([0-9a-f]{64}) \|$",
                             (VENDOR / "README.md").read_text(), re.MULTILINE))  # fmt: skip
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent != VENDOR
    }
    assert there == listed


def test_all_fonts_together_weigh_less_than_60_kilobytes():
    assert sum(path.stat().st_size for path in VENDOR.rglob("*.woff2")) < 60_000
