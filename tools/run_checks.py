"""Everything that is checked without running the product's tests. Fails when any check does.

run_checks.py           all of them
run_checks.py NAME...   only these
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent


@dataclass(frozen=True)
class Check:
    """A command, what its success means, and how trouble is mended (where a command can)."""

    name: str
    says: str
    command: Sequence[str]
    remedy: str = ""


@dataclass(frozen=True)
class Outcome:
    check: Check
    ok: bool
    output: str
    seconds: float


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def _templates() -> list[str]:
    return [str(path) for path in sorted((ROOT / "src").rglob("templates/**/*.html"))]


def all_checks() -> list[Check]:
    """The slow ones first, so that they run beside the others."""
    return [
        Check("types", "every type fits (mypy, strict)", _tool("mypy")),
        Check(
            "docs",
            "the handbook builds and its links lead somewhere",
            _tool(
                "sphinx-build", "--nitpicky", "--fail-on-warning", "--keep-going", "--quiet",
                "-b", "html", "docs", "docs/_build/html",
            ),
        ),
        Check("lint", "no known mistake (ruff)", _tool("ruff", "check", "."), "ruff check --fix ."),
        Check(
            "format",
            "one way of writing Python (ruff)",
            _tool("ruff", "format", "--check", "--quiet", "."),
            "ruff format .",
        ),
        Check("contracts", "imports go down only (import-linter)", _tool("lint-imports")),
        Check(
            "system",
            "Django finds nothing wrong, set up as in production",
            [PYTHON, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        ),
        Check(
            "tables",
            "the migrations give the tables that the models describe",
            [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
            "kraftsamling makemigrations",
        ),
        Check(
            "migrations",
            "each room's migrations form one line",
            [PYTHON, "tools/check_migrations.py"],
        ),
        Check(
            "markup",
            "no known mistake in templates (djlint)",
            _tool("djlint", "--lint", "--quiet", "src"),
        ),
        Check(
            "template-format",
            "one way of writing templates (djade)",
            _tool("djade", "--check", "--target-version", "5.2", *_templates()),
            "djade --target-version 5.2 FILES",
        ),
        Check(
            "templates",
            "nothing inline, no word outside the catalogues",
            [PYTHON, "tools/check_templates.py"],
        ),
        Check(
            "catalogues",
            "every text is in the catalogues; Swedish and English are complete",
            [PYTHON, "tools/messages.py", "check"],
            "make messages",
        ),
        Check("dependencies", "all that is imported is required, and the reverse (deptry)",
              _tool("deptry", "--no-ansi", "--config", "requirements/deptry.toml", "src")),
        Check("spelling", "no common misspelling (codespell)", _tool("codespell", *_prose())),
        Check(
            "files",
            "links lead somewhere, locks name no host",
            [PYTHON, "tools/check_files.py"],
        ),
    ]  # fmt: skip


def _prose() -> list[str]:
    return ["src", "tests", "tools", "docs", "README.md", "CONTRIBUTING.md", "SECURITY.md"]


def _environment(data_dir: str) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("KRAFTSAMLING_")}
    return {
        **own,
        "DJANGO_SETTINGS_MODULE": "kraftsamling.project.settings",
        "KRAFTSAMLING_SECRET_KEY": "for-checks-only-5b0a7c1e9d3f4826b1c7e0a95d2f8c63-4e19",
        "KRAFTSAMLING_BASE_URL": "https://trygg.example",
        "KRAFTSAMLING_DATA_DIR": data_dir,
        "KRAFTSAMLING_SETTINGS_FILE": str(Path(data_dir) / "kraftsamling.env"),
    }


def run(check: Check, environ: dict[str, str]) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    return Outcome(check, done.returncode == 0, done.stdout, time.monotonic() - started)


def report(outcome: Outcome) -> None:
    mark = "ok    " if outcome.ok else "FAILED"
    check = outcome.check
    print(f"{mark} {check.name:<16} {check.says} ({outcome.seconds:.1f} s)", flush=True)
    if not outcome.ok:
        print("".join(f"       {line}\n" for line in outcome.output.rstrip().splitlines()), end="")
        if check.remedy:
            print(f"       To mend it: {check.remedy}")


def main(names: Sequence[str]) -> int:
    checks = all_checks()
    unknown = set(names) - {check.name for check in checks}
    if unknown:
        known = ", ".join(check.name for check in checks)
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {known}", file=sys.stderr)
        return 2
    wanted = [check for check in checks if not names or check.name in names]
    with tempfile.TemporaryDirectory(prefix="kraftsamling-checks-") as data_dir:
        (Path(data_dir) / "kraftsamling.env").touch()
        (Path(data_dir) / "static").mkdir()
        environ = _environment(data_dir)
        with ThreadPoolExecutor(max_workers=2) as pool:
            running = [pool.submit(run, check, environ) for check in wanted]
            outcomes = []
            for future in running:
                outcomes.append(future.result())
                report(outcomes[-1])
    failed = [outcome.check.name for outcome in outcomes if not outcome.ok]
    if failed:
        print(f"\n{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}")
        return 1
    print(f"\nAll {len(outcomes)} checks hold")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
