"""Type or import marks; ask for, take in and judge final papers."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from pr_tracker.assessments.actions.beats import begin, code_of, require_seat, write
from pr_tracker.assessments.models import ClassMark, FinalPaper, PaperTask
from pr_tracker.assessments.queries.results import find_task
from pr_tracker.assessments.rules import FULL_MARK, MOST_HANDED_IN, AssessmentEvent, MarkSource, Verdict
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.files import KeptFile
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_roll import row_code

Event = AssessmentEvent
Sent = Mapping[int, tuple[Decimal | None, str, int]]


def enter_marks(
    one: TrainingClass, sent: Sent, source: MarkSource, *, actor: Actor | None, now: datetime
) -> tuple[int, set[int]]:
    """Keep marks: by participant the mark (None: taken back), remark, version read. How many changed, and who is left.

    Who is left was marked otherwise by somebody else meanwhile, or has no place in the class.
    """
    take_turn()
    seated = sa.select(Participant.id, Participant.number).where(Participant.class_id == one.id, Participant.seated())
    numbers: dict[int, int] = {row.id: row.number for row in db.session.execute(seated)}
    query = sa.select(ClassMark).where(ClassMark.participant_id.in_(list(numbers)))
    rows = {row.participant_id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
    changed: dict[str, str] = {}
    left: set[int] = set()
    for person, (mark, remark, version) in sent.items():
        row = rows.get(person)
        stands = (row.mark, row.remark) if row else (None, "")
        if stands == (mark, remark) and person in numbers:
            continue
        if person not in numbers or (row.version if row else 0) != version:
            left.add(person)
            continue
        _put(row, person, mark, remark, source, actor, now)
        changed[row_code(numbers[person])] = "" if mark is None else str(mark)
    if changed:
        record(Event.MARKS_ENTER, one, actor=actor, now=now, marks=changed, source=source.value)
    return len(changed), left


def note_export(one: TrainingClass, *, actor: Actor, now: datetime) -> None:
    """Keep in the audit log who downloaded the list of names and marks (Law 91/2025/QH15)."""
    record(Event.MARKS_EXPORT, one, actor=actor, now=now)


def ask_paper(
    one: TrainingClass, task: str, due_at: datetime, *, version: int, actor: Actor | None, now: datetime
) -> PaperTask:
    """Ask the class for a final paper, or correct what is asked. Raises ChangedMeanwhile."""
    take_turn()
    row = find_task(one.id)
    if (row.version if row else 0) != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    if row is None:
        row = PaperTask(class_id=one.id, task=task, due_at=due_at, version=1, created_at=now)
        db.session.add(row)
    elif not write(row, {"task": task, "due_at": due_at}):
        return row
    record(Event.PAPER_ASK, row, actor=actor, now=now, task=task[:200])
    return row


def hand_in_paper(participant: Participant, file: KeptFile | None, *, actor: Actor | None, now: datetime) -> FinalPaper:
    """Take in a final paper: a file, or None for one on paper. `actor` None: the person, until it is due.

    Raises StepNotAllowed when it is not asked for, too late, passed already, or handed in too often.
    """
    take_turn()
    require_seat(participant)
    former = _latest(participant.id)
    if actor is None:
        require_open(participant, now)
    number = former.number + 1 if former else 1
    paper = FinalPaper(
        participant_id=participant.id,
        number=number,
        file_id=file.id if file else None,
        handed_in_at=now,
        handed_in_by_id=actor.id if actor else None,
        verdict=Verdict.WAITING,
        remark="",
        version=1,
    )
    db.session.add(paper)
    name = file.file_name if file else ""
    record(Event.PAPER_HAND_IN, paper, actor=actor, now=now, code=code_of(participant), number=number, file=name)
    return paper


def judge_paper(
    paper: FinalPaper,
    verdict: Verdict,
    mark: Decimal | None,
    remark: str,
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Say whether a final paper passes, with a mark out of 10 where one is given. Raises BadInput, ChangedMeanwhile."""
    if verdict is Verdict.RETURNED and not remark:
        raise BadInput(N_("Say what is to be done better: the person reads it."), field="remark")
    if mark is not None and not 0 <= mark <= FULL_MARK:
        raise BadInput(N_("A mark is a number from 0 to 10."), field="mark")
    begin(paper, version)
    if write(paper, {"verdict": verdict, "mark": mark, "remark": remark}):
        paper.judged_by_id, paper.judged_at = actor.id if actor else None, now
        participant = db.session.get_one(Participant, paper.participant_id)
        said = {"verdict": verdict.value, "mark": None if mark is None else str(mark)}
        record(Event.PAPER_JUDGE, paper, actor=actor, now=now, code=code_of(participant), **said)


def note_read(paper: FinalPaper, *, actor: Actor, now: datetime) -> None:
    """Keep in the audit log who downloaded a person's paper (Law 91/2025/QH15)."""
    participant = db.session.get_one(Participant, paper.participant_id)
    record(Event.PAPER_READ, paper, actor=actor, now=now, code=code_of(participant))


def require_open(participant: Participant, now: datetime) -> None:
    """Raises StepNotAllowed unless the person may hand in a paper now."""
    require_seat(participant)
    former = _latest(participant.id)
    task = find_task(participant.class_id)
    if task is None:
        raise StepNotAllowed(N_("This class is not asked for a final paper."))
    if now > task.due_at:
        raise StepNotAllowed(N_("The time to hand in the paper is over. Ask the trainer."))
    if former is not None and former.verdict is Verdict.PASSED:
        raise StepNotAllowed(N_("The paper has passed already."))
    if former is not None and former.number >= MOST_HANDED_IN:
        raise StepNotAllowed(N_("The paper was handed in %(most)s times. Ask the trainer."), most=MOST_HANDED_IN)


def _latest(participant_id: int) -> FinalPaper | None:
    query = sa.select(FinalPaper).where(FinalPaper.participant_id == participant_id)
    return db.session.scalar(query.order_by(FinalPaper.number.desc()).limit(1))


def _put(
    row: ClassMark | None,
    person: int,
    mark: Decimal | None,
    remark: str,
    source: MarkSource,
    actor: Actor | None,
    now: datetime,
) -> None:
    if row is None:
        row = ClassMark(participant_id=person, version=0)
        db.session.add(row)
    row.mark, row.remark, row.source = mark, remark, source
    row.marked_by_id, row.marked_at = actor.id if actor else None, now
    row.version += 1
