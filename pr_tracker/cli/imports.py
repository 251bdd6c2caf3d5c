"""flask inquiries import FILE: a ledger from Excel or CSV. Says what each row would do; writes only when told to."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask_babel import force_locale

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.db import db
from pr_tracker.imports import actions, jobs, queries
from pr_tracker.imports.labels import labels_of, reason_words
from pr_tracker.imports.rules import GOOD, Judged, Setting, Verdict, missing_columns
from pr_tracker.imports.targets import get_target
from pr_tracker.reports.queries.register import keeper_of_the_register
from pr_tracker.tables import read_table
from pr_tracker.text import nfc

KIND = "inquiries"
MOST_SAID = 40  # rows that are told one by one
LARGEST = 1000  # megabytes: whoever has the command line has the machine

inquiries = Group("inquiries", help="Inquiries: take in the ledger an office kept.")


@inquiries.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Write every row, or nothing if one cannot be taken.")
@click.option("--good-rows", is_flag=True, help="Write the new and changed rows; leave out doubtful and rejected ones.")
@click.option("--by", "email", metavar="EMAIL", help="In whose name; default: the head of the provincial office.")
@click.option("--sheet", metavar="NAME", help="Which sheet; default: the first that has something in it.")
@refusing
def import_ledger(file: Path, yes: bool, good_rows: bool, email: str | None, sheet: str | None) -> None:
    """Take in a ledger of inquiries: FILE is .xlsx, .csv or .txt. Without --yes or --good-rows nothing is written."""
    if yes and good_rows:
        raise Refused("Choose one: --yes writes every row, --good-rows leaves out what is not good.")
    if not file.is_file():
        raise Refused(f"{file} is no file that can be read.")
    actor = _actor(email)
    with force_locale("en"):
        counts = _preview(file, sheet, actor)
        rejected = counts[Verdict.REJECTED]
        if not yes and not good_rows:
            click.echo("Nothing was written. Write with --yes (every row) or --good-rows.")
            return
        if yes and rejected:
            raise Refused(f"Nothing was written: {rejected} of the rows cannot be taken. See --good-rows.")
        count = _write(file, sheet, actor, GOOD | {Verdict.DOUBTFUL} if yes else GOOD)
        click.echo(f"{file.name}: {count} rows written.")


def _actor(email: str | None) -> Person:
    if email is not None:
        person = accounts.find_person_by_email(nfc(email))
        if person is None or not person.active:
            raise Refused(f"Nobody signs in as {email}.")
    else:
        person = keeper_of_the_register().head
        if person is None:
            raise Refused("The provincial office has no head on record: say in whose name with --by EMAIL.")
    if not person.may(get_target(KIND).permission):
        raise Refused(f"{person.full_name} may not log inquiries.")
    return person


def _preview(file: Path, sheet: str | None, actor: Person) -> Counter[Verdict]:
    """Say what the rows would do; nothing is kept."""
    counts: Counter[Verdict] = Counter()
    labels, said = labels_of(get_target(KIND).columns), 0
    for judged in _judged(file, sheet, actor):
        counts[judged.verdict] += 1
        if judged.verdict in (Verdict.DOUBTFUL, Verdict.REJECTED) and said < MOST_SAID:
            why = " ".join(reason_words(reason.to_json(), labels) for reason in judged.reasons)
            click.echo(f"row {judged.number}, {judged.verdict.value}: {why}")
            said += 1
    left = counts[Verdict.DOUBTFUL] + counts[Verdict.REJECTED] - said
    if left:
        click.echo(f"and {left} rows more that are doubtful or rejected.")
    click.echo(f"{file.name}: " + ", ".join(f"{verdict.value} {counts[verdict]}" for verdict in Verdict))
    db.session.rollback()
    return counts


def _judged(file: Path, sheet: str | None, actor: Person) -> Iterator[Judged]:
    target, table = get_target(KIND), read_table(file.name, file, sheet=sheet)
    head_row, _heads, columns = jobs.columns_of(table, target, actor.agency_id)
    missing = missing_columns(columns, target.columns)
    if not head_row or missing:
        wanted = ", ".join(str(column.label) for column in missing)
        raise Refused(f"{file.name}: no column was found for: {wanted}. Name the columns once on the page of imports.")
    names = queries.RememberedNames(actor.agency_id)
    session = target.begin(Setting(actor, clock.now(), names, file.name))
    count = 0
    for rows in jobs.batches(table, head_row, needed=jobs.needed_places(columns, target)):
        count += len(rows)
        jobs.require_few_enough(count)
        yield from jobs.judged_rows(session, rows, columns)
    jobs.require_few_enough(count)


def _write(file: Path, sheet: str | None, actor: Person, verdicts: frozenset[Verdict]) -> int:
    now = clock.now()
    one = actions.keep(KIND, file.name, file.read_bytes(), folder=jobs.folder(), largest=LARGEST, actor=actor, now=now)
    import_id = jobs.look_and_judge(one, sheet=sheet, actor=actor, now=now)
    one = queries.get_import(import_id, to_change=True)
    if not any(one.counts.get(verdict.value) for verdict in verdicts):
        actions.drop(one, folder=jobs.folder(), actor=actor, now=now)
        db.session.commit()
        return 0
    actions.confirm(one, verdicts, seen=None, actor=actor, now=now)
    db.session.commit()
    jobs.write(import_id, actor=actor, now=now)
    return queries.get_import(import_id).written
