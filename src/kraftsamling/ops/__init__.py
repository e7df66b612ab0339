"""The kraftsamling program, the jobs, the demo city."""
