"""How the handbook is built: `make docs`."""

import re
from pathlib import Path

_ABOUT = (Path(__file__).parent.parent / "src/kraftsamling/__init__.py").read_text("utf-8")
_VERSION = re.search(r'__version__ = "([^"]+)"', _ABOUT)
assert _VERSION

project = "Kraftsamling"
author = "The Kraftsamling contributors"
copyright = author
release = version = _VERSION[1]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]
myst_heading_anchors = 4  # so that a link to a heading is checked as well
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]

html_theme = "furo"
html_title = f"Kraftsamling {version}"
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0b5a5e",
        "color-brand-content": "#0b5a5e",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7fd1cf",
        "color-brand-content": "#7fd1cf",
    },
}
html_show_sphinx = False
html_copy_source = False
