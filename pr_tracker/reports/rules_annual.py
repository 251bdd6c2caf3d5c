"""The annual report of Decree 244/2026/NĐ-CP (Art 10, annex): its window, its six figures and what each counts.

A figure is a division of things into outcomes; the outcomes of its part are named here, all others make up the rest,
so that the sum of the outcomes is the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.office_time import office_instant

FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_YEAR_OF_LAW = 2026  # Decree 244/2026/NĐ-CP is in force from 1 July
LONGEST_TEXT = 20_000
LONGEST_NOTE = 1000


class AnnualEvent(StrEnum):
    """What the audit log says of annual reports."""

    TEXT = "annual_report:text:save"
    FIX = "annual_report:fix"
    EXPORT = "annual_report:export"


class FigureKey(StrEnum):
    """The six figures, in their order."""

    CONFERENCES = "conferences"  # 1 số cuộc họp báo
    BRIEFINGS = "briefings"  # 2 số lần chủ động thông tin tại giao ban báo chí
    ANSWERS = "answers"  # 3 số lượt trả lời / tổng số đề nghị
    SPOKEN = "spoken"  # 4 vụ việc đã phát ngôn / tổng số vụ việc
    IN_TIME = "in_time"  # 5 phát ngôn đúng hạn / có áp dụng thời hạn
    LETTERS = "letters"  # 6 có phản hồi, yêu cầu cải chính, xin lỗi / phát sinh

    @property
    def number(self) -> int:
        """1 to 6, as in the annex."""
        return list(FigureKey).index(self) + 1


class Outcome(StrEnum):
    """Into what a figure divides the things it counts."""

    PERIODIC = "periodic"
    AD_HOC = "ad_hoc"
    BRIEFING = "briefing"
    STATEMENT = "statement"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OPEN = "open"
    SPOKEN = "spoken"
    SILENT = "silent"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    RUNNING = "running"
    LETTER = "letter"
    NO_LETTER = "no_letter"


_O = Outcome
PARTS: Mapping[FigureKey, tuple[Outcome, ...]] = {
    FigureKey.CONFERENCES: (_O.PERIODIC, _O.AD_HOC),
    FigureKey.BRIEFINGS: (_O.BRIEFING, _O.STATEMENT),
    FigureKey.ANSWERS: (_O.ANSWERED,),
    FigureKey.SPOKEN: (_O.SPOKEN,),
    FigureKey.IN_TIME: (_O.ON_TIME,),
    FigureKey.LETTERS: (_O.LETTER,),
}
RESTS: Mapping[FigureKey, tuple[Outcome, ...]] = {
    FigureKey.CONFERENCES: (),
    FigureKey.BRIEFINGS: (),
    FigureKey.ANSWERS: (_O.REFUSED, _O.WITHDRAWN, _O.OPEN),
    FigureKey.SPOKEN: (_O.SILENT,),
    FigureKey.IN_TIME: (_O.LATE, _O.OVERDUE, _O.RUNNING),
    FigureKey.LETTERS: (_O.NO_LETTER,),
}


@dataclass(frozen=True)
class Window:
    """15 December of the year before to 14 December of the report year, both days included."""

    year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise BadInput(N_("There is no such year."), field="year")

    @property
    def first(self) -> date:
        """15 December of the year before."""
        return date(self.year - 1, 12, 15)

    @property
    def last(self) -> date:
        """14 December."""
        return date(self.year, 12, 14)

    @property
    def since(self) -> datetime:
        """The first instant."""
        return office_instant(self.first)

    @property
    def until(self) -> datetime:
        """The first instant after the last day."""
        return office_instant(date(self.year, 12, 15))

    @property
    def is_under_decree_244(self) -> bool:
        """Whether the report fell due under the decree, in force from 2026-07-01; earlier years are for comparison."""
        return self.year >= FIRST_YEAR_OF_LAW

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.last


def year_holding(day: date) -> int:
    """The report year in whose window a day lies."""
    return day.year + 1 if (day.month, day.day) >= (12, 15) else day.year


def year_to_report(today: date) -> int:
    """The report year that people work on: until 31 December the year that ends."""
    return today.year


@dataclass(frozen=True)
class Figure:
    """One of the six: how many things came to which outcome."""

    key: FigureKey
    counts: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def part(self) -> int:
        """What the figure is about."""
        return sum(self.counts.get(outcome, 0) for outcome in PARTS[self.key])

    @property
    def whole(self) -> int:
        """All things it looks at."""
        return sum(self.counts.values())

    @property
    def has_whole(self) -> bool:
        """Whether the annex asks for "part / whole"; figures 1 and 2 are numbers alone."""
        return bool(RESTS[self.key])

    @property
    def written(self) -> str:
        """12, or 371/394."""
        return f"{self.part}/{self.whole}" if self.has_whole else str(self.part)

    @property
    def outcomes(self) -> list[tuple[Outcome, int]]:
        """Every outcome with its number, in order; their sum is the whole."""
        return [(each, self.counts.get(each, 0)) for each in (*PARTS[self.key], *RESTS[self.key])]

    def to_json(self) -> dict[str, Any]:
        """As it is stored with a version."""
        return {"key": self.key.value, "counts": {outcome.value: count for outcome, count in self.outcomes}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """As it was stored."""
        counts = {Outcome(outcome): count for outcome, count in stored["counts"].items()}
        return cls(FigureKey(stored["key"]), counts)


@dataclass(frozen=True)
class Case:
    """One line of the list behind a figure."""

    source: str  # conference, briefing, inquiry, incident
    id: int
    code: str  # "" where it has no number
    title: str
    agency: str  # "" where nobody leads yet
    whose: str  # the press agency, the place, who held the briefing, the kind of an incident
    at: datetime
    done_at: datetime | None
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """As it is stored with a version."""
        done = self.done_at.isoformat() if self.done_at else None
        return {**vars(self), "at": self.at.isoformat(), "done_at": done, "outcome": self.outcome.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """As it was stored."""
        done = stored["done_at"]
        return cls(
            **{
                **stored,
                "at": datetime.fromisoformat(stored["at"]),
                "done_at": datetime.fromisoformat(done) if done else None,
                "outcome": Outcome(stored["outcome"]),
            }
        )


@dataclass(frozen=True)
class SectionTwo:
    """Section II: difficulties met, and what is proposed."""

    difficulties: str = ""
    proposals: str = ""


def require_text(text: SectionTwo) -> SectionTwo:
    """Section II without outer spaces. Raises BadInput for what is too long."""
    for name, words in vars(text).items():
        if len(words) > LONGEST_TEXT:
            raise BadInput(N_("At most %(most)s characters, please."), field=name, most=LONGEST_TEXT)
    return SectionTwo(text.difficulties.strip(), text.proposals.strip())


def require_own(acts_for: bool) -> None:
    """Raises NotAllowed for people of another agency."""
    if not acts_for:
        raise NotAllowed(N_("Only the agency whose report this is works on it."))
