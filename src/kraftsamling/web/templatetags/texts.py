"""Texts in several languages, as a page shows them."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kraftsamling.kit.languages import BY_CODE, SOURCE_LANGUAGE, direction_of
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
def prose(texts: Texts | None) -> str | SafeString:
    """As `text`, and says which language it is in where that is not the page's own.

    For sentences. A name is a name in every language: use `text` for those.
    """
    shown = _shown(texts)
    return _marked(text(texts), shown.language) if shown.text else ""


@register.filter
def prose_block(texts: Texts | None) -> str | SafeString:
    """As `prose`, for a text of several paragraphs."""
    shown = _shown(texts)
    if not shown.text:
        return ""
    paragraphs = mark_safe(linebreaks(shown.text, autoescape=True))  # escaped by it
    if shown.language == _language():
        return paragraphs
    attributes = (shown.language, direction_of(shown.language), paragraphs)
    return format_html(
        '<div lang="{}" dir="{}">{}</div><p>{}</p>', *attributes, _mark(shown.language)
    )


@register.filter
def excerpt(texts: Texts | None, words: int) -> str | SafeString:
    """As `prose`, cut after some words."""
    shown = _shown(texts)
    cut = Truncator(shown.text).words(words)
    return prose(Texts({shown.language: cut})) if cut else ""


@register.filter
def local(words: str | None) -> str | SafeString:
    """A short text that is only ever kept in the city's language, such as an address."""
    return text(Texts.of(words)) if words else ""


@register.filter
def local_prose(words: str | None) -> str | SafeString:
    """As `local`, for a sentence: it says which language it is in."""
    return prose(Texts.of(words)) if words else ""


@register.filter
def is_draft(texts: Texts | None) -> bool:
    """Whether what `text` shows is machine-made and read by nobody: show the draft mark."""
    return _shown(texts).is_draft


@register.filter
def in_words(day: date) -> str:
    """A day with its weekday, as the page's language says it: 'söndag 24 maj'."""
    return day_words(day)


@register.filter
def day_of(moment: str | None) -> str:
    """The day of a moment in ISO 8601, in the page's words: '24 maj 2026'; '' for none."""
    if not moment:
        return ""
    found = datetime.fromisoformat(moment)
    day = localtime(found).date() if found.tzinfo else found.date()
    return day_words(day, with_weekday=False, with_year=True)


def _marked(words: str | SafeString, language: str) -> str | SafeString:
    return words if language == _language() else format_html("{} {}", words, _mark(language))


def _mark(language: str) -> SafeString:
    """'(på svenska)' in the page's own language; a language without a word here by its own name."""
    said = {"sv": _("på svenska"), "en": _("på engelska")}
    autonym = BY_CODE[language].autonym if language in BY_CODE else language
    return format_html('<span class="ks-in-language">({})</span>', said.get(language, autonym))


def _language() -> str:
    return get_language() or SOURCE_LANGUAGE


def _shown(texts: Texts | None) -> Translation:
    return (texts or Texts()).in_language(_language())
