"""Tags for the look: icons, figures, tables that sort, and small blocks with a body.

All of them are shown with the line to copy at /design/.
"""

from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from kraftsamling.web.design import figures
from kraftsamling.web.design.icons import DIRECTIONAL, PATHS
from kraftsamling.web.design.words import map_words
from kraftsamling.web.printing import Printed
from kraftsamling.web.requests import moment

register = template.Library()

_NOTICE_ICONS = {"info": "info", "success": "success", "warning": "warning", "danger": "danger"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon as inline SVG: silent beside a text, or speaking `label` where it stands alone.

    An unknown name raises KeyError: a missing icon should stop the page in a test, not vanish.
    """
    classes = "ks-icon ks-icon--directional" if name in DIRECTIONAL else "ks-icon"
    voice: Any = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" focusable="false" {}><path d="{}"/></svg>',
        classes,
        voice if label else mark_safe('aria-hidden="true"'),
        PATHS[name],
    )


@register.simple_tag
def badge(text: str, kind: str = "neutral", icon_name: str = "") -> SafeString:
    """A status in a word, with a colour and optionally an icon.

    `kind` is one of neutral, accent, brand1, info, success, warning, danger.
    """
    return format_html(
        '<span class="ks-badge" data-color="{}">{}{}</span>',
        kind,
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", level: int = 2) -> SafeString:
    """A message that belongs to the page: `{% notice "warning" title="..." %}<p>...</p>{% ... %}`.

    `kind` is info, success, warning or danger; `level` is the heading level of the title.
    """
    heading = format_html("<h{0}>{1}</h{0}>", level, title) if title else ""
    return format_html(
        '<div class="ks-notice" data-color="{}">{}{}<div class="ks-prose">{}</div></div>',
        kind,
        icon(_NOTICE_ICONS[kind]),
        heading,
        content,
    )


@register.simple_block_tag
def fold(content: str, summary: str, is_open: bool = False) -> SafeString:
    """Something that may stay folded: a summary line that opens its body."""
    return format_html(
        '<details class="ks-fold"{}><summary>{}</summary>'
        '<div class="ks-fold__body">{}</div></details>',
        mark_safe(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag
def dialog(content: str, name: str, title: str, kind: str = "") -> SafeString:
    """A dialog that a link with `data-dialog="name"` opens; without JavaScript the link leads on.

    Inside, an element with `data-close` closes it. `kind="danger"` for what cannot be undone.
    """
    return format_html(
        '<dialog class="ks-dialog" id="{0}" aria-labelledby="{0}-titel" data-kind="{1}">'
        '<div class="ks-stack"><h2 id="{0}-titel">{2}</h2>{3}</div></dialog>',
        name,
        kind,
        title,
        content,
    )


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, label: str, column: str, numeric: bool = False, parameter: str = "sort"
) -> dict[str, Any]:
    """A column heading that sorts by link: `?sort=name`, then `?sort=-name`.

    The rest of the address (filters) is kept; the page number is not.
    """
    query = context["request"].GET.copy()
    current = query.get(parameter, "")
    query[parameter] = f"-{column}" if current == column else column
    query.pop("page", None)
    order = {column: "ascending", f"-{column}": "descending"}.get(current, "")
    return {"label": label, "order": order, "numeric": numeric, "query": query.urlencode()}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, noun: str = "") -> dict[str, Any]:
    """Links to the pages of a Django `Page`, and which rows are shown of how many."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {
        "page": page,
        "noun": noun,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1)),
        "ellipsis": page.paginator.ELLIPSIS,
        "query": f"{query.urlencode()}&" if query else "",
    }


# Pages whose path alone may sign someone in, or tell whose page it is.
_SECRET_FOLDERS = ("/account/", "/demo/")


@register.inclusion_tag("components/print_heading.html", takes_context=True)
def print_heading(context: Context) -> dict[str, Any]:
    """What stands first on paper. A view with a list gives `printed` (see web/printing.py).

    The address holds what was asked for and nothing else of the query: no key, no mark of a visit.
    It is under the service's own name: what a request says of its host may be made up.
    """
    request, printed = context.get("request"), context.get("printed")
    return {
        "printed": printed,
        "now": localtime(moment()),
        "time_zone": settings.TIME_ZONE,
        "address": _address_on_paper(request, printed) if request else "",
    }


def _address_on_paper(request: HttpRequest, printed: Printed | None) -> str:
    if request.path_info.startswith(_SECRET_FOLDERS):
        return ""
    query = QueryDict(mutable=True)
    for each in printed.asked if printed else ():
        query[each.name] = each.given
    page = request.GET.get("page", "")
    if printed and page.isascii() and page.isdigit():
        query["page"] = page[:6]
    path = f"{request.path}?{query.urlencode()}" if query else request.path
    return f"{settings.BASE_URL}{path}"


@register.simple_block_tag(takes_context=True, name="map", end_name="endmap")
def map_with_list(
    context: Context, content: str, label: str, data: Any = None, data_url: str = "", **options: Any
) -> SafeString:
    """The one map, around the list that says the same: `{% map label="..." data=geojson %}`.

    `data` is a GeoJSON FeatureCollection as a dict, or `data_url` where it is fetched from.
    Options: `name` (needed for the second map of a page), `beside` and `tall` (layout), `bounds`
    ("west,south,east,north"), `pick_latitude` and `pick_longitude` (ids of two number fields).
    """
    name = options.get("name", "karta")
    return render_to_string(
        "components/map.html",
        {
            "label": label,
            "data": data,
            "data_url": data_url,
            "content": content,
            "map_style": context.get("map_style"),
            "words": map_words(label),
            "words_id": f"{name}-ord",
            "data_id": f"{name}-data",
            "always": "pick_latitude" in options,
            **options,
        },
    )


@register.simple_tag
def bar_figure(figure: figures.BarFigure) -> SafeString:
    """Values of categories: a table whose cells are bars, so it reads without seeing."""
    return _draw("components/bar_figure.html", figure, figures.draw_bars(figure))


@register.simple_tag
def line_figure(figure: figures.LineFigure) -> SafeString:
    """Counts over time with the expected interval, and the same numbers in a folded table."""
    return _draw("components/line_figure.html", figure, figures.draw_line(figure))


@register.simple_tag
def heat_figure(figure: figures.HeatFigure) -> SafeString:
    """Weekday by hour as a grid, and the same numbers in a folded table."""
    table = list(zip(figure.rows, figure.counts, strict=True))
    return _draw("components/heat_figure.html", figure, figures.draw_heat(figure), table=table)


def _draw(template_name: str, figure: figures.Frame, drawn: Any, **more: Any) -> SafeString:
    # Made from the content, so that the same page is the same bytes; two figures may share a title.
    name = f"figur-{crc32(repr(figure).encode()):x}"
    return render_to_string(template_name, {"figure": figure, "drawn": drawn, "name": name, **more})
