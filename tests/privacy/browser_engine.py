"""Runs the browser's detector: in node, or in Chromium where node is missing."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kraftsamling.privacy.build import STATIC
from kraftsamling.privacy.detector import Context
from tests.browsing import chromium_path, launch_chromium

from .page import served

HARNESS = Path(__file__).with_name("find_in_node.mjs")


def browser_findings(texts: Sequence[str], context: Context) -> list[list[dict[str, Any]]]:
    """What detector.mjs finds in each text; skips the test where nothing can run it."""
    known = {"names": sorted(context.names), "allowed": sorted(context.allowed)}
    if node := shutil.which("node"):
        request = json.dumps({"static": str(STATIC), "texts": list(texts), **known})
        answer = subprocess.run(
            [node, HARNESS], input=request.encode(), capture_output=True, check=True
        )
        found: list[list[dict[str, Any]]] = json.loads(answer.stdout)
        return found
    if chromium_path() is None:
        pytest.skip("left out: neither node nor Chromium is here to run the browser's detector")
    return _in_chromium(texts, known)


def _in_chromium(texts: Sequence[str], known: dict[str, list[str]]) -> list[list[dict[str, Any]]]:
    script = """async ([texts, known]) => {
        const { load } = await import("/privacy/detector.mjs");
        const detector = await load();
        const context = detector.known(known);
        return texts.map((text) => detector.find(text, context));
    }"""
    with launch_chromium() as browser, served() as address:
        page = browser.new_page()
        page.goto(address)
        found: list[list[dict[str, Any]]] = page.evaluate(script, [list(texts), known])
    return found
