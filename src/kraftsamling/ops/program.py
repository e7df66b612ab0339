"""The `kraftsamling` program.

Exit codes: 0 all is well, 1 the command ran and found a problem, 2 it was called wrongly or the
settings cannot be used.
"""

from pathlib import Path

import click

from kraftsamling import __version__
from kraftsamling.ops.commands.backups import backup, restore
from kraftsamling.ops.commands.check import check
from kraftsamling.ops.commands.demo import demo
from kraftsamling.ops.commands.exports import export
from kraftsamling.ops.commands.imports import import_
from kraftsamling.ops.commands.jobs import jobs, worker
from kraftsamling.ops.commands.migrate import migrate
from kraftsamling.ops.commands.serve import serve
from kraftsamling.ops.commands.tokens import token
from kraftsamling.ops.commands.trail import trail
from kraftsamling.ops.demo_place import visit_demo


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__)
@click.option("--demo", "in_demo", is_flag=True, help="Act on the demo city in ./var.")
@click.option(
    "--demo-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Act on the demo city in this folder.",
)
def main(in_demo: bool, demo_dir: Path | None) -> None:
    """Kraftsamling: everything an operator does from the command line.

    Settings come from the environment and from the file kraftsamling.env; docs/settings.md lists
    them. Exit codes: 0 all is well, 1 a problem was found, 2 wrong use or settings.
    """
    if in_demo or demo_dir:
        visit_demo(demo_dir or Path("var"))


for _command in (
    demo, serve, worker, migrate, check, backup, restore, trail, token, jobs, import_, export,
):  # fmt: skip
    main.add_command(_command)

if __name__ == "__main__":
    main()
