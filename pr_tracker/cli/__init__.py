"""Flask commands: each calls the same actions as the web. Status 0, or 2 with one line on standard error."""

from flask import Flask

from pr_tracker.cli import (
    accounts,
    audit,
    backups,
    bench,
    database,
    deadlines,
    demo,
    figures,
    imports,
    notices,
    reports,
)


def install(app: Flask) -> None:
    """Register every command group."""
    groups = (accounts.accounts, audit.audit, bench.bench, deadlines.deadlines, demo.demo)
    for group in (*groups, notices.notices, reports.report):
        app.cli.add_command(group)
    app.cli.add_command(imports.inquiries)
    assert figures, database  # their commands stand in the groups of reports and of Flask-Migrate
    for command in (backups.backup, backups.restore, backups.export):
        app.cli.add_command(command)
