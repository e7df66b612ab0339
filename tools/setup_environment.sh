#!/bin/sh
# Makes the virtual environment hold exactly what requirements/dev.txt locks, and this project.
# Usage: setup_environment.sh VENV PYTHON
set -eu

venv=$1
python=$2
say() { printf '%s\n' "$*" >&2; }

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Kraftsamling needs Python 3.11 or newer, and '$python' is not that."
    say "Install it, or say which one to use: make setup PYTHON=/path/to/python3.11"
    exit 1
fi
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
    say "Making the environment in $venv"
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        say "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"
        exit 1
    fi
fi

say "Installing what the lock names"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
if $pip install --require-hashes -r requirements/bootstrap.txt \
    && "$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements/dev.txt
then
    "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
else
    say "uv could not do it; pip takes over with the same lock (a minute or two)"
    $pip install --require-hashes -r requirements/dev.txt
    $pip install --no-deps --no-build-isolation -e .
fi
say "The environment is ready"
