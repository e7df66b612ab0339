"""`kraftsamling demo`: a living city on this machine."""

from pathlib import Path

import click

from kraftsamling.ops.console import Progress, progress_bars, start_django


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="Throw the demo city's data away and start afresh.")
@click.option(
    "--data-dir",
    default="var",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demo city lives.",
)
def demo(port: int, reset: bool, data_dir: Path) -> None:
    """Show a demo city on 127.0.0.1, with one sign-in link for each persona.

    The first start makes the database and loads the city; later starts keep what was changed.
    Incidents are synthetic, mail is written to files and goes nowhere.
    """
    from kraftsamling.ops import demo_place
    from kraftsamling.ops.server import claim_port, run_server, start_anew

    claim_port("127.0.0.1", port, remedy=f"PORT={_another(port)} make demo")
    place = demo_place.open_place(data_dir)
    if reset:
        place.clear()
    base_url = f"http://localhost:{port}"
    place.choose_settings(base_url=base_url)
    start_django()

    from kraftsamling.ops.preparation import collect_static_files

    with progress_bars() as progress:
        _prepare(place, progress)
        must_start_anew = collect_static_files(progress)
    if must_start_anew:
        start_anew(["demo", "--port", str(port), "--data-dir", str(data_dir)])

    from kraftsamling.ops.demo.personas import missing_personas, persona_links

    links, missing = persona_links(base_url), missing_personas()

    def tell() -> None:
        click.echo(f"\nThe demo city answers at {base_url}/")
        click.echo("One click signs you in as (Ctrl-C stops the server):")
        for persona, url in links:
            click.echo(f"{persona}: {url}")
        for persona in missing:
            click.echo(f"{persona}: somebody erased this account; make demo-reset brings it back")

    run_server(host="127.0.0.1", port=port, workers=2, with_worker=True, when_ready=tell)


def _another(port: int) -> int:
    return 8123 if port != 8123 else 8124


def _prepare(place: "demo_place.DemoPlace", progress: Progress) -> None:  # type: ignore[name-defined]  # noqa: F821
    from datetime import UTC, datetime

    from django.utils.timezone import localdate

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.operation.checks import waiting_migrations
    from kraftsamling.ops.preparation import migrate_database

    if not place.is_loaded or waiting_migrations():
        migrate_database(progress)
    if not place.is_loaded:
        from kraftsamling.ops.demo.load import load_demo_city

        now = datetime.now(UTC)
        load_demo_city(today=localdate(now), at=now, by=system_actor("demo"), progress=progress)
        place.note_loaded()
