"""The migrations of each room form one line: nobody has to guess an order or merge later."""

import sys
from collections.abc import Iterator

import django


def problems() -> Iterator[str]:
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    for app in apps.get_app_configs():
        if not app.name.startswith("kraftsamling."):
            continue
        names = sorted(name for label, name in graph.nodes if label == app.label)
        numbers = [name.partition("_")[0] for name in names]
        wanted = [f"{number:04}" for number in range(1, len(names) + 1)]
        if numbers != wanted:
            yield f"{app.label}: numbered {', '.join(numbers)} instead of {', '.join(wanted)}"
        leaves = graph.leaf_nodes(app.label)
        if len(leaves) > 1:
            ends = ", ".join(name for _, name in leaves)
            yield f"{app.label}: more than one end ({ends}): renumber the younger one"


if __name__ == "__main__":
    django.setup()
    found = list(problems())
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
