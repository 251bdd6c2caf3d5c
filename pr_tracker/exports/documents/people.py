"""What is kept about one person, in words: one who signs in, a journalist, a trainee."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from flask_babel import gettext as _

from pr_tracker.accounts.labels import ROLES
from pr_tracker.accounts.models import Person
from pr_tracker.assessments.labels import VERDICTS
from pr_tracker.audit.labels import event_words, thing_words
from pr_tracker.certificates.labels import STATUSES
from pr_tracker.exports.documents.parcel import bundle, write_read_me
from pr_tracker.exports.labels import OF_JOURNALIST, OF_PARTICIPANT, OF_PERSON
from pr_tracker.exports.queries import people as queries
from pr_tracker.exports.rules import Taken
from pr_tracker.inquiries.labels import KIND, STATUS
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.outlets.models import Journalist
from pr_tracker.sheets import Sheet
from pr_tracker.trainings.labels import MARKS, SOURCES
from pr_tracker.trainings.labels_invitations import REPLIES
from pr_tracker.trainings.models_roster import Participant

Words = Mapping[Any, Any]


def write_person(
    person: Person, out: BinaryIO, *, uploads: Path, by: str, now: datetime, notice_words: Words, mail_words: Words
) -> Taken:
    """A ZIP with everything kept about somebody who signs in; passwords and keys are not shown to anybody."""
    rosters = queries.rosters_with(person)
    with bundle(out, uploads) as made:
        made.add_tables(
            [*_of_account(person), *_of_trainee(rosters), _told(person, notice_words, mail_words), *_log_of(person)]
        )
        _add_trainee_files(made, rosters)
        about = _("Everything that the press desk keeps about %(name)s, who has an account.", name=person.full_name)
        write_read_me(made, about, by=by, now=now, more=[str(OF_PERSON)])
    return made.taken


def write_journalist(one: Journalist, out: BinaryIO, *, uploads: Path, by: str, now: datetime) -> Taken:
    """A ZIP with everything kept about a journalist."""
    with bundle(out, uploads) as made:
        made.add_tables([*_of_journalist(one), _about("journalists", [one.id])])
        about = _("Everything that the press desk keeps about the journalist %(name)s.", name=one.full_name)
        write_read_me(made, about, by=by, now=now, more=[str(OF_JOURNALIST)])
    return made.taken


def write_participant(one: Participant, out: BinaryIO, *, uploads: Path, by: str, now: datetime) -> Taken:
    """A ZIP with everything kept about a trainee, in every class where the same account or address stands."""
    rosters = queries.rosters_like(one)
    with bundle(out, uploads) as made:
        made.add_tables([*_of_trainee(rosters), _about("participants", rosters)])
        _add_trainee_files(made, rosters)
        about = _("Everything that the press desk keeps about the trainee %(name)s.", name=one.full_name)
        unlinked = _("Feedback on classes is given without a name and belongs to nobody.")
        write_read_me(made, about, by=by, now=now, more=[str(OF_PARTICIPANT), unlinked])
    return made.taken


def _facts(title: str, facts: Iterable[tuple[str, Any]]) -> Sheet:
    return Sheet(title, title, (_("Field"), _("On record")), [row for row in facts if row[1] not in (None, "")])


def _of_account(person: Person) -> Iterator[Sheet]:
    yield _facts(
        _("Account"),
        (
            (_("Full name"), person.full_name),
            (_("Title"), person.title),
            (_("Agency"), person.agency.name),
            (_("Roles"), ", ".join(str(ROLES[role]) for role in sorted(person.roles))),
            (_("Official e-mail"), person.email),
            (_("Work phone"), person.phone),
            (_("Language"), person.language),
            (_("Account since"), person.created_at),
            (_("May sign in"), _yes(person.active)),
            (_("Authenticator app"), _yes(person.tf_primary_method is not None)),
        ),
    )
    period = (_("From"), _("Until"))
    title = _("Headed agencies")
    yield Sheet(title, title, (_("Agency"), _("Title"), *period), queries.tenures_of(person))
    title = _("Absences")
    head: tuple[str, ...] = (_("Substitute"), *period, _("Note"), _("Ended early"))
    yield Sheet(title, title, head, queries.absences_of(person))
    title = _("Stood in for")
    yield Sheet(title, title, (_("Absent"), *period, _("Ended early")), queries.substitutions_of(person))
    title = _("Permanent spokesperson")
    head = (_("Agency"), _("Full name"), _("Title"), _("Phone"), _("E-mail"), _("Decision"), _("Decided"), _("Until"))
    yield Sheet(title, title, head, queries.decisions_of(person))
    title = _("Authorised to speak")
    head = (_("Agency"), _("Number"), _("Matter"), _("Title of the matter"), *period, _("Revoked"))
    yield Sheet(title, title, head, queries.authorisations_of(person))
    title = _("Passkeys")
    yield Sheet(title, title, (_("Name"), _("Last used")), queries.passkeys_of(person))
    title = _("Saved views")
    yield Sheet(title, title, (_("Name"), _("Filter")), queries.views_of(person))


def _told(person: Person, notice_words: Words, mail_words: Words) -> Sheet:
    title = _("Notices")
    head = (_("At"), _("Notice"), _("Address"), _("About"), _("Read"), _("Mail"))
    rows = (
        (n.created_at, _word(notice_words, n.kind), n.address, f"{n.about_kind} {n.about_id or ''}".strip(), n.read_at,
         _word(mail_words, n.mail_state))
        for n in queries.notices_to(person)
    )  # fmt: skip
    return Sheet(title, title, head, rows)


def _log_of(person: Person) -> Iterator[Sheet]:
    title = _("What they did")
    acts = (
        (a.number, a.at, event_words(a.event), thing_words(a.subject_kind, a.subject_id))
        for a in queries.acts_of(person)
    )
    yield Sheet(title, title, (_("Entry"), _("At"), _("Act"), _("About")), acts)
    yield _about("people", [person.id])


def _about(kind: str, ids: Sequence[int]) -> Sheet:
    title = _("Who did or read what about them")
    rows = ((e.number, e.at, e.actor_name, event_words(e.event)) for e in queries.entries_about(kind, ids))
    return Sheet(_("Log"), title, (_("Entry"), _("At"), _("Who"), _("Act")), rows)


def _of_journalist(one: Journalist) -> Iterator[Sheet]:
    yield _facts(
        _("Journalist"),
        (
            (_("Full name"), one.full_name),
            (_("Press agency"), one.outlet.name),
            (_("Press card"), one.press_card),
            (_("Letter of introduction"), one.letter_number),
            (_("Dated"), one.letter_on),
            (_("Work phone"), one.phone),
            (_("Work e-mail"), one.email),
            (_("In use"), _yes(one.active)),
            (_("On record since"), one.created_at),
        ),
    )
    title = _("Inquiries")
    head: tuple[str, ...] = (
        _("Number"),
        _("Subject"),
        _("Kind"),
        _("Status"),
        _("Received"),
        _("Finished"),
        _("Press agency"),
    )
    rows = (
        (write_number(i.year, i.number), i.subject, _word(KIND, i.kind), _word(STATUS, i.status), i.received_at,
         i.finished_at, i.name)
        for i in queries.inquiries_of_journalist(one.id)
    )  # fmt: skip
    yield Sheet(title, title, head, rows)


def _of_trainee(rosters: Sequence[int]) -> Iterator[Sheet]:
    title = _("Classes")
    head: tuple[str, ...] = (
        _("Course"), _("Class"), _("Row"), _("Full name"), _("Title"), _("Agency"), _("Phone"), _("E-mail"),
        _("Came unlisted"), _("Waiting since"), _("Invited"), _("Reply"), _("Replied"), _("Reason"),
        _("On the roster"), _("Taken off because"), _("On record since"),
    )  # fmt: skip
    rows = (
        (*row[:8], _yes(row.walk_in), row.waiting_at, row.invited_at, _word(REPLIES, row.reply), row.replied_at,
         row.reply_reason, _yes(row.active), row.removed_because, row.created_at)
        for row in queries.roster_rows(rosters)
    )  # fmt: skip
    yield Sheet(title, title, head, rows)
    title = _("Attendance")
    head = (_("Class"), _("Session"), _("Topic"), _("Mark"), _("Arrived"), _("Recorded by"), _("Remark"), _("Marked"))
    marks = (
        (*r[:3], _word(MARKS, r.mark), r.arrived_at, _word(SOURCES, r.source), r.remark, r.marked_at)
        for r in queries.marks_of(rosters)
    )
    yield Sheet(title, title, head, marks)
    title = _("Apologies")
    head = (_("Session"), _("Topic"), _("Reason"), _("At"), _("Stands"))
    yield Sheet(title, title, head, ((*r[:4], _yes(r.active)) for r in queries.apologies_of(rosters)))
    yield from _results(rosters)


def _results(rosters: Sequence[int]) -> Iterator[Sheet]:
    title = _("Tests")
    head: tuple[str, ...] = (_("Test"), _("Begun"), _("Handed in"), _("Answers"), _("Annulled because"))
    attempts = (
        (a.title, a.started_at, a.handed_in_at, json.dumps(a.answers, ensure_ascii=False), a.annulled_because)
        for a in queries.attempts_of(rosters)
    )
    yield Sheet(title, title, head, attempts)
    title = _("Marks of classes")
    yield Sheet(title, title, (_("Class"), _("Mark"), _("Remark"), _("Marked")), queries.results_of(rosters))
    title = _("Final papers")
    head = (_("Version"), _("Handed in"), _("Verdict"), _("Mark"), _("Remark"))
    papers = (
        (p.number, p.handed_in_at, _word(VERDICTS, p.verdict), p.mark, p.remark) for p in queries.papers_of(rosters)
    )
    yield Sheet(title, title, head, papers)
    title = _("Certificates")
    head = (_("Number"), _("Code"), _("Issued on"), _("Valid until"), _("Status"), _("Because"))
    given = (
        (f"{c.number:04}/{c.year}", c.code, c.issued_on, c.valid_until, _word(STATUSES, c.status), c.ended_because)
        for c in queries.certificates_of(rosters)
    )
    yield Sheet(title, title, head, given)


def _add_trainee_files(made: Any, rosters: Sequence[int]) -> None:
    for folder, file in queries.files_of_trainee(rosters):
        made.add_file(folder, file)


def _word(words: Any, value: Any) -> str:
    return "" if value is None else str(words.get(value, value))


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
