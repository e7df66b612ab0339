"""The languages of the interface and of the city's texts."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language: BCP 47 code, its name in itself, writing direction.

    `is_reviewed` says whether a person has read the interface's texts in it: where none has, each
    page says that it is machine-drafted.
    """

    code: str
    autonym: str
    direction: Direction = "ltr"
    is_reviewed: bool = False


LANGUAGES: tuple[Language, ...] = (
    Language("sv", "Svenska", is_reviewed=True),
    Language("en", "English", is_reviewed=True),
    Language("fi", "Suomi"),
    Language("ar", "العربية", "rtl"),
    Language("so", "Soomaali"),
    Language("bs", "Bosanski"),
    Language("hr", "Hrvatski"),
    Language("sr", "Српски"),
    Language("ku", "Kurdî"),
    Language("uk", "Українська"),
)
SOURCE_LANGUAGE = "sv"
BY_CODE = {language.code: language for language in LANGUAGES}


def direction_of(code: str) -> Direction:
    """The writing direction of a language code; an unknown code reads left to right."""
    language = BY_CODE.get(code)
    return language.direction if language else "ltr"
