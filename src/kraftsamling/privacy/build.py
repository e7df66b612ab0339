"""Emits rules, words and lexicon for the browser: `python -m kraftsamling.privacy.build`.

The engine beside them (detector.mjs and the modules it imports) is written by hand; only data is
generated, so that there is one source for every rule. The same rules give the same bytes.
"""

import argparse
import json
from pathlib import Path

from . import lexicon, words
from .rulebook import declaration

STATIC = Path(__file__).resolve().parents[1] / "web" / "static" / "privacy"


def build(out_dir: Path) -> list[Path]:
    """Write rules.json and names.txt into `out_dir` and return their paths."""
    files = {"rules.json": rules_json(), "names.txt": lexicon.source()}
    for name, text in files.items():
        (out_dir / name).write_text(text, encoding="utf-8", newline="\n")
    return [out_dir / name for name in files]


def rules_json() -> str:
    """The declared rules with the Swedish words, as compact JSON."""
    advice: dict[str, dict[str, str]] = {}
    for (kind, level), text in words.ADVICE.items():
        advice.setdefault(kind, {})[level] = text
    texts = {"kinds": words.KINDS, "advice": advice, "guard": words.GUARD}
    data = {**declaration(), "words": texts}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out_dir", type=Path, nargs="?", default=STATIC)
    build(parser.parse_args().out_dir)


if __name__ == "__main__":
    main()
