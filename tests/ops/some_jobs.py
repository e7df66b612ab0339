"""Jobs for tests: they leave marks in files, so that another process can count what was done."""

import os
import time
from pathlib import Path

from django_tasks import task

from kraftsamling.operation.rules import GiveUpError
from kraftsamling.ops.jobs.worker import in_one_transaction


@task
def add_line(*, file: str, text: str) -> None:
    """Appends a line: an effect that shows how often a job ran."""
    with Path(file).open("a") as target:
        target.write(f"{text}\n")


@task
def leave_mark(*, folder: str, name: str, seconds: float = 0.0) -> int:
    """Idempotent: says that it began, works, and leaves one mark however often it runs."""
    Path(folder, f"{name}.begun-{os.getpid()}").touch()
    time.sleep(seconds)
    Path(folder, f"{name}.done").touch()
    return os.getpid()


@task
def count_once() -> None:
    """Does nothing."""


@task
@in_one_transaction
def create_network(*, slug: str, seconds: float = 0.0, folder: str = "") -> None:
    """Writes to the database only, with its being done in the same commit."""
    from kraftsamling.people.models import Network

    Network.objects.create(slug=slug)
    if folder:
        Path(folder, f"{slug}.begun-{os.getpid()}").touch()
    time.sleep(seconds)


@task
def fail_with(*, text: str) -> None:
    raise RuntimeError(text)


@task
def give_up(*, text: str) -> None:
    raise GiveUpError(text)


@task
def run_for_ever() -> None:
    while True:
        time.sleep(0.05)
