"""What is read about EST groups."""

from django.db.models import Count, QuerySet

from kraftsamling.cycle.models import Group


def groups() -> QuerySet[Group]:
    """All groups by area, with convener, areas and number of members. Two queries."""
    return (
        Group.objects.select_related("convener")
        .prefetch_related("areas")
        .annotate(member_count=Count("members", distinct=True))
        .order_by("slug")
    )
