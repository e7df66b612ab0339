"""The demo city's files, as they lie in the package."""

import csv
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from kraftsamling.kit.texts import Texts


def data_file(name: str) -> bytes:
    return files("kraftsamling.ops.demo").joinpath("data", name).read_bytes()


def read_json(name: str) -> Any:
    return json.loads(data_file(name))


def read_csv(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(data_file(name).decode("utf-8").splitlines(), delimiter=";"))


def texts_in(row: Mapping[str, Any], name: str) -> Texts:
    """The Swedish and English text of a row: `name_sv`, `name_en`."""
    return Texts.of(row[f"{name}_sv"], en=row.get(f"{name}_en") or "")
