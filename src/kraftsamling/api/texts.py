"""Texts in several languages, as the API shows and takes them."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja import Query, Schema
from pydantic import AfterValidator, Field

from kraftsamling.api.problems import Problem
from kraftsamling.kit.languages import BY_CODE
from kraftsamling.kit.texts import Texts

CODES = ", ".join(BY_CODE)


class LocalisedText(Schema):
    """The same text in several languages, by BCP 47 code.

    Asked for one language, the object holds that one, or the nearest that there is.
    """

    by_language: dict[str, str] = Field(
        description=f"Language code → text. The codes are {CODES}.",
        examples=[{"sv": "Hageby bibliotek", "en": "Hageby library"}],
    )
    drafts: list[str] = Field(
        default_factory=list,
        description="The languages in which a machine wrote the text and no person has read it.",
    )


def _known(code: str) -> str:
    if code and code not in BY_CODE:
        raise ValueError(f"is not a language of this city; choose one of {CODES}")
    return code


class LanguageQuery(Schema):
    language: Annotated[str, AfterValidator(_known)] = Field(
        default="",
        max_length=8,
        description=f"Give texts in this language alone: {CODES}. It goes before the header "
        "Accept-Language; with neither, texts come in all their languages.",
    )


Language = Query[LanguageQuery]


def wanted_language(request: HttpRequest, query: LanguageQuery | None = None) -> str:
    """The language a client asks for by `?language=` or Accept-Language; '' for all of them."""
    if query is not None and query.language:
        return query.language
    return _from_header(request.headers.get("Accept-Language", ""))


def localised(texts: Texts, language: str = "") -> LocalisedText:
    """`texts` as the API shows them: all languages, or the one asked for (or its stand-in)."""
    if language and texts:
        shown = texts.in_language(language)
        return LocalisedText(
            by_language={shown.language: shown.text},
            drafts=[shown.language] if shown.is_draft else [],
        )
    return LocalisedText(by_language=dict(texts.by_language), drafts=sorted(texts.drafts))


def to_texts(given: LocalisedText, *, pointer: str, max_length: int) -> Texts:
    """What a client sent, as `Texts`. Raises Problem 'invalid-fields' naming what is wrong."""
    problems = [
        {"pointer": f"{pointer}/by_language/{code}", "detail": detail}
        for code, text in given.by_language.items()
        if (detail := _wrong(code, text, max_length))
    ]
    problems += [
        {"pointer": f"{pointer}/drafts", "detail": f"{code!r} has no text in by_language"}
        for code in given.drafts
        if code not in given.by_language
    ]
    if problems:
        raise Problem("invalid-fields", errors=problems)
    return Texts({c: t for c, t in given.by_language.items() if t}, frozenset(given.drafts))


def mark_language(response: HttpResponse, language: str) -> None:
    """Say which language the answer is in, and that the answer depends on the header."""
    patch_vary_headers(response, ("Accept-Language",))
    response["Content-Language"] = language or "mul"


def _wrong(code: str, text: str, max_length: int) -> str:
    if code not in BY_CODE:
        return f"is not a language of this city; choose among {CODES}"
    if "\x00" in text:
        return "holds a character (NUL) that cannot be stored"
    if len(text) > max_length:
        return f"is {len(text)} characters long; at most {max_length} fit"
    return ""


def _from_header(header: str) -> str:
    """The wanted language with the highest weight that the city has; '' when it has none."""
    best, best_weight = "", 0.0
    for part in header[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if code in BY_CODE and weight > best_weight:
            best, best_weight = code, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(1.0, float(value))
    except ValueError:
        return 0.0
