"""`kraftsamling worker` and `kraftsamling jobs`."""

import click

from kraftsamling.ops.console import Problem, print_json, print_table, start_django

STATES = ("waiting", "running", "failed", "done")


@click.command()
@click.option("--until-empty", is_flag=True, help="Stop when no job is due, instead of waiting.")
@click.option("--beside", type=int, hidden=True, help="Stop when this parent process is gone.")
def worker(until_empty: bool, beside: int | None) -> None:
    """Take jobs from the queue until Ctrl-C.

    `kraftsamling serve` runs one beside the server. Run more, on this machine or others, when
    the queue grows: each job is taken by one worker. Ctrl-C lets the job in hand end for two
    seconds, then returns it to the queue.
    """
    start_django()

    import random
    from datetime import UTC, datetime, timedelta

    from django.conf import settings
    from django.utils.timezone import get_default_timezone

    from kraftsamling.ops.jobs.schedule import SCHEDULES
    from kraftsamling.ops.jobs.worker import JobWorker, Pace

    JobWorker(
        pace=Pace(
            lease=timedelta(seconds=settings.JOB_LEASE_SECONDS),
            time_limit=timedelta(seconds=settings.JOB_TIME_LIMIT_SECONDS),
        ),
        schedules=SCHEDULES,
        zone=get_default_timezone(),
        clock=lambda: datetime.now(UTC),
        rng=random.Random(),  # noqa: S311 (spreads retries, guards nothing)
        parent_pid=beside,
    ).run(until_empty=until_empty)


@click.group()
def jobs() -> None:
    """See what the queue holds, and retry what failed."""


@jobs.command("list")
@click.option("--state", type=click.Choice(STATES), default="failed", show_default=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_jobs(state: str, limit: int, as_json: bool) -> None:
    """List jobs in one state, with the error but without their contents."""
    start_django()

    from dataclasses import asdict

    from kraftsamling.operation.queries import jobs_in_state

    found = jobs_in_state(state, limit=limit)
    if as_json:
        print_json([{**asdict(job), "name": job.name} for job in found])
        return
    if not found:
        click.echo(f"No job is {state}.")
        return
    rows = [
        [job.id, job.name, f"{job.enqueued_at:%Y-%m-%d %H:%M}", str(job.attempts), job.error_name]
        for job in found
    ]
    print_table(f"Jobs: {state}", ["Id", "Job", "Enqueued (UTC)", "Tries", "Error"], rows)


@jobs.command()
@click.argument("job_id", type=click.UUID, required=False)
@click.option("--all", "all_failed", is_flag=True, help="Retry every failed job.")
@click.option("--json", "as_json", is_flag=True, help="Print how many as JSON.")
def retry(job_id: object, all_failed: bool, as_json: bool) -> None:
    """Put a failed job (or --all of them) back in the queue."""
    if (job_id is None) == (not all_failed):
        raise click.UsageError("Give either a job's id or --all.")
    start_django()

    from datetime import UTC, datetime

    from kraftsamling.kit.actor import system_actor
    from kraftsamling.operation.actions import NoSuchJobError, retry_failed_jobs, retry_job

    actor, now = system_actor("command-line"), datetime.now(UTC)
    if all_failed:
        count = retry_failed_jobs(by=actor, at=now)
    else:
        try:
            retry_job(job_id=str(job_id), by=actor, at=now)
        except NoSuchJobError:
            raise Problem(f"There is no failed job with the id {job_id}.") from None
        count = 1
    if as_json:
        print_json({"retried": count})
    else:
        click.echo(f"{count} job(s) were put back in the queue.")
