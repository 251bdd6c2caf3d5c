"""flask accounts: the first administrator, and a link for somebody who cannot sign in."""

import re
import sys

import click
from flask import current_app

from pr_tracker import clock
from pr_tracker.accounts import actions, actions_sign_in, mail, queries
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AccountEvent, AgencyKind, SigningForm
from pr_tracker.accounts.security import hashed, refused_password
from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.db import db
from pr_tracker.permissions import Role

_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

accounts = Group("accounts", help="People who sign in.")


@accounts.command("add")
@click.option("--email", required=True, help="Official e-mail address: the name for signing in.")
@click.option("--name", required=True, help="Full name, family name first.")
@click.option("--agency", "code", default="", help="Code of the person's agency, for example VP.")
@click.option(
    "--role", "roles", multiple=True, required=True, help="staff, head, trainer, supervisor or admin; repeat."
)
@click.option("--title", default="", help="Title, for example “Chánh Văn phòng”.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@refusing
def add(email: str, name: str, code: str, roles: tuple[str, ...], title: str, password_stdin: bool) -> None:
    """Add a person. Without --password-stdin a link is printed with which they set their password.

    In a database without agencies this also makes the first one: the People's Committee of the province named in
    PR_TRACKER_PROVINCE, with the code given by --agency (UBND when none is given). All others are added on the pages.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    if not _ADDRESS.fullmatch(email) or len(email) > 255:
        raise Refused(f"“{email}” is not an e-mail address.")
    if not name or len(name) > 120 or len(title) > 120:
        raise Refused("The name must have 1 to 120 characters, the title at most 120.")
    password_hash = _password_from_stdin(email) if password_stdin else None
    person = actions.add_person(
        full_name=name,
        email=email,
        title=title,
        agency=_agency(code.strip()),
        roles=_roles(roles),
        password_hash=password_hash,
        actor=None,
        now=clock.now(),
    )
    db.session.commit()
    click.echo(f"{person.full_name} can sign in as {person.email}." if password_hash else _link(person))


@accounts.command("link")
@click.option("--email", required=True, help="Whose password is to be set anew.")
@refusing
def link(email: str) -> None:
    """Print a link with which a person sets a new password, valid for 24 hours; where mail does not work."""
    person = queries.find_person_by_email(email)
    if person is None or not person.active:
        raise Refused(f"Nobody who may sign in has the address “{email}”.")
    actions_sign_in.note(AccountEvent.LINK_SENT, person, actor=None, now=clock.now())
    db.session.commit()
    click.echo(_link(person))


def _roles(names: tuple[str, ...]) -> set[Role]:
    for name in names:
        if name not in list(Role):
            raise Refused(f"“{name}” is not a role; the roles are {', '.join(Role)}.")
    return {Role(name) for name in names}


def _agency(code: str) -> Agency:
    if queries.count_agencies() == 0:
        province = current_app.config["PR_TRACKER_PROVINCE"]
        return actions.add_agency(
            code=code or "UBND",
            name=f"Ủy ban nhân dân {province}",
            short_name="UBND tỉnh",
            kind=AgencyKind.PROVINCE,
            signing_form=SigningForm.COLLECTIVE,
            superior=None,
            actor=None,
            now=clock.now(),
        )
    if not code:
        raise Refused("--agency is needed: the code of the person's agency.")
    agency = queries.find_agency_by_code(code)
    if agency is None or not agency.active:
        raise Refused(f"There is no agency with the code “{code}”.")
    return agency


def _password_from_stdin(email: str) -> str:
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("The password on standard input is not UTF-8 text.") from None
    if problem := refused_password(password, email):
        raise problem
    return hashed(password)


def _link(person: Person) -> str:
    base = current_app.config["PR_TRACKER_PUBLIC_URL"] or "http://localhost:5000"
    with current_app.test_request_context(base_url=base):
        return mail.password_link(person)
