"""`kraftsamling serve`: the site, and the jobs beside it."""

import click

from kraftsamling.ops.console import WrongUse, progress_bars, say, start_django


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Server processes; without it KRAFTSAMLING_WORKERS decides.",
)
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    help="Run the job worker beside the server (the default), or leave it to another process.",
)
def serve(host: str, port: int, workers: int | None, with_worker: bool) -> None:
    """Serve the site until Ctrl-C, with static files and the job worker.

    Migrations that wait are not applied: run `kraftsamling migrate` first.
    """
    from kraftsamling.ops.server import claim_port, run_server, start_anew

    start_django()
    claim_port(host, port, remedy=f"kraftsamling serve --port {port + 1}")

    from django.conf import settings
    from django.db import DatabaseError

    from kraftsamling.operation.checks import waiting_migrations
    from kraftsamling.ops.preparation import collect_static_files

    try:
        waiting = waiting_migrations()
    except DatabaseError as error:
        raise WrongUse(
            f"The database does not answer ({type(error).__name__}). Run: kraftsamling check"
        ) from None
    if waiting:
        raise WrongUse(f"{waiting} migrations have not been applied. Run: kraftsamling migrate")
    with progress_bars() as progress:
        must_start_anew = collect_static_files(progress)
    if must_start_anew:
        start_anew(_arguments(host, port, workers, with_worker))
    run_server(
        host=host,
        port=port,
        workers=workers or settings.CONFIGURATION.workers,
        with_worker=with_worker,
        when_ready=lambda: say(f"Kraftsamling answers at {settings.BASE_URL}/ (port {port})."),
    )


def _arguments(host: str, port: int, workers: int | None, with_worker: bool) -> list[str]:
    arguments = ["serve", "--host", host, "--port", str(port)]
    if workers:
        arguments += ["--workers", str(workers)]
    return arguments if with_worker else [*arguments, "--no-worker"]
