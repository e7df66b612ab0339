"""For those who watch the server: is it alive, can it serve?"""

import os

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; says which process it is."""
    return JsonResponse({"status": "ok", "pid": os.getpid()})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and its tables are up to date, else 503."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503, headers={"Retry-After": "5"})
    if waiting:
        return JsonResponse(
            {"status": "migrations waiting", "count": len(waiting)},
            status=503,
            headers={"Retry-After": "30"},
        )
    return JsonResponse({"status": "ok"})
