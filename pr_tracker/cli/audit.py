"""flask audit verify: is every line of the audit log still the one that was written?"""

import click

from pr_tracker.audit import queries
from pr_tracker.cli.saying import Group, Refused, refusing

audit = Group("audit", help="The hash-chained audit log.")


@audit.command("verify")
@refusing
def verify() -> None:
    """Check the whole chain; name each entry that was changed, is missing or was inserted."""
    faults = list(queries.faults_in_chain())
    for fault in faults[:100]:
        click.echo(f"entry {fault.number}: {fault.kind.value}", err=True)
    if faults:
        raise Refused(f"The audit log is not whole: {len(faults)} faults.")
    click.echo(f"The audit log is whole: {queries.count_entries()} entries.")
