"""`kraftsamling check`: is the installation well?"""

import click

from kraftsamling.ops.console import PROBLEM, end, print_json, start_django


@click.command()
@click.option("--mail", "try_mail", is_flag=True, help="Also connect to the mail server.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(try_mail: bool, as_json: bool) -> None:
    """Check settings, database, migrations, storage, mail, queue and backup.

    Exit code 0: well, perhaps with warnings. 1: a problem that keeps the site from working.
    2: the settings cannot be used.
    """
    start_django()

    from kraftsamling.operation.checks import State
    from kraftsamling.ops.findings import all_findings, to_words

    findings = all_findings(try_mail=try_mail)
    has_problem = any(finding.state == State.PROBLEM for finding in findings)
    if as_json:
        print_json(
            {
                "is_well": not has_problem,
                "findings": [
                    {
                        "code": finding.code,
                        "state": finding.state,
                        "text": to_words(finding),
                        "figures": dict(finding.figures),
                    }
                    for finding in findings
                ],
            }
        )
    else:
        marks = {State.GOOD: "ok", State.WARNING: "warning", State.PROBLEM: "PROBLEM"}
        for finding in findings:
            click.echo(f"{marks[finding.state]:>8}  {to_words(finding)}")
    if has_problem:
        end(PROBLEM)
