"""What the installation knows about itself. The jobs' own rows are django_tasks_db's."""

from django.db import models


class Worker(models.Model):
    """A process that takes jobs. The row is its lease: it goes when the worker stops in order,
    and tells that the worker is gone when `seen_at` grows old."""

    id = models.CharField(max_length=32, primary_key=True)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("started_at",)

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class ScheduledRun(models.Model):
    """One due time of one scheduled job. Being unique, it is enqueued once, whoever comes first."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    enqueued_at = models.DateTimeField()

    class Meta:
        ordering = ("-due_at", "name")
        constraints = (models.UniqueConstraint("name", "due_at", name="scheduled_run_once"),)

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"


class Backup(models.Model):
    """A backup that was made and read back. It is noted after the fact, so not within itself."""

    made_at = models.DateTimeField(db_index=True)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(help_text="bytes")
    trail_count = models.BigIntegerField()
    trail_head = models.CharField(max_length=64)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.file_name
