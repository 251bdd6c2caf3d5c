"""Anonymous feedback: the questions, and what may be shown of the answers.

Nobody's answer is kept as a whole: scales are added to tallies, free text stands apart under random numbers without
a time, and that somebody has answered is a mark of its own, also without a time. So no join leads from one to another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pr_tracker.errors import N_, BadInput

LEAST_SHOWN = 5  # answers, before anything of them is shown: fewer could be guessed
SCALE = (5, 4, 3, 2, 1)  # 5: rất đồng ý
LONGEST_TEXT = 2000
MOST_ASKED = 30
LONGEST_ASKED = 300
TEXT_SIGN = "?"

# What most offices ask; the trainer changes it. Data, so in the language of the office.
USUAL = (
    "Nội dung thiết thực với công việc của tôi",
    "Báo cáo viên trình bày rõ ràng, dễ hiểu",
    "Phần thực hành, trao đổi có ích",
    "Tài liệu đầy đủ, dễ sử dụng",
    "Công tác tổ chức (thời gian, địa điểm, thông báo) chu đáo",
    "Sau lớp học tôi tự tin hơn khi phát ngôn, cung cấp thông tin cho báo chí",
)
USUAL_TEXTS = ("Điều có ích nhất của lớp học", "Điều cần thay đổi", "Chuyên đề muốn được tập huấn tiếp")


class Asking(StrEnum):
    """How a question of the feedback is answered."""

    SCALE = "scale"  # 1 to 5
    TEXT = "text"


@dataclass(frozen=True)
class Asked:
    """One question of the feedback; `id` is 0 before it is stored."""

    kind: Asking
    words: str
    id: int = 0


@dataclass(frozen=True)
class ScaleSummary:
    """The answers to one scale: how many for each value of SCALE, in that order."""

    words: str
    counts: tuple[int, ...]

    @property
    def answers(self) -> int:
        """How many answered this one."""
        return sum(self.counts)

    @property
    def mean(self) -> Decimal | None:
        """The mean, to one place; None without an answer."""
        if not self.answers:
            return None
        total = sum(value * count for value, count in zip(SCALE, self.counts, strict=True))
        return (Decimal(total) / self.answers).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def agreeing(self) -> int:
        """Per cent who chose 4 or 5, rounded."""
        return round(100 * sum(self.counts[:2]) / self.answers) if self.answers else 0


@dataclass(frozen=True)
class FeedbackSummary:
    """What may be shown of a class's feedback; without enough answers only how many there are."""

    asked: int  # who attended and so may answer
    answers: int
    scales: tuple[ScaleSummary, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers for nobody to be recognised."""
        return self.answers >= LEAST_SHOWN


def usual_questions(topics: Sequence[str]) -> list[Asked]:
    """The questions one begins with: the usual ones, one for each session where there are several."""
    sessions = [f"Buổi {number}: {topic}"[:LONGEST_ASKED] for number, topic in enumerate(topics, 1)]
    scales = [*USUAL, *(sessions if len(topics) > 1 else ())]
    return [*(Asked(Asking.SCALE, words) for words in scales), *(Asked(Asking.TEXT, words) for words in USUAL_TEXTS)]


def read_asked(lines: Sequence[str]) -> list[Asked]:
    """Questions as typed, one a line; a line that begins with "?" asks for free text. Raises BadInput."""
    if not lines or len(lines) > MOST_ASKED:
        raise BadInput(N_("Ask 1 to %(most)s questions."), field="lines", most=MOST_ASKED)
    found = [
        Asked(Asking.TEXT if line.startswith(TEXT_SIGN) else Asking.SCALE, line.removeprefix(TEXT_SIGN).strip())
        for line in lines
    ]
    for number, one in enumerate(found, 1):
        if not one.words or len(one.words) > LONGEST_ASKED:
            raise BadInput(
                N_("Question %(number)s is empty or longer than %(most)s letters."),
                field="lines",
                number=number,
                most=LONGEST_ASKED,
            )
    return found


def write_asked(asked: Sequence[Asked]) -> list[str]:
    """Questions as they are typed."""
    return [f"{TEXT_SIGN} {one.words}" if one.kind is Asking.TEXT else one.words for one in asked]


def summarise(
    asked: Sequence[Asked],
    tallies: Mapping[int, Mapping[int, int]],
    texts: Mapping[int, Sequence[str]],
    *,
    may_answer: int,
    answers: int,
) -> FeedbackSummary:
    """What may be shown: nothing but the number below LEAST_SHOWN; free text in no order that tells who wrote first."""
    summary = FeedbackSummary(may_answer, answers)
    if not summary.is_shown:
        return summary
    scales = tuple(
        ScaleSummary(one.words, tuple(tallies.get(one.id, {}).get(value, 0) for value in SCALE))
        for one in asked
        if one.kind is Asking.SCALE
    )
    free = tuple(
        (one.words, tuple(sorted(texts.get(one.id, ()), key=str.lower))) for one in asked if one.kind is Asking.TEXT
    )
    return FeedbackSummary(may_answer, answers, scales, free)
