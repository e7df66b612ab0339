"""What has to be in place before the server can serve: tables, roles, static files."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from kraftsamling.operation.checks import waiting_migrations
from kraftsamling.ops import static
from kraftsamling.ops.console import Progress
from kraftsamling.people.actions import ensure_standard_roles


def migrate_database(progress: Progress) -> int:
    """Bring the tables up to date, with the cache table and the standard roles.

    Returns how many migrations were applied. Running it again changes nothing.
    """
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    waiting = waiting_migrations()
    if waiting:
        progress("Tables", 0, waiting)
        call_command("migrate", verbosity=0, interactive=False)
        progress("Tables", waiting, waiting)
    call_command("createcachetable", verbosity=0)
    ensure_standard_roles(at=datetime.now(UTC))
    return waiting


def static_home() -> Path:
    """The folder that holds the folders of collected static files."""
    home: Path = settings.STATIC_HOME
    return home


def collect_static_files(progress: Progress) -> bool:
    """Collect static files unless what is there is fresh.

    Returns whether this process has to start anew: its settings name the folder before.
    """
    sources = static.find_sources()
    if not static.is_fresh(sources, root=static_home()):
        static.collect(
            sources,
            root=static_home(),
            progress=lambda done, total: progress("Static files", done, total),
        )
    current = (static_home() / static.CURRENT).read_text().strip()
    return bool(current != Path(settings.STATIC_ROOT).name)
