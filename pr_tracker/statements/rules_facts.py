"""What a Vietnamese sentence states: amounts with their unit, days, hours, places; how each number is written.

1.500 is 1500, "12,5" is twelve and a half; "12,5 tỷ đồng" is 12500 million. Numbers that only name something (Điều 5,
số 12/SXD-VP, quốc lộ 91, ấp 4) state nothing.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pr_tracker.statements.rules_likeness import EMPTY_WORDS, telling_words, words_of
from pr_tracker.text import fold

Span = tuple[Decimal, Decimal]


class Difference(StrEnum):
    """In what two sentences may differ; a fact states one of the first three."""

    AMOUNT = "amount"
    DAY = "day"
    HOUR = "hour"
    DENIAL = "denial"


@dataclass(frozen=True)
class Days:
    """A day, month, quarter or year; None for what is not said."""

    year: int | None = None
    months: frozenset[int] | None = None
    day: int | None = None

    def agrees(self, other: "Days") -> bool:
        """Whether both may mean the same: what one leaves open is no difference."""
        years = self.year is None or other.year is None or self.year == other.year
        days = self.day is None or other.day is None or self.day == other.day
        return years and days and (self.months is None or other.months is None or bool(self.months & other.months))


@dataclass(frozen=True)
class Fact:
    """One thing a sentence states: where it stands there, and its value in a common unit."""

    start: int
    end: int
    kind: Difference
    unit: str = ""
    spans: tuple[Span, ...] = ()  # readings of the number; one that is only about so much is a range
    days: Days | None = None

    def comparable(self, other: "Fact") -> bool:
        """Whether the two measure the same sort of thing."""
        return (self.kind, self.unit) == (other.kind, other.unit)

    def agrees(self, other: "Fact") -> bool:
        """Whether two comparable facts may both be true of one thing."""
        if self.days is not None and other.days is not None:
            return self.days.agrees(other.days)
        return any(low <= top and bottom <= high for low, high in self.spans for bottom, top in other.spans)


_NUMBER = r"\d+(?:[.,]\d+)*"
_SCALES = {"nghin": 10**3, "ngan": 10**3, "van": 10**4, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
# What is measured in more than one unit, in the smallest: (common unit, how many of it).
_UNITS = {
    "mm": ("m", "0.001"), "cm": ("m", "0.01"), "m": ("m", "1"), "met": ("m", "1"), "km": ("m", "1000"),
    "kilomet": ("m", "1000"), "m2": ("m2", "1"), "m²": ("m2", "1"), "met vuong": ("m2", "1"), "ha": ("m2", "10000"),
    "hecta": ("m2", "10000"), "hec-ta": ("m2", "10000"), "km2": ("m2", "1000000"), "m3": ("m3", "1"),
    "met khoi": ("m3", "1"), "kg": ("kg", "1"), "ta": ("kg", "100"), "tan": ("kg", "1000"), "%": ("%", "1"),
    "phan tram": ("%", "1"), "dong": ("dong", "1"), "d": ("dong", "1"), "vnd": ("dong", "1"),
}  # fmt: skip
_TWO_WORDS = ("met vuong", "met khoi", "phan tram")
# Behind these words a number is a name, not a quantity.
_NAMED_BY_NUMBER = words_of(
    "số điều khoản mục điểm lộ ql tl đt đường ấp khóm khu phố tổ phường quận bản lớp khóa khoá kỳ lần thứ gói "
    "hẻm ngõ nhà cột hạng cấp loại đợt nhóm chương phần trang hình bảng tuyến km lễ dịp nghỉ tết vòng"
)
_ABOUT = words_of("khoảng ước độ chừng xỉ")
_AT_LEAST = words_of("hơn trên nhất thiểu")  # ít nhất, tối thiểu
_AT_MOST = words_of("gần dưới quá đa")  # không quá, tối đa
_A_TENTH = Decimal("0.1")
# Behind these words 15/12 is a day, 17 giờ an hour.
_WORDS_OF_TIME = words_of(
    "ngày trước sau đến từ tới hết sáng chiều tối đêm trưa vào nay qua mai hai ba tư năm sáu bảy nhật và hôm "
    "lúc hồi khoảng"
)
_MONTHS_OF = {"i": (1, 3), "ii": (4, 6), "iii": (7, 9), "iv": (10, 12)}
_MONTHS_OF |= dict(zip("1234", _MONTHS_OF.values(), strict=True))

_DOCUMENT = re.compile(r"\d+(?:/\d{4})?/[^\W\d_][\w-]*")
_PATTERNS = (
    ("document", _DOCUMENT),
    ("long", re.compile(r"(?:ngày\s+)?(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?(?!\d)")),
    ("full", re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/])")),
    ("short", re.compile(r"(?<![\d/.,])(\d{1,2})/(\d{1,2})(?![\d/]|[.,]\d)")),
    ("month", re.compile(r"tháng\s+(\d{1,2})(?:\s*[/-]\s*(\d{4})|\s+năm\s+(\d{4}))?(?!\d)")),
    ("quarter", re.compile(r"quý\s+(iv|iii|ii|i|[1-4])(?:\s*[/-]\s*|\s+năm\s+|\s+)?(\d{4})?(?!\w)")),
    ("year", re.compile(r"năm\s+(\d{4})(?!\d)")),
    ("hour", re.compile(r"(?<!\d)(\d{1,2})\s*(?::|h|giờ\s*)(\d{2})(?:\s*phút)?(?!\d)")),
    ("round", re.compile(r"(?<!\d)(\d{1,2})\s*(?:h|giờ)(?!\w)")),
)


def number_readings(written: str) -> tuple[Decimal, ...]:
    """What a written number may mean; none when it is no number. "1.500" is 1500, "12,5" is 12.5, "1,500" is either."""
    if re.fullmatch(r"\d+", written):
        return (Decimal(written),)
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", written):
        return (Decimal(written.replace(".", "").replace(",", ".")),)
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}(\.\d+)?", written):
        return (Decimal(written.replace(",", "")),)
    if re.fullmatch(r"\d+,\d+", written):
        parted = (Decimal(written.replace(",", ".")),)
        return (*parted, Decimal(written.replace(",", ""))) if re.fullmatch(r"[1-9]\d{0,2},\d{3}", written) else parted
    if re.fullmatch(r"\d+\.\d+", written):
        return (Decimal(written),)
    return ()


def facts_of(sentence: str) -> list[Fact]:
    """What a sentence states, in the order in which it stands there."""
    text = sentence.lower()
    if len(text) != len(sentence):  # a letter that is longer in lower case would move every place
        text = sentence
    taken: list[tuple[int, int]] = []
    found: list[Fact] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            fact = _DATED[name](match, _word_before(text, match.start()))
            if fact is not None or name == "document":
                taken.append(match.span())
            if fact is not None:
                found.append(fact)
    for match in re.finditer(rf"(?<![\w/+]){_NUMBER}", text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            amount = _amount(text, match)
            if amount is not None:
                found.append(amount)
    return sorted(found, key=lambda fact: fact.start)


def _word_before(text: str, start: int) -> str:
    words = re.findall(r"\w+", text[max(0, start - 30) : start])
    return words[-1] if words else ""


def _day(match: re.Match[str], day: str | None, months: tuple[int, int] | None, year: str | None) -> Fact | None:
    if day is not None and not 1 <= int(day) <= 31:
        return None
    if months is not None and not 1 <= months[0] <= months[1] <= 12:
        return None
    span = frozenset(range(months[0], months[1] + 1)) if months else None
    days = Days(int(year) if year else None, span, int(day) if day else None)
    return Fact(match.start(), match.end(), Difference.DAY, days=days)


def _month(written: str) -> tuple[int, int]:
    return int(written), int(written)


def _day_and_month(match: re.Match[str], before: str) -> Fact | None:
    """15/12 after a word of time; else it may be a share: 2/3 số hộ."""
    return _day(match, match[1], _month(match[2]), None) if before in _WORDS_OF_TIME else None


def _hour(match: re.Match[str], _before: str) -> Fact | None:
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59:
        return None
    at = Decimal(hour * 60 + minute)
    return Fact(match.start(), match.end(), Difference.HOUR, spans=((at, at),))


def _round_hour(match: re.Match[str], before: str) -> Fact | None:
    """17 giờ after a word of time; else it may be how long something lasts."""
    if before not in _WORDS_OF_TIME or int(match[1]) > 24:
        return None
    at = Decimal(int(match[1]) * 60)
    return Fact(match.start(), match.end(), Difference.HOUR, spans=((at, at),))


_DATED = {
    "document": lambda match, before: None,
    "long": lambda match, before: _day(match, match[1], _month(match[2]), match[3]),
    "full": lambda match, before: _day(match, match[1], _month(match[2]), match[3]),
    "short": _day_and_month,
    "month": lambda match, before: _day(match, None, _month(match[1]), match[2] or match[3]),
    "quarter": lambda match, before: _day(match, None, _MONTHS_OF[match[1]], match[2]),
    "year": lambda match, before: _day(match, None, None, match[1]),
    "hour": _hour,
    "round": _round_hour,
}


def _amount(text: str, match: re.Match[str]) -> Fact | None:
    readings = number_readings(match[0])
    before = _word_before(text, match.start())
    if not readings or before in _NAMED_BY_NUMBER:
        return None
    end, readings, second = _range(text, match.end(), readings)
    end, factor, scaled = _scale(text, end)
    end, unit = _unit(text, end, scaled=scaled)
    if unit == "":
        return None
    common, size = _UNITS.get(unit, (unit, "1"))
    times = Decimal(factor) * Decimal(size)
    spans = tuple(_widened(low * times, high * times, before) for low, high in _paired(readings, second))
    return Fact(match.start(), end, Difference.AMOUNT, common, spans)


def _range(text: str, end: int, readings: tuple[Decimal, ...]) -> tuple[int, tuple[Decimal, ...], tuple[Decimal, ...]]:
    """10 đến 15 hộ, 10-15 hộ: from the one to the other."""
    more = re.compile(rf"\s*(?:-|–|đến|tới)\s*({_NUMBER})(?![\d/])").match(text, end)
    second = number_readings(more[1]) if more else ()
    return (more.end(), readings, second) if more and second else (end, readings, readings)


def _paired(first: tuple[Decimal, ...], second: tuple[Decimal, ...]) -> list[Span]:
    if len(first) == len(second):
        return [(min(pair), max(pair)) for pair in zip(first, second, strict=True)]
    return [(min(one, other), max(one, other)) for one in first for other in second]


def _scale(text: str, end: int) -> tuple[int, int, bool]:
    factor, scaled = 1, False
    while (word := re.compile(r"\s*([^\W\d_]+)").match(text, end)) and fold(word[1]) in _SCALES:
        factor, scaled, end = factor * _SCALES[fold(word[1])], True, word.end()
    return end, factor, scaled


def _unit(text: str, end: int, *, scaled: bool) -> tuple[int, str]:
    """The unit behind a number; money when a scale stands alone: 12,5 tỷ."""
    if days := re.compile(r"\s*ngày làm việc").match(text, end):
        return days.end(), "ngay lam viec"
    words = re.compile(r"\s*(%|m²|m2|m3|km2|[^\W\d_][\w-]*)(?:\s+([^\W\d_]+))?").match(text, end)
    if words is None:
        return end, "dong" if scaled else ""
    first, both = fold(words[1]), fold(f"{words[1]} {words[2] or ''}")
    if both in _TWO_WORDS:
        return words.end(), both
    if scaled and (first in EMPTY_WORDS or first in _AFTER_MONEY):
        return end, "dong"
    if first in EMPTY_WORDS:
        return end, ""
    return words.end(1), first


_AFTER_MONEY = words_of("de nham tu bang trong nam nay do gom chi dau thuoc mua xay sua lam nang chua con dau")


def _widened(low: Decimal, high: Decimal, before: str) -> Span:
    """A number that is only about so much, at least or at most so much, by a tenth."""
    if before in _ABOUT:
        return low - low * _A_TENTH, high + high * _A_TENTH
    if before in _AT_LEAST:
        return low, high + high * _A_TENTH
    return (low - low * _A_TENTH if before in _AT_MOST else low), high


_KINDS_OF_PLACE = {
    "xã": "commune", "phường": "commune", "đặc khu": "commune", "thị trấn": "commune", "ấp": "hamlet", "khóm": "hamlet",
    "khu phố": "hamlet", "thôn": "hamlet", "đảo": "island", "cầu": "bridge", "kênh": "canal", "chợ": "market",
    "dịp": "occasion", "vụ": "season", "đường": "road", "quốc lộ": "highway", "tỉnh lộ": "highway", "chùa": "pagoda",
    "bệnh viện": "hospital",
}  # fmt: skip
Places = frozenset[tuple[str, str]]  # occasions among them: dịp hè is another thing than dịp Tết


def places_of(text: str) -> Places:
    """The places a text names, each with its kind, without marks: ("commune", "vinh thong"), ("hamlet", "4")."""
    words = re.findall(r"\w+|[^\w\s]", text)
    found = set()
    for at, word in enumerate(words):
        two = f"{word} {words[at + 1]}".lower() if at + 1 < len(words) else ""
        kind = _KINDS_OF_PLACE.get(two) or _KINDS_OF_PLACE.get(word.lower())
        name = _name_from(words, at + (2 if two in _KINDS_OF_PLACE else 1), kind) if kind else ""
        if kind and name:
            found.add((kind, name))
    return frozenset(found)


def _name_from(words: list[str], at: int, kind: str) -> str:
    """The name that begins here: words in upper case, or one that begins with a figure; an occasion's next words."""
    if kind == "occasion":
        return " ".join(fold(word) for word in words[at : at + 2] if word[0].isalnum())
    name: list[str] = []
    for word in words[at:]:
        if not (word[0].isupper() or (word[0].isdigit() and not name)):
            break
        name.append(fold(word))
        if word[0].isdigit():
            break
    return " ".join(name)


def other_place(one: Places, other: Places) -> bool:
    """Whether two texts speak of different places: both name some of one kind, and none is the same."""
    kinds = {kind for kind, _name in one} & {kind for kind, _name in other}
    return any(not {name for name in one & other if name[0] == kind} for kind in kinds)


_KIND_WORDS = words_of("xa phuong dac khu thi tran ap khom pho thon dip")


def topic_shared(one: str, other: str) -> float:
    """Which share of the shorter topic's telling words the other has too, beside the names of places: what happened
    in the same place need not be the same matter.
    """
    names = {word for _kind, name in places_of(one) | places_of(other) for word in name.split()}
    here, there = (telling_words(topic) - names - _KIND_WORDS for topic in (one, other))
    return len(here & there) / min(len(here), len(there)) if here and there else 1.0
