"""What the press made of an answer: verdicts, letters to the press, their clocks and rounds; the form of an answer.

Press Law 126/2025/QH15 Art 32(1); Decree 237/2026/NĐ-CP Arts 18(1), (3), (5), (6), 19(3), 21(1).
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pr_tracker.deadlines.rules_table import FEEDBACK_ROUNDS, ClockKey
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.inquiries.rules_kinds import NEW_PRESS_LAW_ON, AnswerForm, Kind
from pr_tracker.office_time import office_day, write_day
from pr_tracker.outlets.rules import OutletKind


class Verdict(StrEnum):
    """Whether an article quotes the answer right."""

    UNJUDGED = "unjudged"
    RIGHT = "right"
    WRONG = "wrong"
    NOT_USED = "not_used"


class LetterKind(StrEnum):
    """What an official letter asks of a press agency."""

    FEEDBACK = "feedback"  # phản hồi
    CORRECTION = "correction"  # yêu cầu cải chính, xin lỗi
    RELAY = "relay"  # our written answer, to be published
    ANSWER_US = "answer_us"  # the press agency is to answer us


class LetterAsk(StrEnum):
    """What the press agency is asked to do."""

    PUBLISH = "publish"
    CORRECT = "correct"
    APOLOGISE = "apologise"
    TAKE_DOWN = "take_down"


class SendingWay(StrEnum):
    """How a letter left the house."""

    NETWORK = "network"  # trục liên thông văn bản
    EMAIL = "email"
    POST = "post"
    IN_PERSON = "in_person"


class Outcome(StrEnum):
    """What came of a letter."""

    PUBLISHED = "published"
    INSUFFICIENT = "insufficient"
    REFUSED = "refused"
    CLOSED = "closed"  # not followed any longer, with the reason


class LetterState(StrEnum):
    """Where a letter stands; overdue follows from its clock."""

    DRAFT = "draft"
    RETURNED = "returned"
    APPROVED = "approved"
    SENT = "sent"
    RUNNING = "running"
    OVERDUE = "overdue"
    PUBLISHED = "published"
    INSUFFICIENT = "insufficient"
    REFUSED = "refused"
    CLOSED = "closed"
    DROPPED = "dropped"


class Stated(StrEnum):
    """What an answer on the press must state, at least one of them (Press Law 126/2025/QH15 Art 32(1))."""

    MEASURES = "measures"
    DIRECTION = "direction"
    RESULT = "result"


# What each kind of letter may ask, and of which it must ask at least one.
ASKS: dict[LetterKind, tuple[LetterAsk, ...]] = {
    LetterKind.FEEDBACK: (LetterAsk.PUBLISH, LetterAsk.TAKE_DOWN),
    LetterKind.CORRECTION: (LetterAsk.CORRECT, LetterAsk.APOLOGISE, LetterAsk.TAKE_DOWN),
    LetterKind.RELAY: (LetterAsk.PUBLISH,),
    LetterKind.ANSWER_US: (),
}
ABOUT_WRONG_WORDS = frozenset({LetterKind.FEEDBACK, LetterKind.CORRECTION})
IN_PUBLIC = frozenset({Outcome.PUBLISHED, Outcome.INSUFFICIENT})
# Whose written answers a press agency has to publish (Decree 237/2026/NĐ-CP Art 18(5)).
RELAYED_KINDS = frozenset({Kind.ANSWER_ON_PRESS, Kind.FORWARDED_OPINION})
ENDED = frozenset({LetterState.PUBLISHED, LetterState.INSUFFICIENT, LetterState.REFUSED, LetterState.CLOSED})
ONE_MORE_ROUND_AFTER = ENDED | {LetterState.OVERDUE}

_P = OutletPace
# How often each kind of press agency may appear, the likeliest first; each may have an online edition.
PACES: dict[OutletKind, tuple[OutletPace, ...]] = {
    OutletKind.PRINT: (_P.DAILY, _P.WEEKLY, _P.ONLINE),
    OutletKind.ONLINE: (_P.ONLINE,),
    OutletKind.RADIO: (_P.DAILY, _P.ONLINE),
    OutletKind.TELEVISION: (_P.DAILY, _P.ONLINE),
    OutletKind.MAGAZINE: (_P.MAGAZINE, _P.SLOW_MAGAZINE, _P.ONLINE),
    OutletKind.FOREIGN_BUREAU: (_P.ONLINE, _P.DAILY, _P.WEEKLY, _P.MAGAZINE, _P.SLOW_MAGAZINE),
}
_CORRECTION_KEYS = {_P.DAILY: ClockKey.CORRECTION_DAILY, _P.ONLINE: ClockKey.CORRECTION_ONLINE}


def clock_key(kind: LetterKind, pace: OutletPace) -> ClockKey:
    """Which clock of the press agency runs for a letter of this kind."""
    match kind:
        case LetterKind.CORRECTION:
            return _CORRECTION_KEYS.get(pace, ClockKey.CORRECTION_PERIODICAL)
        case LetterKind.FEEDBACK:
            return ClockKey.FEEDBACK_PUBLICATION
        case LetterKind.RELAY:
            return ClockKey.PRESS_RELAY_ANSWER
        case LetterKind.ANSWER_US:
            return ClockKey.PRESS_ANSWERS_AGENCY


def require_pace(outlet: OutletKind, pace: OutletPace) -> None:
    """Raises BadInput for a pace that this kind of press agency does not have."""
    if pace not in PACES[outlet]:
        raise BadInput(N_("This kind of press agency does not appear so."), field="pace")


def require_asks(kind: LetterKind, asks: Collection[LetterAsk]) -> tuple[LetterAsk, ...]:
    """What a letter asks, in order. Raises BadInput: nothing, or what this kind does not ask."""
    allowed = ASKS[kind]
    if set(asks) - set(allowed):
        raise BadInput(N_("A letter of this kind does not ask for this."), field="asks")
    if kind is LetterKind.FEEDBACK and LetterAsk.PUBLISH not in asks:
        raise BadInput(N_("Feedback asks to be published (Decree 237/2026/NĐ-CP, Article 21(1))."), field="asks")
    if kind is LetterKind.CORRECTION and not {LetterAsk.CORRECT, LetterAsk.APOLOGISE} & set(asks):
        raise BadInput(N_("Ask for a correction, an apology or both."), field="asks")
    return tuple(ask for ask in allowed if ask in asks)


# --- rounds -------------------------------------------------------------------------------------------------


def rounds_allowed(kind: LetterKind, day: date) -> int | None:
    """How many rounds of feedback a press agency owes by the law of a day; None: no number is set.

    Two, three before 2026-07-01 (Decree 237/2026/NĐ-CP Art 21(1)).
    """
    if kind is not LetterKind.FEEDBACK:
        return None
    return next((rounds for since, rounds in FEEDBACK_ROUNDS if since <= day), FEEDBACK_ROUNDS[-1][1])


def require_round(kind: LetterKind, number: int, day: date) -> None:
    """Raises BadInput for a round that the law of the day no longer knows."""
    most = rounds_allowed(kind, day)
    if most is not None and number > most:
        message = N_(
            "After %(most)s rounds the press agency may stop publishing feedback (Decree 237/2026/NĐ-CP, "
            "Article 21(1)): there is no round %(number)s on %(day)s."
        )
        raise BadInput(message, most=most, number=number, day=write_day(day))


def next_round(kind: LetterKind, earlier: Sequence[tuple[int, LetterState]], day: date) -> int:
    """The number of a further letter; `earlier` are those on the same matter that were not dropped.

    Raises BadInput when the law knows no more rounds, StepNotAllowed while the former one is not over.
    """
    if not earlier:
        return 1
    number, state = max(earlier)
    require_round(kind, number + 1, day)
    if state not in ONE_MORE_ROUND_AFTER:
        raise StepNotAllowed(
            N_("Round %(number)s is not over: a new one follows its outcome or the end of its term."), number=number
        )
    return number + 1


# --- states -------------------------------------------------------------------------------------------------


def state_of(letter: Any, now: datetime) -> LetterState:
    """Where a letter, or a row with its columns, stands at `now`."""
    if letter.dropped_at is not None:
        return LetterState.DROPPED
    if letter.outcome is not None:
        return LetterState(letter.outcome)
    if letter.received_at is not None:
        late = letter.ends_at is not None and now >= letter.ends_at
        return LetterState.OVERDUE if late else LetterState.RUNNING
    if letter.sent_at is not None:
        return LetterState.SENT
    if letter.approved_at is not None:
        return LetterState.APPROVED
    return LetterState.RETURNED if letter.returned_reason else LetterState.DRAFT


@dataclass(frozen=True)
class LetterText:
    """What a letter says; every change is a new version with its own digest."""

    subject: str  # V/v …
    text: str
    passage: str = ""  # the wrong words, as they stood
    right: str = ""  # the right information
    proof: str = ""  # what shows that it is right
    conclusion: str = ""  # the written conclusion a correction stands on: number, day, who issued it
    asks: tuple[LetterAsk, ...] = ()
    pace: OutletPace = OutletPace.DAILY

    @property
    def digest(self) -> str:
        """SHA-256 of the whole of it in canonical JSON."""
        whole = json.dumps({**vars(self), "asks": list(self.asks)}, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


def require_whole(kind: LetterKind, text: LetterText) -> None:
    """Raises BadInput naming the first field that a letter of this kind cannot do without."""
    needed = ["subject", "text"]
    if kind in ABOUT_WRONG_WORDS:
        needed += ["passage", "right"]
    if kind is LetterKind.CORRECTION:
        needed.append("conclusion")
    for field in needed:
        if not getattr(text, field).strip():
            raise BadInput(N_("Please fill this in."), field=field)
    require_asks(kind, text.asks)


# --- the form of an answer ----------------------------------------------------------------------------------


def require_fit(kind: Kind, form: AnswerForm, stated: Collection[Stated], *, at: datetime) -> None:
    """Whether an answer given `at` has the form the law asks of it. Raises BadInput with the article.

    On the press it is in writing and states measures, the direction of solving or the result (Press Law
    126/2025/QH15 Art 32(1)); of a forwarded opinion the press is notified in writing (Decree 237/2026/NĐ-CP
    Art 18(3)). Both since 2026-07-01; all other kinds may take any form.
    """
    if office_day(at) < NEW_PRESS_LAW_ON:
        return
    if kind is Kind.ANSWER_ON_PRESS:
        if form is not AnswerForm.WRITTEN:
            message = N_(
                "An answer on the press is given in writing (Press Law 2025, Article 32(1); Decree 237/2026/NĐ-CP, "
                "Article 18(1))."
            )
            raise BadInput(message, field="answer_form")
        if not stated:
            message = N_(
                "An answer on the press states measures, the direction of solving or the result: mark what this text "
                "states (Press Law 2025, Article 32(1))."
            )
            raise BadInput(message, field="stated")
    if kind is Kind.FORWARDED_OPINION and form is not AnswerForm.WRITTEN:
        message = N_("Of a forwarded opinion the press is notified in writing (Decree 237/2026/NĐ-CP, Article 18(3)).")
        raise BadInput(message, field="answer_form")


def states_of(kind: Kind, stated: Collection[Stated]) -> list[str] | None:
    """What an answer on the press states, as it is stored; None for every other kind."""
    return [one.value for one in Stated if one in stated] if kind is Kind.ANSWER_ON_PRESS else None
