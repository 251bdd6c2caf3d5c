"""Assessments: the test of a class, its marking out of 10, the final paper (bài thu hoạch), what the audit log says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from hashlib import sha256

from pr_tracker.errors import N_, BadInput
from pr_tracker.text import fold

FULL_MARK = Decimal(10)
LONGEST_QUESTION, LONGEST_OPTION, LONGEST_ACCEPTED, LONGEST_ANSWER = 2000, 500, 200, 2000
MOST_QUESTIONS, MOST_OPTIONS, MOST_ACCEPTED = 100, 8, 20
MOST_POINTS = Decimal(100)
GRACE = timedelta(seconds=60)  # answers sent as the time ran out are still on their way over a weak Wi-Fi
MOST_HANDED_IN = 10  # papers of one person


class AssessmentEvent(StrEnum):
    """What the audit log says of tests, marks, papers and feedback."""

    TEST_ADD = "test:add"
    TEST_CHANGE = "test:change"
    TEST_COPY = "test:copy"
    QUESTION_ADD = "test:question:add"
    QUESTION_CHANGE = "test:question:change"
    QUESTION_WITHDRAW = "test:question:withdraw"
    QUESTION_MOVE = "test:question:move"
    ANSWER_JUDGE = "test:answer:judge"
    ATTEMPT_START = "test:attempt:start"
    ATTEMPT_HAND_IN = "test:attempt:hand_in"
    ATTEMPT_ANNUL = "test:attempt:annul"
    MARKS_ENTER = "mark:enter"
    MARKS_EXPORT = "mark:export"
    PAPER_ASK = "paper:ask"
    PAPER_HAND_IN = "paper:hand_in"
    PAPER_JUDGE = "paper:judge"
    PAPER_READ = "paper:read"
    FEEDBACK_OPEN = "feedback:open"
    FEEDBACK_CHANGE = "feedback:change"
    FEEDBACK_GIVE = "feedback:give"


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"  # một lựa chọn
    SEVERAL = "several"  # nhiều lựa chọn
    SHORT = "short"  # trả lời ngắn


class Stage(StrEnum):
    """Where a test stands."""

    PREPARING = "preparing"  # no question yet, or not yet open
    OPEN = "open"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What the trainer says of a final paper."""

    WAITING = "waiting"  # chờ chấm
    PASSED = "passed"  # đạt
    RETURNED = "returned"  # trả lại để làm lại


