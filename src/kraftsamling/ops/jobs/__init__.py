"""What runs in the background: the worker, the schedule, the jobs."""
