"""Tags for the look: icons, figures, tables that sort, and small blocks with a body."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kraftsamling.web.design.icons import DIRECTIONAL, PATHS

register = template.Library()


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
