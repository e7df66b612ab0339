"""All benchmarks, one after the other, each in a process and a data directory of its own.

    python -m bench             all of them
    python -m bench NAME...     only these: the names of the files beside this one

Fails when one does: each knows its own limit.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def _names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("[!_]*.py"))


def _run(name: str) -> bool:
    print(f"--- {name} ---", flush=True)
    with tempfile.TemporaryDirectory(prefix="kraftsamling-bench-") as folder:
        settings = Path(folder) / "kraftsamling.env"
        settings.touch()
        own = {k: v for k, v in os.environ.items() if not k.startswith("KRAFTSAMLING_")}
        environ = {
            **own,
            "KRAFTSAMLING_SECRET_KEY": "only-for-benchmarks-only-for-benchmarks",
            "KRAFTSAMLING_DATA_DIR": folder,
            "KRAFTSAMLING_SETTINGS_FILE": str(settings),
        }
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py")], cwd=HERE.parent, env=environ, check=False
        )
    verdict = "ok" if done.returncode == 0 else f"FAILED (exit code {done.returncode})"
    print(f"{name}: {verdict}, {time.monotonic() - began:.1f} s in all\n", flush=True)
    return done.returncode == 0


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - set(_names())
    if unknown:
        there = ", ".join(_names())
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {there}")
        return 2
    results = {name: _run(name) for name in wanted or _names()}
    failed = [name for name, ok in results.items() if not ok]
    print(f"{len(failed)} of {len(results)} failed: {', '.join(failed)}" if failed else
          f"All {len(results)} benchmarks within their limits")  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
