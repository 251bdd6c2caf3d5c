"""flask demo: fill an empty database with the demo province; nothing happens twice."""

from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from pr_tracker import clock
from pr_tracker.accounts.queries import find_person_by_email
from pr_tracker.accounts.security import hashed
from pr_tracker.cli.saying import OneCommand, Refused, refusing
from pr_tracker.db import db
from pr_tracker.demo.imports import leave_a_ledger
from pr_tracker.demo.people import PASSWORD, ROLES, demo_agencies
from pr_tracker.demo.province import fill_province, is_empty, moment_on, require_day
from pr_tracker.demo.telling import tell_of_the_last_weeks
from pr_tracker.office_time import office_day
from pr_tracker.papers.jobs import desk as papers_desk

COUNT = 400  # inquiries, about


@click.command("demo", cls=OneCommand)
@click.option("--date", "day", metavar="YYYY-MM-DD", help="The day on which the province stands; default: today, now.")
@click.option("--if-empty", is_flag=True, help="On a database that is not empty, only say the sign-ins of a demo.")
@with_appcontext
@refusing
def demo(day: str | None, if_empty: bool) -> None:
    """Fill an empty database with the demo province: invented people, press and inquiries of 18 months."""
    if current_app.config["PR_TRACKER_ENV"] == "production":
        raise Refused("The demo has a public password, so it is refused where PR_TRACKER_ENV is production.")
    chosen, moment = _when(day)
    if not is_empty():
        if not if_empty:
            click.echo("The database is not empty: nothing was changed.")
        if _is_demo():
            _say_sign_ins()
        return
    require_day(chosen)
    click.echo("Filling the demo province; this takes about a minute.", err=True)
    uploads = Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])
    password_hash = hashed(PASSWORD)
    count = fill_province(chosen, moment, password_hash=password_hash, uploads=uploads, desk=papers_desk(), count=COUNT)
    db.session.commit()
    tell_of_the_last_weeks(moment)
    db.session.commit()
    leave_a_ledger(moment)
    click.echo(f"The demo province of {chosen.isoformat()}: {count} inquiries.")
    _say_sign_ins()


def _when(day: str | None) -> tuple[date, datetime]:
    if day is None:
        now = clock.now()
        return office_day(now), now
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise Refused(f"“{day}” is not a date; write it as 2026-11-20.") from None
    return chosen, moment_on(chosen)


def _is_demo() -> bool:
    """Whether the demo's people are in the database."""
    demo_people = (person for agency in demo_agencies() for person in agency.people if person.local in ROLES)
    return all(find_person_by_email(person.email) for person in demo_people)


def _say_sign_ins() -> None:
    people = {person.local: (person, agency) for agency in demo_agencies() for person in agency.people}
    click.echo(f"Sign in with the password {PASSWORD} as:")
    for local, roles in ROLES.items():
        person, agency = people[local]
        what = ", ".join(sorted(roles))
        click.echo(f"  {person.email:<27} {what:<11} {person.full_name}, {person.title}, {agency.short_name}")
