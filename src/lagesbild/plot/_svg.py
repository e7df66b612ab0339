"""From what Matplotlib writes to SVG for people: described, without ids that clash or styles that
a strict page refuses, and the same bytes every time."""

import re
from html import escape

# What the reader's machine has; measured with DejaVu Sans, which is wider than all of them.
_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_STYLE = re.compile(r' style="([^"]*)"')
_ID = re.compile(r' id="([^"]+)"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_GEOMETRY = re.compile(r' (d|x|y|width|height|transform|points)="([^"]*)"')


def document(drawn: str, *, title: str, alt: str, language: str) -> str:
    """A file of its own."""
    body = element(drawn, title=title, alt=alt, language=language, prefix="figure-")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def element(drawn: str, *, title: str, alt: str, language: str, prefix: str) -> str:
    """One `<svg>`, for a page or a file."""
    left = 0 if prefix == "figure-" else 8
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn)
    assert box, "Matplotlib always says a view box"
    width, height = (round(float(side) * 4 / 3) for side in box.groups())
    inner = drawn[drawn.index("<defs>") : drawn.rindex("</svg>")]
    inner = re.sub(r"<style[^>]*>.*?</style>", "", inner, flags=re.DOTALL)
    inner = re.sub(r"<!--.*?-->\s*", "", inner, flags=re.DOTALL)
    inner = _STYLE.sub(lambda found: _attributes(found[1]), inner)
    inner = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", inner)
    inner = _GEOMETRY.sub(lambda found: f' {found[1]}="{_rounded(found[2])}"', inner)
    inner = _own_ids(inner, prefix)
    inner = re.sub(r"\s*\n\s*", "\n", inner)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" aria-labelledby="{prefix}title {prefix}desc" xml:lang="{language}" '
        f'lang="{language}" viewBox="{left} 0 {float(box[1]) - left:g} {box[2]}" '
        f'width="{width}" height="{height}" '
        f'font-family="{_FONTS}" stroke-linejoin="round">\n'
        f'<title id="{prefix}title">{escape(title)}</title>\n'
        f'<desc id="{prefix}desc">{escape(alt)}</desc>\n'
        f"{inner.strip()}\n</svg>"
    )


def _attributes(style: str) -> str:
    """Presentation attributes for declarations: a strict content policy lets these pass."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font-family" or not name:
            continue  # said once, for the whole picture
        kept.append(f' {name}="{value.removesuffix("px") if name == "font-size" else value}"')
    return "".join(kept)


def _rounded(numbers: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), numbers)


def _own_ids(svg: str, prefix: str) -> str:
    """Only ids that something refers to, each with the prefix."""
    used = set(re.findall(r'url\(#([^)]+)\)|xlink:href="#([^"]+)"', svg))
    names = {name for pair in used for name in pair if name}
    svg = _ID.sub(lambda found: f' id="{prefix}{found[1]}"' if found[1] in names else "", svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    return re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{prefix}\1"', svg)
