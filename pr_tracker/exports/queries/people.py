"""What is kept about a person who signs in, a journalist, a trainee: rows, table by table."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from pr_tracker.accounts.models import Absence, Agency, HeadTenure, Passkey, Person
from pr_tracker.assessments.models import ClassMark, ClassTest, FinalPaper, TestAttempt
from pr_tracker.audit.models import AuditEntry
from pr_tracker.certificates.models import Certificate
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.models import Inquiry, InquiryJournalist, SavedView
from pr_tracker.notices.models import Notice
from pr_tracker.outlets.models import Outlet
from pr_tracker.spokespersons.models import Authorisation, SpokespersonDecision
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant, SessionApology

Rows = Sequence[sa.Row]
BATCH = 1000


def get_participant(participant_id: int) -> Participant:
    """A row of a roster. Raises NotFound."""
    found = db.session.get(Participant, participant_id)
    if found is None:
        raise NotFound(N_("There is no such person on a roster."))
    return found


def tenures_of(person: Person) -> Rows:
    """Which agencies they headed: agency, title, from, until."""
    one = HeadTenure
    query = sa.select(Agency.name, one.title, one.from_at, one.until_at).join(Agency, Agency.id == one.agency_id)
    return _all(query.where(one.person_id == person.id).order_by(one.from_at))


def absences_of(person: Person) -> Rows:
    """Their absences: substitute, from, to, note, ended."""
    one, substitute = Absence, sa.orm.aliased(Person)
    query = sa.select(substitute.full_name, one.from_on, one.to_on, one.note, one.ended_at)
    query = query.outerjoin(substitute, substitute.id == one.substitute_id)
    return _all(query.where(one.person_id == person.id).order_by(one.from_on))


def substitutions_of(person: Person) -> Rows:
    """For whom they stood in: name, from, to, ended."""
    one, absent = Absence, sa.orm.aliased(Person)
    query = sa.select(absent.full_name, one.from_on, one.to_on, one.ended_at).join(absent, absent.id == one.person_id)
    return _all(query.where(one.substitute_id == person.id).order_by(one.from_on))


def decisions_of(person: Person) -> Rows:
    """As permanent spokesperson: agency, name, title, phone, e-mail, number, decided, ended."""
    one = SpokespersonDecision
    columns = (one.full_name, one.title, one.phone, one.email, one.decision_number, one.decided_at, one.ended_at)
    query = sa.select(Agency.name, *columns).join(Agency, Agency.id == one.agency_id)
    return _all(query.where(one.person_id == person.id).order_by(one.decided_at))


def authorisations_of(person: Person) -> Rows:
    """Authorised to speak: agency, number, matter, title of the matter, from, until, revoked."""
    one = Authorisation
    columns = (one.number, one.matter_code, one.matter_title, one.from_at, one.until_at, one.revoked_at)
    query = sa.select(Agency.name, *columns).join(Agency, Agency.id == one.agency_id)
    return _all(query.where(one.person_id == person.id).order_by(one.from_at))


def passkeys_of(person: Person) -> Rows:
    """Their passkeys: name, last used."""
    return _all(sa.select(Passkey.name, Passkey.lastuse_datetime).where(Passkey.user_id == person.id))


def views_of(person: Person) -> Rows:
    """Their saved views of lists: name, filter."""
    return _all(sa.select(SavedView.name, SavedView.query).where(SavedView.person_id == person.id))


def notices_to(person: Person) -> Rows:
    """What they were told: when, kind, address, about what, read, mail."""
    one = Notice
    columns = (one.created_at, one.kind, one.address, one.about_kind, one.about_id, one.read_at, one.mail_state)
    return _all(sa.select(*columns).where(one.person_id == person.id).order_by(one.id))


def acts_of(person: Person) -> Iterator[sa.Row]:
    """What they did, by the log: number, at, event, subject_kind, subject_id."""
    one, after = AuditEntry, 0
    columns = (one.number, one.at, one.event, one.subject_kind, one.subject_id)
    while True:
        query = sa.select(*columns).where(one.actor_id == person.id, one.number > after)
        rows = db.session.execute(query.order_by(one.number).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].number


def entries_about(kind: str, ids: Sequence[int]) -> Rows:
    """Who did, read or took out what about them: number, at, actor_name, event."""
    one = AuditEntry
    query = sa.select(one.number, one.at, one.actor_name, one.event)
    return _all(query.where(one.subject_kind == kind, one.subject_id.in_(ids)).order_by(one.number))


def inquiries_of_journalist(journalist_id: int) -> Rows:
    """What a journalist asked: year, number, subject, kind, status, received, finished."""
    one = Inquiry
    columns = (one.year, one.number, one.subject, one.kind, one.status, one.received_at, one.finished_at, Outlet.name)
    query = sa.select(*columns).join(InquiryJournalist, InquiryJournalist.inquiry_id == one.id)
    query = query.outerjoin(Outlet, Outlet.id == one.outlet_id)
    return _all(query.where(InquiryJournalist.journalist_id == journalist_id).order_by(one.received_at, one.id))


def rosters_with(person: Person) -> list[int]:
    """Numbers of the rows of rosters that name this account, or its address."""
    same = sa.or_(Participant.person_id == person.id, sa.func.lower(Participant.email) == person.email.lower())
    return list(db.session.scalars(sa.select(Participant.id).where(same).order_by(Participant.id)))


def rosters_like(participant: Participant) -> list[int]:
    """Numbers of the rows of rosters that name the same person: the same account, or the same address."""
    same = [Participant.id == participant.id]
    if participant.person_id is not None:
        same.append(Participant.person_id == participant.person_id)
    if participant.email:
        same.append(sa.func.lower(Participant.email) == participant.email.lower())
    return list(db.session.scalars(sa.select(Participant.id).where(sa.or_(*same)).order_by(Participant.id)))


def roster_rows(ids: Sequence[int]) -> Rows:
    """The rows of rosters themselves, with course and class."""
    one, agency = Participant, sa.orm.aliased(Agency)
    columns = (
        Course.title.label("course"), TrainingClass.name.label("class_name"), one.number, one.full_name, one.title,
        sa.func.coalesce(agency.name, one.agency_name).label("agency"), one.phone, one.email, one.walk_in,
        one.waiting_at, one.invited_at, one.reply, one.replied_at, one.reply_reason, one.active, one.removed_because,
        one.created_at,
    )  # fmt: skip
    query = sa.select(*columns).join(TrainingClass, TrainingClass.id == one.class_id)
    query = query.join(Course, Course.id == TrainingClass.course_id).outerjoin(agency, agency.id == one.agency_id)
    return _all(query.where(one.id.in_(ids)).order_by(one.id))


def marks_of(ids: Sequence[int]) -> Rows:
    """Attendance: class, session, topic, mark, arrived, source, remark, marked at."""
    one = AttendanceMark
    columns = (one.mark, one.arrived_at, one.source, one.remark, one.marked_at)
    query = sa.select(TrainingClass.name, ClassSession.starts_at, ClassSession.topic, *columns)
    query = query.join(ClassSession, ClassSession.id == one.session_id)
    query = query.join(TrainingClass, TrainingClass.id == ClassSession.class_id)
    return _all(query.where(one.participant_id.in_(ids)).order_by(ClassSession.starts_at))


def apologies_of(ids: Sequence[int]) -> Rows:
    """Apologies in advance: session, topic, reason, when, standing."""
    one = SessionApology
    query = sa.select(ClassSession.starts_at, ClassSession.topic, one.reason, one.apologised_at, one.active)
    query = query.join(ClassSession, ClassSession.id == one.session_id)
    return _all(query.where(one.participant_id.in_(ids)).order_by(ClassSession.starts_at))


def attempts_of(ids: Sequence[int]) -> Rows:
    """Tests: title, started, handed in, answers as they were given, annulled."""
    one = TestAttempt
    query = sa.select(ClassTest.title, one.started_at, one.handed_in_at, one.answers, one.annulled_because)
    query = query.join(ClassTest, ClassTest.id == one.test_id)
    return _all(query.where(one.participant_id.in_(ids)).order_by(one.id))


def results_of(ids: Sequence[int]) -> Rows:
    """Marks of classes: class, mark, remark, when."""
    one = ClassMark
    query = sa.select(TrainingClass.name, one.mark, one.remark, one.marked_at)
    query = query.join(Participant, Participant.id == one.participant_id)
    query = query.join(TrainingClass, TrainingClass.id == Participant.class_id)
    return _all(query.where(one.participant_id.in_(ids)).order_by(one.id))


def papers_of(ids: Sequence[int]) -> Rows:
    """Final papers: version, handed in, verdict, mark, remark."""
    one = FinalPaper
    columns = (one.number, one.handed_in_at, one.verdict, one.mark, one.remark)
    return _all(sa.select(*columns).where(one.participant_id.in_(ids)).order_by(one.id))


def certificates_of(ids: Sequence[int]) -> Rows:
    """Certificates: year, number, code, issued, valid until, status, why it ended."""
    one = Certificate
    columns = (one.year, one.number, one.code, one.issued_on, one.valid_until, one.status, one.ended_because)
    return _all(sa.select(*columns).where(one.participant_id.in_(ids)).order_by(one.id))


def files_of_trainee(ids: Sequence[int]) -> list[tuple[str, KeptFile]]:
    """Their certificates and final papers: (folder, file)."""
    found = []
    for folder, model in (("giay-chung-nhan", Certificate), ("bai-thu-hoach", FinalPaper)):
        query = sa.select(KeptFile).join(model, model.file_id == KeptFile.id)
        kept = db.session.scalars(query.where(model.participant_id.in_(ids)).order_by(KeptFile.id))
        found += [(folder, file) for file in kept]
    return found


def _all(query: sa.Select) -> Rows:
    return db.session.execute(query).all()
