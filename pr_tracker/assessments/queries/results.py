"""Find marks and final papers, and what together they make of each person of a class."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.assessments.models import ClassMark, ClassTest, FinalPaper, PaperTask, TestAttempt
from pr_tracker.assessments.queries.tests import book_of
from pr_tracker.assessments.rules import MarkSource, Result, Score, Verdict
from pr_tracker.assessments.rules_marks import Row
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import row_code


def results_of(class_id: int) -> dict[int, Result]:
    """By participant id, everybody with a place in the class: the mark out of 10 and whether the final paper counts."""
    who, one, paper = Participant, ClassMark, FinalPaper
    query = (
        sa.select(who.id, one.mark, one.source, paper.verdict, paper.mark.label("paper_mark"))
        .outerjoin(one, one.participant_id == who.id)
        .outerjoin(paper, sa.and_(paper.participant_id == who.id, paper.number == _last_number()))
        .where(who.class_id == class_id, who.seated())
    )
    tested = {person: score.mark for person, score in scores_of(class_id).items()}
    found: dict[int, Result] = {}
    for row in db.session.execute(query):
        mark, source = tested.get(row.id), MarkSource.TEST
        if row.mark is not None:
            mark, source = row.mark, row.source
        counts = row.verdict is not None and row.verdict is not Verdict.RETURNED
        found[row.id] = Result(mark, counts, None if mark is None else source, row.paper_mark)
    return found


def _last_number() -> sa.ScalarSelect[int]:
    """The number of a participant's latest final paper."""
    last = sa.select(sa.func.max(_other.number)).where(_other.participant_id == Participant.id)
    return last.correlate(Participant).scalar_subquery()


_other = sa.orm.aliased(FinalPaper)


def scores_of(class_id: int) -> dict[int, Score]:
    """By participant id: what the test gave those who took it."""
    one = TestAttempt
    query = sa.select(one.test_id, one.participant_id, one.answers).join(ClassTest, ClassTest.id == one.test_id)
    rows = db.session.execute(query.where(ClassTest.class_id == class_id, one.annulled_at.is_(None))).all()
    if not rows:
        return {}
    book = book_of(rows[0].test_id)
    return {row.participant_id: book.score(row.answers) for row in rows}


def marks_of(class_id: int) -> Sequence[sa.Row]:
    """Typed and imported marks of a class: participant_id, mark, remark, source, version, marked_at, by_name."""
    one = ClassMark
    query = (
        sa.select(
            one.participant_id,
            one.mark,
            one.remark,
            one.source,
            one.version,
            one.marked_at,
            Person.full_name.label("by_name"),
        )
        .join(Participant, Participant.id == one.participant_id)
        .outerjoin(Person, Person.id == one.marked_by_id)
        .where(Participant.class_id == class_id)
    )
    return db.session.execute(query).all()


def people_of(class_id: int) -> Sequence[sa.Row]:
    """Everybody with a place in the class, by given name: id, number, full_name, title, agency_name."""
    one = Participant
    query = (
        sa.select(one.id, one.number, one.full_name, one.title, one.agency_name)
        .where(one.class_id == class_id, one.seated())
        .order_by(one.sort_key, one.id)
    )
    return db.session.execute(query).all()


def roster_by_code(class_id: int) -> dict[str, Row]:
    """Who may get a mark, by row code, with the typed mark as it stands."""
    stands: dict[int, Decimal | None] = {row.participant_id: row.mark for row in marks_of(class_id)}
    return {row_code(row.number): Row(row.id, row.full_name, stands.get(row.id)) for row in people_of(class_id)}


def find_task(class_id: int) -> PaperTask | None:
    """What the class's final paper is about, if one is asked for."""
    return db.session.scalar(sa.select(PaperTask).where(PaperTask.class_id == class_id))


def latest_papers(class_id: int, participant_id: int | None = None) -> dict[int, sa.Row]:
    """By participant id: the latest final paper of each, with its file's name and size."""
    one = FinalPaper
    query = (
        sa.select(
            one.id,
            one.participant_id,
            one.number,
            one.handed_in_at,
            one.handed_in_by_id,
            one.verdict,
            one.mark,
            one.remark,
            one.version,
            KeptFile.file_name,
            KeptFile.size,
        )
        .join(Participant, Participant.id == one.participant_id)
        .outerjoin(KeptFile, KeptFile.id == one.file_id)
        .where(Participant.class_id == class_id, one.number == _last_number())
    )
    if participant_id is not None:
        query = query.where(one.participant_id == participant_id)
    return {row.participant_id: row for row in db.session.execute(query)}


def papers_by(participant_id: int) -> Sequence[sa.Row]:
    """All final papers of one person, latest first."""
    one = FinalPaper
    query = (
        sa.select(one.id, one.number, one.handed_in_at, one.verdict, one.mark, one.remark, KeptFile.file_name)
        .outerjoin(KeptFile, KeptFile.id == one.file_id)
        .where(one.participant_id == participant_id)
        .order_by(one.number.desc())
    )
    return db.session.execute(query).all()


def get_paper(paper_id: int) -> FinalPaper:
    """A final paper. Raises NotFound."""
    found = db.session.get(FinalPaper, paper_id)
    if found is None:
        raise NotFound(N_("There is no such paper."))
    return found


def get_file(paper: FinalPaper) -> KeptFile:
    """The file of a final paper. Raises NotFound for one handed in on paper."""
    found = db.session.get(KeptFile, paper.file_id) if paper.file_id else None
    if found is None:
        raise NotFound(N_("There is no such paper."))
    return found