class MarkSource(StrEnum):
    """Where a mark comes from."""

    TEST = "test"  # counted from the answers
    TYPED = "typed"
    IMPORTED = "imported"


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; `id` is 0 before it is stored."""

    text: str
    is_right: bool
    id: int = 0


@dataclass(frozen=True)
class QuestionFacts:
    """A question: several answers to choose from, or accepted short answers (none: each is marked by hand)."""

    kind: Kind
    text: str
    points: Decimal = Decimal(1)
    options: tuple[Option, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestFacts:
    """When a test may be taken and for how long; `minutes` None: until it closes."""

    __test__ = False  # no test of ours, for pytest

    title: str
    instructions: str
    opens_at: datetime
    closes_at: datetime
    minutes: int | None = None
    shuffled: bool = False


@dataclass(frozen=True)
class Score:
    """What an attempt is worth; `waiting` answers still wait for a trainer."""

    points: Decimal
    most: Decimal
    waiting: int = 0

    @property
    def mark(self) -> Decimal | None:
        """Out of 10, to two places; None while an answer waits or the test has no points."""
        return None if self.waiting or not self.most else out_of_ten(self.points, self.most)


@dataclass(frozen=True)
class Result:
    """What a person has in a class: the mark of the test out of 10, and whether the final paper counts."""

    mark: Decimal | None = None
    paper: bool = False
    source: MarkSource | None = None
    paper_mark: Decimal | None = None


def require_sound(question: QuestionFacts) -> None:
    """Raises BadInput for a question that nobody could answer rightly."""
    if not question.text:
        raise BadInput(N_("Type the question."), field="text")
    if len(question.text) > LONGEST_QUESTION:
        raise BadInput(N_("At most %(most)s letters."), field="text", most=LONGEST_QUESTION)
    if not 0 < question.points <= MOST_POINTS:
        raise BadInput(N_("A question is worth more than 0 and at most %(most)s points."), field="points", most=100)
    if question.kind is Kind.SHORT:
        _require_sound_accepted(question.accepted)
    else:
        _require_sound_options(question.kind, question.options)


def _require_sound_accepted(accepted: Sequence[str]) -> None:
    if len(accepted) > MOST_ACCEPTED or any(len(answer) > LONGEST_ACCEPTED for answer in accepted):
        raise BadInput(
            N_("At most %(most)s accepted answers, each of at most %(longest)s letters."),
            field="accepted",
            most=MOST_ACCEPTED,
            longest=LONGEST_ACCEPTED,
        )


def _require_sound_options(kind: Kind, options: Sequence[Option]) -> None:
    right = sum(option.is_right for option in options)
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise BadInput(N_("Give 2 to %(most)s answers to choose from."), field="options", most=MOST_OPTIONS)
    if any(len(option.text) > LONGEST_OPTION for option in options):
        raise BadInput(N_("At most %(most)s letters."), field="options", most=LONGEST_OPTION)
    if len({" ".join(option.text.lower().split()) for option in options}) < len(options):
        raise BadInput(N_("Two of the answers to choose from are the same."), field="options")
    if not right:
        raise BadInput(N_("Tick the right answer."), field="options")
    if kind is Kind.SINGLE and right > 1:
        raise BadInput(N_("Only one answer is right in a question with one choice."), field="options")


def require_span(facts: TestFacts) -> None:
    """Raises BadInput unless the test closes after it opens and the time fits between."""
    if facts.closes_at <= facts.opens_at:
        raise BadInput(N_("The test must close after it opens."), field="closes_at")
    if facts.minutes is not None and timedelta(minutes=facts.minutes) > facts.closes_at - facts.opens_at:
        raise BadInput(N_("Between opening and closing there is less time than this."), field="minutes")


def stage_of(opens_at: datetime, closes_at: datetime, questions: int, now: datetime) -> Stage:
    """Where a test stands at a moment; without a question it cannot open."""
    if now >= closes_at:
        return Stage.CLOSED
    return Stage.OPEN if questions and now >= opens_at else Stage.PREPARING


def due_at(started_at: datetime, minutes: int | None, closes_at: datetime) -> datetime:
    """When the time of an attempt runs out: its own minutes, and never after the test closes."""
    return closes_at if minutes is None else min(closes_at, started_at + timedelta(minutes=minutes))


def key_of(answer: str) -> str:
    """What two short answers have in common: capitals, marks, spaces and a full stop at the end do not matter."""
    return fold(answer).rstrip(" .").strip()


def digest_of(answer: str) -> str:
    """The key of a short answer in a fixed length, as a trainer's judgement is kept by."""
    return sha256(key_of(answer).encode()).hexdigest()


def points_of(
    question: QuestionFacts, answer: Sequence[int] | str, judged: Mapping[str, Decimal] | None = None
) -> Decimal | None:
    """The points an answer earns: all or none of a choice; of a short answer as accepted or judged, None: it waits.

    `judged`: points by digest_of(answer), as a trainer gave them; they stand above the accepted answers.
    """
    if question.kind is not Kind.SHORT:
        right = {option.id for option in question.options if option.is_right}
        return question.points if not isinstance(answer, str) and set(answer) == right else Decimal(0)
    said = key_of(answer) if isinstance(answer, str) else ""
    if not said:
        return Decimal(0)
    given = (judged or {}).get(digest_of(said))
    if given is not None:
        return min(given, question.points)
    return question.points if said in {key_of(accepted) for accepted in question.accepted} else None


def score_of(
    questions: Mapping[int, QuestionFacts],
    answers: Mapping[str, Sequence[int] | str],
    judged: Mapping[int, Mapping[str, Decimal]],
) -> Score:
    """What an attempt is worth. `questions` and `judged` by question id, `answers` by the same id as text."""
    earned, waiting = Decimal(0), 0
    for ident, question in questions.items():
        points = points_of(question, answers.get(str(ident), ""), judged.get(ident))
        waiting += points is None
        earned += points or Decimal(0)
    return Score(earned, sum((question.points for question in questions.values()), Decimal(0)), waiting)


def out_of_ten(points: Decimal, most: Decimal) -> Decimal:
    """Points as a mark out of 10, to two places, half up."""
    return (points * FULL_MARK / most).quantize(Decimal("0.01"), ROUND_HALF_UP)


def shuffled(seed: int, ids: Iterable[int]) -> list[int]:
    """Ids in an order of their own for each attempt, the same whenever it is opened again."""
    return sorted(ids, key=lambda ident: sha256(f"{seed}:{ident}".encode()).digest())
