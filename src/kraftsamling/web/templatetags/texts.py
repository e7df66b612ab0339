"""Texts in several languages, as a page shows them."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kraftsamling.kit.languages import SOURCE_LANGUAGE, direction_of
from kraftsamling.kit.texts import Texts, Translation
from kraftsamling.web.dates import day_words

register = template.Library()


@register.filter
def plain(texts: Texts | None) -> str:
    """The text in the page's language, else the nearest there is; for titles and attributes."""
    return _shown(texts).text


@register.filter
def text(texts: Texts | None) -> str | SafeString:
    """As `plain`, with `lang` and `dir` where the text is not in the page's language."""
    shown = _shown(texts)
    if not shown.text or shown.language == _language():
        return shown.text
    return format_html(
        '<span lang="{}" dir="{}">{}</span>',
        shown.language,
        direction_of(shown.language),
        shown.text,
    )


@register.filter
def is_draft(texts: Texts | None) -> bool:
    """Whether what `text` shows is machine-made and read by nobody: show the draft mark."""
    return _shown(texts).is_draft


@register.filter
def in_words(day: date) -> str:
    """A day with its weekday, as the page's language says it: 'söndag 24 maj'."""
    return day_words(day)


def _language() -> str:
    return get_language() or SOURCE_LANGUAGE


def _shown(texts: Texts | None) -> Translation:
    return (texts or Texts()).in_language(_language())
