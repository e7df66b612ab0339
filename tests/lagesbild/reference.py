"""Where the reference files lie, when they are there: beside the project, or where one says."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2].parent / "shared/reference"
FOLDER = Path(os.environ.get("KRAFTSAMLING_SHARED_REFERENCE", _BESIDE))


def reference_file(name: str) -> Path:
    """The path of a reference file; skips the test, saying so, when the files are not here."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"reference file {name} is not here; set KRAFTSAMLING_SHARED_REFERENCE")
    return path
