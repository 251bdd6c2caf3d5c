"""Give certificates: keep layouts, issue for a class in one go, reissue, revoke.

Every act first takes the audit log's turn, then the year's counter: two locks, one order.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import Actor, record, record_each, take_turn
from pr_tracker.certificates.models import Certificate, CertificateLayout, CertificateRun
from pr_tracker.certificates.queries import register
from pr_tracker.certificates.queries.standing import candidates_of, class_values, first_day, layout_of, records_of
from pr_tracker.certificates.rules import PURPOSE, CertificateEvent, Status, valid_until, write_number
from pr_tracker.certificates.rules_layout import Layout, fill, require_layout
from pr_tracker.codes import digest_of, new_code
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.files import KeptFile
from pr_tracker.office_time import office_day, write_day
from pr_tracker.pdf import write_official_day
from pr_tracker.trainings.actions.roster import change_participant
from pr_tracker.trainings.models import Course, TrainingClass
from pr_tracker.trainings.rules_roster import Entry

Event = CertificateEvent
BATCH = 25
DAYS_AHEAD = 60  # they are printed before the closing ceremony
CHANGED = N_("Somebody else changed this while it was being edited.")


def keep_layout(course: Course, layout: Layout, *, version: int, actor: Actor | None, now: datetime) -> None:
    """Set how certificates of a course look from now on; those given stay as they are.

    Raises BadInput as require_layout does, ChangedMeanwhile unless `version` is the latest (0: none was made yet).
    """
    take_turn()
    require_layout(layout)
    kept = db.session.get(CertificateLayout, course.id, populate_existing=True)
    if (kept.version if kept else 0) != version:
        raise ChangedMeanwhile(CHANGED)
    before = kept.texts if kept else {}
    changed = [name for name, value in vars(layout).items() if before.get(name) != value]
    if kept is None:
        db.session.add(CertificateLayout(course_id=course.id, texts=vars(layout), version=1, changed_at=now))
    elif changed:
        kept.texts, kept.version, kept.changed_at = dict(vars(layout)), kept.version + 1, now
    if changed:
        record(Event.LAYOUT, course, actor=actor, now=now, changed=changed)


def ask_for(
    one: TrainingClass,
    participant_ids: Sequence[int],
    issued_on: date,
    *,
    place: str,
    actor: Actor | None,
    now: datetime,
) -> CertificateRun:
    """Have certificates issued for these people of a class, in the background, numbered by given name.

    Raises BadInput: nobody chosen, somebody who has not earned one, a day that cannot be; StepNotAllowed while the
    class is being issued for already.
    """
    take_turn()
    last = register.latest_run(one.id)
    if last is not None and last.finished_at is None:
        raise StepNotAllowed(N_("The certificates of this class are being issued already."))
    _require_day(one.id, issued_on, office_day(now))
    chosen, holding = set(participant_ids), register.holders(one.id)
    people = [each for each in candidates_of(one) if each.id in chosen and each.id not in holding]
    if refused := [each.full_name for each in people if not each.standing.qualifies]:
        raise BadInput(N_("Not every condition of the course is met: %(names)s."), names=", ".join(refused))
    if not people:
        raise BadInput(N_("Choose at least one person who has earned a certificate and has none."))
    run = CertificateRun(
        class_id=one.id,
        issued_on=issued_on,
        layout=dict(vars(layout_of(one.course, place))),
        people=[each.id for each in people],
        done=0,
        issued=0,
        asked_by_id=actor.id if actor else None,
        asked_at=now,
    )
    db.session.add(run)
    record(Event.RUN, one, actor=actor, now=now, people=len(people), day=issued_on.isoformat())
    return run


def issue_next(run_id: int, *, key: str, now: datetime) -> int:
    """Issue the next few certificates of a run, each once, whoever else works on it; returns how many are new.

    Somebody who meanwhile no longer qualifies, or got one otherwise, is passed over.
    """
    take_turn()
    run = db.session.get_one(CertificateRun, run_id, populate_existing=True)
    ids = run.people[run.done : run.done + BATCH]
    if run.finished_at is not None or not ids:
        return 0
    one, holding = run.training_class, register.holders(run.class_id)
    earned = {each.id: each for each in candidates_of(one) if each.standing.qualifies and each.id not in holding}
    people = [earned[each] for each in ids if each in earned]
    actor = db.session.get(Person, run.asked_by_id) if run.asked_by_id else None
    values, layout = class_values(one), Layout(**run.layout)
    for number, each in enumerate(people, _numbers(run.issued_on.year, len(people))):
        own = {"name": each.full_name, "title": each.title, "agency": each.agency_name}
        own["mark"] = write_mark(each.standing.record.mark)
        until = valid_until(run.issued_on, one.course.valid_months)
        given = _certificate(layout, values | own, number, run.issued_on, until, key, actor, now)
        given.participant_id, given.class_id, given.run_id = each.id, run.class_id, run.id
        db.session.add(given)
    run.done, run.issued, run.begun_at = run.done + len(ids), run.issued + len(people), run.begun_at or now
    db.session.flush()
    _record_given(Event.ISSUE, run.id, {each.id for each in people}, actor, now)
    return len(people)


def keep_drawn(certificate_id: int, drawn: KeptFile) -> bool:
    """Keep the PDF of a certificate; False when another worker was first."""
    one = db.session.get_one(Certificate, certificate_id, with_for_update=True, populate_existing=True)
    if one.file_id is not None:
        return False
    db.session.add(drawn)
    db.session.flush()
    one.file_id = drawn.id
    return True


def finish(run_id: int, *, now: datetime) -> None:
    """End a run of which everybody is issued or passed over, and every certificate drawn."""
    take_turn()
    run = db.session.get_one(CertificateRun, run_id, populate_existing=True)
    if run.finished_at is None and run.done == len(run.people) and not register.undrawn_of(run_id, 1):
        run.finished_at = now


def reissue(
    certificate: Certificate,
    who: Entry,
    reason: str,
    issued_on: date,
    *,
    seen: int,
    place: str,
    key: str,
    actor: Actor | None,
    now: datetime,
) -> Certificate:
    """Give a new certificate in the place of one that is superseded by it; the roster's row is corrected to `who`.

    It counts as long as the former. Raises BadInput without a reason, ChangedMeanwhile, StepNotAllowed.
    """
    _begin_end(certificate, reason, seen)
    one, participant = certificate.training_class, certificate.participant
    _require_day(one.id, issued_on, office_day(now))
    change_participant(participant, who, version=participant.version, actor=actor, now=now)
    _end(certificate, Status.SUPERSEDED, reason, actor, now)
    db.session.flush()
    mark = records_of(one.id)[participant.id].mark
    own = {"name": participant.full_name, "title": participant.title, "agency": participant.agency_name}
    values = class_values(one) | own | {"mark": write_mark(mark)}
    number = _numbers(issued_on.year, 1)
    layout = layout_of(one.course, place)
    given = _certificate(layout, values, number, issued_on, certificate.valid_until, key, actor, now)
    given.participant_id, given.class_id, given.replaces_id = participant.id, one.id, certificate.id
    db.session.add(given)
    data = {"number": given.written_number, "digest": digest_of(given.code, given.paper), "reason": reason}
    record(Event.REISSUE, given, actor=actor, now=now, replaces=certificate.written_number, **data)
    return given


def revoke(certificate: Certificate, reason: str, *, seen: int, actor: Actor | None, now: datetime) -> None:
    """Take a certificate back. Raises BadInput without a reason, ChangedMeanwhile, StepNotAllowed if not valid."""
    _begin_end(certificate, reason, seen)
    _end(certificate, Status.REVOKED, reason, actor, now)
    record(Event.REVOKE, certificate, actor=actor, now=now, number=certificate.written_number, reason=reason)


def note_export(subject: Any, form: str, count: int, *, actor: Actor | None, now: datetime) -> None:
    """Keep in the audit log who took certificates out as files (Law 91/2025/QH15)."""
    record(Event.EXPORT, subject, actor=actor, now=now, form=form, count=count)


def write_mark(mark: Decimal | None) -> str:
    """A mark as on paper: 8,5; nothing where there is none."""
    return "" if mark is None else f"{mark.normalize():f}".replace(".", ",")


def _require_day(class_id: int, issued_on: date, today: date) -> None:
    begins = first_day(class_id)
    if begins is not None and issued_on < begins:
        raise BadInput(N_("The class only began on %(day)s."), field="issued_on", day=write_day(begins))
    if issued_on > today + timedelta(days=DAYS_AHEAD):
        raise BadInput(N_("This day is more than %(days)s days ahead."), field="issued_on", days=DAYS_AHEAD)


def _begin_end(certificate: Certificate, reason: str, seen: int) -> None:
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    take_turn()
    db.session.refresh(certificate)
    if certificate.status is not Status.VALID:
        raise StepNotAllowed(N_("This certificate is no longer valid."))
    if certificate.version != seen:
        raise ChangedMeanwhile(CHANGED)


def _end(certificate: Certificate, status: Status, reason: str, actor: Actor | None, now: datetime) -> None:
    certificate.status, certificate.ended_because, certificate.ended_at = status, reason, now
    certificate.ended_by_id = actor.id if actor else None
    certificate.version += 1


def _numbers(year: int, count: int) -> int:
    """The first of the year's next numbers; the counter stays locked until the transaction ends: no gap, none twice."""
    statement = sa.text(
        "INSERT INTO certificate_numbers (year, last) VALUES (:year, :count) "
        "ON CONFLICT (year) DO UPDATE SET last = certificate_numbers.last + :count RETURNING last"
    )
    last: int = db.session.execute(statement, {"year": year, "count": count}).scalar_one()
    return last - count + 1


def _certificate(
    layout: Layout,
    values: dict[str, str],
    number: int,
    issued_on: date,
    until: date | None,
    key: str,
    actor: Actor | None,
    now: datetime,
) -> Certificate:
    """A certificate with its number, its code and every word that stands on it."""
    year = issued_on.year
    written = {"number": write_number(year, number), "day": write_official_day(issued_on)}
    written["valid_until"] = write_day(until) if until else ""
    paper = fill(layout, values | written)
    return Certificate(
        year=year,
        number=number,
        code=new_code(key, PURPOSE),
        paper=dict(vars(paper)),
        issued_on=issued_on,
        valid_until=until,
        issued_at=now,
        issued_by_id=actor.id if actor else None,
        status=Status.VALID,
        ended_because="",
        version=1,
    )


def _record_given(event: Event, run_id: int, people: set[int], actor: Actor | None, now: datetime) -> None:
    query = sa.select(Certificate).where(Certificate.run_id == run_id, Certificate.participant_id.in_(people))
    given = db.session.scalars(query.order_by(Certificate.number)).all()
    entries = [
        (one.__tablename__, one.id, {"number": one.written_number, "digest": digest_of(one.code, one.paper)})
        for one in given
    ]
    record_each(event, entries, actor=actor, now=now)
