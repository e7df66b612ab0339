"""The group of commands: each is imported only when it is called, and no error ends in a traceback.

Exit codes: 0 done (whether or not anything was found), 1 failure, 2 wrong usage, 3 data that could
not be used.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from importlib import import_module

import click

DONE, FAILURE, USAGE, DATA = 0, 1, 2, 3
_INTERRUPTED = 130
_TRACEBACK = "LAGESBILD_TRACEBACK"

# Name, module, and the line `--help` shows: without importing what a command needs.
_COMMANDS = {
    "events": ("events", "Read a file and tell what can be used, and why the rest cannot."),
    "kde": ("kde", "Kernel density: how thickly do events lie, everywhere?"),
    "hotspots": ("hotspots", "Getis-Ord Gi*: where do high counts lie together?"),
    "scan": ("scan", "Space-time scan: where and when are there more than chance explains?"),
    "surveillance": ("surveillance", "Is this week more than these weeks usually bring?"),
    "near-repeat": ("near_repeat", "Knox: do events follow one another closely?"),
    "aoristic": ("aoristic", "Weekday and hour, when many moments are only known roughly."),
    "evaluate": ("evaluate", "Did a measure help? Before and after, against other areas."),
    "predict": ("predict", "Was last month's map any good, against a naive one?"),
    "locate": ("locate", "Where should things stand, so that the ways are shortest?"),
    "roster": ("roster", "Who goes when: shifts, people and rest that is kept."),
    "disclose": ("disclose", "Hide small counts so that they cannot be worked out."),
    "simulate": ("simulate", "Make events of a made-up city in which the truth is known."),
    "report": ("report", "A whole situational picture in one HTML file."),
}


class Commands(click.Group):
    """Commands by name, imported when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"lagesbild.cli.{_COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failure, 2 wrong usage, 3 data that could not be used.",
)
@click.version_option(package_name="kraftsamling", prog_name="lagesbild")
def program() -> None:
    """The statistics of place and time, on a file of events.

    \b
    lagesbild simulate events.csv --weeks 52      a file to try things on
    lagesbild events events.csv                   what is in it
    lagesbild scan events.csv --out clusters.geojson
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    before = gc.get_threshold()
    # Imports make many objects that stay: looking through them for garbage costs a tenth of a
    # short command's time.
    gc.set_threshold(100_000, *before[1:])
    try:
        return _run(arguments)
    finally:
        gc.set_threshold(*before)


def _run(arguments: list[str] | None) -> int:
    with warnings.catch_warnings():
        warnings.showwarning = _told
        warnings.simplefilter("default", UserWarning)
        try:
            found = program.main(arguments, prog_name="lagesbild", standalone_mode=False)
            code = found if isinstance(found, int) else DONE
        except click.exceptions.Exit as exit_:
            code = exit_.exit_code
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            click.echo("Interrupted.", err=True)
            code = _INTERRUPTED
        except BrokenPipeError:  # `| head` has seen enough
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            code = DONE
        except Exception as error:
            code = _failed(error)
    return code


def _failed(error: Exception) -> int:
    """One line about what went wrong; a traceback only for those who ask for it."""
    if os.environ.get(_TRACEBACK):
        raise error
    if isinstance(error, MemoryError):
        text = "not enough memory; take fewer rows (--since, --category) or larger cells"
    elif isinstance(error, OSError):
        text = f"{error.strerror or error} ({error.filename})" if error.filename else str(error)
    else:
        text = (
            f"{type(error).__name__}: {error} (a fault of the program; {_TRACEBACK}=1 shows where)"
        )
    click.echo(f"Error: {text}", err=True)
    return FAILURE


def _told(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"Note: {message}", err=True)
