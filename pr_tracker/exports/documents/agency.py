"""An agency's whole file: its tables, the sheet and the files of every case it leads, the scans of its papers."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from flask_babel import gettext as _

from pr_tracker.accounts.labels import AGENCY_KINDS, SIGNING_FORMS
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.codes import show_code
from pr_tracker.duties.labels import FORMAT
from pr_tracker.duties.labels import KIND as DUTY_KIND
from pr_tracker.exports.documents.parcel import Bundle, bundle, write_read_me
from pr_tracker.exports.queries import agency as queries
from pr_tracker.exports.rules import Taken
from pr_tracker.incidents.labels import KIND as INCIDENT_KIND
from pr_tracker.inquiries.documents import write_case_sheet
from pr_tracker.inquiries.labels import GROUND, KIND, PART, STATUS
from pr_tracker.inquiries.labels_articles import LETTER_KIND, OUTCOME
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.papers.labels import KINDS as PAPER_KINDS
from pr_tracker.sheets import Sheet
from pr_tracker.statements.labels import ANSWER_FORM

Progress = Callable[[int, int], None]


def write_agency(
    agency: Agency, out: BinaryIO, *, uploads: Path, place: str, actor: Person, now: datetime, progress: Progress
) -> Taken:
    """Write the ZIP; `progress` is told after each case and may raise to stop it."""
    cases = queries.led_by(agency)
    with bundle(out, uploads) as made:
        made.add_tables(_tables(agency))
        for done, inquiry_id in enumerate(cases):
            progress(done, len(cases))
            _add_case(made, inquiry_id, actor, place, now)
        for folder, file in queries.scans_of(agency):
            made.add_file(folder, file)
        about = _("The whole file of %(name)s.", name=agency.name)
        folders = _("ho-so: a folder for each case that the agency leads, with its sheet and files.")
        write_read_me(made, about, by=actor.full_name, now=now, more=[folders])
    progress(len(cases), len(cases))
    return made.taken


def _add_case(made: Bundle, inquiry_id: int, actor: Person, place: str, now: datetime) -> None:
    inquiry, sheet = get_visible(inquiry_id, actor, whole=True), BytesIO()
    write_case_sheet(inquiry, sheet, actor=actor, place=place, now=now)
    folder = f"ho-so/{inquiry.code}"
    made.add_paper(f"{folder}/phieu-xu-ly.pdf", sheet.getvalue())
    for file in queries.attachments_of(inquiry_id):
        made.add_file(f"{folder}/tep", file)


def _tables(agency: Agency) -> Iterator[Sheet]:
    yield from _office(agency)
    yield from _work(agency)
    yield from _by_itself(agency)
    yield from _said(agency)
    yield from _speaking(agency)


def _office(agency: Agency) -> Iterator[Sheet]:
    title, period = _("Agency"), (_("From"), _("Until"))
    facts = (
        (_("Code"), agency.code),
        (_("Name"), agency.name),
        (_("Kind"), str(AGENCY_KINDS[agency.kind])),
        (_("Signing form"), str(SIGNING_FORMS[agency.signing_form])),
    )
    yield Sheet(title, title, (_("Field"), _("On record")), facts)
    title = _("Heads")
    yield Sheet(title, title, (_("Full name"), _("Title"), *period), queries.heads_of(agency))
    title = _("People")
    head: tuple[str, ...] = (_("Full name"), _("Title"), _("E-mail"), _("Phone"), _("May sign in"))
    rows = ((*row[:4], _("yes") if row.active else _("no")) for row in queries.people_of(agency))
    yield Sheet(title, title, head, rows)


def _work(agency: Agency) -> Iterator[Sheet]:
    title = _("Inquiries")
    head: tuple[str, ...] = (
        _("Number"), _("Subject"), _("Kind"), _("Press agency"), _("Part of the agency"), _("Case officer"),
        _("Status"), _("Received at"), _("Due"), _("Finished"), _("Ground of refusal"),
    )  # fmt: skip
    rows = (
        (write_number(i.year, i.number), i.subject, _word(KIND, i.kind), i.outlet, _part(i, agency), i.officer,
         _word(STATUS, i.status), i.received_at, _due(i), i.finished_at, _word(GROUND, i.refusal_ground))
        for i in queries.inquiries_of(agency)
    )  # fmt: skip
    yield Sheet(title, title, head, rows)
    title = _("Letters to the press")
    head = (
        _("Number"), _("Dated"), _("Kind"), _("Round"), _("Press agency"), _("Subject"), _("Sent"), _("Outcome"),
    )  # fmt: skip
    letters = (
        (r[0], r[1], _word(LETTER_KIND, r.kind), *r[3:7], _word(OUTCOME, r.outcome)) for r in queries.letters_of(agency)
    )
    yield Sheet(title, title, head, letters)
    title = _("Incident rooms")
    head = (_("Number"), _("Subject"), _("Kind"), _("Received at"), _("Initial information"), _("Closed"))
    incidents = (
        (f"VV-{r.year}-{r.number:04}", r.title, _word(INCIDENT_KIND, r.kind), *r[4:])
        for r in queries.incidents_of(agency)
    )
    yield Sheet(title, title, head, incidents)


def _by_itself(agency: Agency) -> Iterator[Sheet]:
    title = _("Duties")
    head: tuple[str, ...] = (
        _("Duty"),
        _("Period"),
        _("Opened"),
        _("Due"),
        _("Done"),
        _("Cancelled"),
        _("Evidence"),
        _("Link"),
    )
    duties = (
        (
            _word(DUTY_KIND, r.kind),
            _period(r.period),
            r.opened_at,
            _due(r),
            r.done_at,
            r.cancelled_at,
            r.evidence,
            r.link,
        )
        for r in queries.duties_of(agency)
    )
    yield Sheet(title, title, head, duties)
    title = _("Press conferences")
    head = (_("Subject"), _("Begins"), _("Place"), _("Form"), _("Chair"), _("Held"), _("Cancelled"))
    held = ((*r[:3], _word(FORMAT, r.format), *r[4:]) for r in queries.conferences_of(agency))
    yield Sheet(title, title, head, held)
    title = _("Press briefings")
    head = (_("Subject"), _("At"), _("Called by"), _("Speaker"), _("Evidence"), _("Link"), _("Withdrawn"))
    yield Sheet(title, title, head, queries.briefings_of(agency))


def _said(agency: Agency) -> Iterator[Sheet]:
    title = _("Statements")
    head: tuple[str, ...] = (
        _("Number"), _("Subject"), _("Content"), _("Form"), _("Said"), _("By"), _("Valid until"), _("Superseded"),
        _("Withdrawn"),
    )  # fmt: skip
    said = (
        (f"PN-{r.year}-{r.number:04}", r.topic, r.text, _word(ANSWER_FORM, r.form), *r[5:])
        for r in queries.statements_of(agency)
    )
    yield Sheet(title, title, head, said)
    title = _("Papers that were issued")
    head = (
        _("Code"), _("Kind"), _("Subject"), _("At"), "SHA-256", _("Superseded"), _("Withdrawn"), _("Because"),
    )  # fmt: skip
    papers = ((show_code(r.code), _word(PAPER_KINDS, r.kind), *r[2:]) for r in queries.papers_of(agency))
    yield Sheet(title, title, head, papers)


def _speaking(agency: Agency) -> Iterator[Sheet]:
    title, period = _("Permanent spokespersons"), (_("From"), _("Until"))
    head: tuple[str, ...] = (
        _("Full name"),
        _("Title"),
        _("Phone"),
        _("E-mail"),
        _("Decision"),
        _("Decided"),
        _("Ended"),
    )
    yield Sheet(title, title, head, queries.spokespersons_of(agency))
    title = _("Authorisations")
    head = (_("Full name"), _("Number"), _("Matter"), _("Title of the matter"), *period, _("Revoked"))
    yield Sheet(title, title, head, queries.authorisations_of(agency))
    title = _("Trained people")
    head = (_("Full name"), _("Title"), _("Course"), _("Class"), _("Certificate"), _("Valid until"))
    rows = ((*r[:4], f"{r.number:04}/{r.year}" if r.year else "", r.valid_until) for r in queries.trainees_of(agency))
    yield Sheet(title, title, head, rows)


def _part(row: Any, agency: Agency) -> str:
    if row.lead_agency_id == agency.id:
        return _("leads")
    return _word(PART, row.part) or _("led before")


def _period(code: str) -> str:
    """A month, quarter or year; what opened for one event has none."""
    return code if code[:4].isdigit() else ""


def _due(row: Any) -> datetime | date | None:
    found: datetime | date | None = row.due_at or row.due_on
    return found


def _word(words: Any, value: Any) -> str:
    return "" if value is None else str(words.get(value, value))
