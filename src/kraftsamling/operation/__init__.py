"""The running installation: its queue of jobs, its workers, its health, its backups."""
