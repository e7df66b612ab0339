"""The interface's texts: found in code and templates, kept in catalogues, compiled.

    messages.py update            collect all texts into src/kraftsamling/locale/*/
    messages.py check             fail when a catalogue is stale or English is not complete
    messages.py missing LANGUAGE  the texts that wait for a translation, as JSON
    messages.py fill LANGUAGE     take translations (JSON as `missing` gives it) from stdin
    messages.py compile FILE...   write the .mo beside each .po

GNU gettext is not needed. Swedish is the language the texts are written in, so its catalogue is
made, not translated: each text stands for itself.
"""

import ast
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "kraftsamling"
LOCALE = PACKAGE / "locale"
sys.path[:0] = [str(SOURCE)]

from kraftsamling.kit.languages import LANGUAGES, SOURCE_LANGUAGE  # noqa: E402

COMPLETE = (SOURCE_LANGUAGE, "en")  # the others grow
_SINGULAR = ("_", "gettext", "gettext_lazy", "gettext_noop")
_KEYWORDS: dict[str, tuple[object, ...] | None] = {
    **dict.fromkeys(_SINGULAR),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}|<[^>]+>")
# Arabic in the order of forms that its translators know; Babel's own order is another.
_PLURAL_FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;"
}
Key = tuple[str, ...]


def found_messages() -> Catalog:
    """Every text of the product, sorted, with the files it stands in."""
    places: dict[tuple[str | None, Key], set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            _note(places, path, path.read_bytes())
    for folder in sorted(PACKAGE.rglob("templates")):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".html", ".txt", ".xml")):
            _note(places, path, _template_as_python(path).encode())
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for context, key in sorted(places, key=lambda place: (place[1], place[0] or "")):
        files = [(name, None) for name in sorted(places[context, key])]
        catalog.add(_to_id(key), context=context, locations=files)
    return catalog


def _template_as_python(path: Path) -> str:
    from django.utils.translation.template import templatize

    # In brackets indentation has no meaning to Python's tokenizer.
    return f"(\n{templatize(path.read_text('utf-8'), origin=str(path))}\n)"


def _note(places: dict[tuple[str | None, Key], set[str]], path: Path, source: bytes) -> None:
    options = {"encoding": "utf-8"}
    for _, text, _, context in extract(
        "python", io.BytesIO(source), keywords=_KEYWORDS, options=options
    ):
        key = text if isinstance(text, tuple) else (text,)
        if all(key):
            places.setdefault((context, key), set()).add(path.relative_to(SOURCE).as_posix())


def _to_id(key: Key) -> str | Key:
    return key if len(key) > 1 else key[0]


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def read_catalogue(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with exactly the texts of `template`, translations kept."""
    known = read_catalogue(language)
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in _messages(template):
        before = known.get(message.id, context=message.context)
        translation = before.string if before else ""
        if language == SOURCE_LANGUAGE:
            translation = message.id
        elif isinstance(message.id, tuple) and not isinstance(translation, tuple):
            translation = (translation,) + ("",) * (catalog.num_plurals - 1)
        catalog.add(
            message.id,
            translation,
            context=message.context,
            locations=message.locations,
            flags=message.flags | (before.flags if before else set()),
            user_comments=before.user_comments if before else (),
        )
    return catalog


def to_text(language: str, catalog: Catalog) -> str:
    """The .po file: no dates and no line numbers, so that a change shows what was changed."""
    out = io.BytesIO()
    write_po(out, catalog, width=88, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: Kraftsamling\\n"\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {_PLURAL_FORMS.get(language, catalog.plural_forms)}\\n"\n'
    )
    return f"{header}\n{out.getvalue().decode().strip()}\n"


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and "fuzzy" not in message.flags


def update() -> int:
    template = found_messages()
    for language in LANGUAGES:
        catalog = updated(language.code, template)
        path = catalogue_path(language.code)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_text(language.code, catalog), "utf-8")
        total, waiting = len(catalog), sum(1 for m in _messages(catalog) if not is_translated(m))
        print(f"{language.code}: {total - waiting} of {total}")
    return 0


def problems() -> Iterator[str]:
    """What keeps the catalogues from being complete, one sentence each."""
    template = found_messages()
    for language in LANGUAGES:
        catalog = updated(language.code, template)
        path = catalogue_path(language.code)
        if not path.is_file() or path.read_text("utf-8") != to_text(language.code, catalog):
            yield f"{language.code}: the catalogue is behind the code: make messages"
        waiting = [message for message in _messages(catalog) if not is_translated(message)]
        if language.code in COMPLETE and waiting:
            yield f"{language.code}: {len(waiting)} of {len(catalog)} texts are not translated"
            yield from (f"  {message.locations[0][0]}: {message.id!r}" for message in waiting[:20])
        yield from _broken_translations(language.code, catalog)


def _broken_translations(language: str, catalog: Catalog) -> Iterator[str]:
    for message in _messages(catalog):
        if not is_translated(message):
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = [Counter(_PLACEHOLDER.findall(text)) for text in ids]
        for text in strings:
            # A plural form for one may leave the number out; all else must be there, unchanged.
            if Counter(_PLACEHOLDER.findall(text)) not in allowed:
                yield f"{language}: placeholders or markup differ from {ids[0]!r}: {text!r}"


def check() -> int:
    found = list(problems())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def missing(language: str) -> int:
    catalog = updated(language, found_messages())
    texts = [
        {"context": message.context, "text": message.id, "in": message.locations[0][0],
         "translation": list(message.string) if isinstance(message.string, tuple) else ""}
        for message in _messages(catalog) if not is_translated(message)
    ]  # fmt: skip
    print(json.dumps(texts, ensure_ascii=False, indent=1))
    return 0


def fill(language: str) -> int:
    catalog = updated(language, found_messages())
    taken = 0
    for entry in json.load(sys.stdin):
        text = entry["text"]
        identifier = tuple(text) if isinstance(text, list) else text
        message = catalog.get(identifier, context=entry.get("context"))
        if message is None:
            print(f"no such text: {text!r}", file=sys.stderr)
            continue
        translation = entry["translation"]
        message.string = tuple(translation) if isinstance(translation, list) else translation
        message.flags.discard("fuzzy")
        taken += 1
    catalogue_path(language).write_text(to_text(language, catalog), "utf-8")
    print(f"{language}: took {taken}")
    return 0


def compile_catalogues(paths: Iterable[str]) -> int:
    for path in map(Path, paths):
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parent.parent.name)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)
    return 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update"]:
            return update()
        case ["check"]:
            return check()
        case ["missing", language]:
            return missing(language)
        case ["fill", language]:
            return fill(language)
        case ["compile", *paths]:
            return compile_catalogues(paths)
    doc = ast.get_docstring(ast.parse(Path(__file__).read_text("utf-8")))
    print(doc, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
