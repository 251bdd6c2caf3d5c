"""flask bench: fill a new database with so many inquiries that it can be measured. Never in production."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from pr_tracker import clock
from pr_tracker.accounts.security import hashed
from pr_tracker.bench.jobs import fill as fill_database
from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.demo.people import DOMAIN, PASSWORD


@click.group("bench", cls=Group)
def bench() -> None:
    """Measure with large databases."""


@bench.command("fill")
@click.argument("count", type=click.IntRange(min=1))
@with_appcontext
@refusing
def fill(count: int) -> None:
    """Fill an empty database with COUNT invented inquiries, ending now: about 50,000 a year.

    An interrupted fill leaves a database that is to be thrown away.
    """
    if current_app.config["PR_TRACKER_ENV"] == "production":
        raise Refused("Filled databases have a public password, so this is refused where PR_TRACKER_ENV is production.")
    begun = time.perf_counter()
    fill_database(count, password_hash=hashed(PASSWORD), now=clock.now(), told=_said)
    took = time.perf_counter() - begun
    click.echo(f"{count} inquiries in {took:.1f} seconds: {count / took:.0f} a second.")
    click.echo(f"Sign in as quantri@{DOMAIN} or chuyenvien@{DOMAIN} with the password {PASSWORD}.")


def _said(done: int) -> None:
    if not done % 50_000:
        click.echo(f"{done} inquiries", err=True)
