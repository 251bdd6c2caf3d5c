"""The goals: what was promised, whether it is met, and by which ratio (1.00 is just met, 2.00 twice too much)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCREEN, QUEUE, SEARCH, CASE, REPORT = 46, 12, 17, 10, 100  # milliseconds
LIMITS = {"first screen": SCREEN, "queue": QUEUE, "search": SEARCH, "case": CASE, "report page": REPORT}
AT, SMALL, LARGE, GROWTH = 100_000, 10_000, 1_000_000, 1.5
FLOORS = 4
STATEMENTS = 15
FIRST_SCREEN_KB = 60
FILL_RATE = 5_000  # inquiries a second
Measured = Mapping[str, Any]


@dataclass(frozen=True)
class Goal:
    """One promise and what was measured, in the same unit."""

    words: str
    measured: float
    allowed: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.measured / self.allowed if self.allowed else self.measured * 2

    @property
    def is_met(self) -> bool:
        return self.ratio <= 1

    def __str__(self) -> str:
        verdict = "met    " if self.is_met else "NOT MET"
        beside = f"{self.measured:,.1f} {self.unit}, at most {self.allowed:,.1f}"
        return f"{verdict} {self.ratio:6.2f}  {self.words}: {beside}"


def limit_of(name: str) -> int | None:
    """The promised milliseconds of a page at 100,000 inquiries on SQLite."""
    return next((limit for begin, limit in LIMITS.items() if name.startswith(begin)), None)


def goals(results: Iterable[Measured], *, cpu: bool = False) -> Iterator[Goal]:
    """Every goal that these results can speak of; `cpu`: by processor time, for a busy machine."""
    results = [_by_processor(one) if cpu and "median_ms" in one else one for one in results]
    by_size = {(one["engine"], one["size"], one["name"]): one for one in results}
    for one in results:
        where = f"{one['name']}, {one['engine']}, {one['size']:,}"
        if one["name"] == "fill":
            if one["size"] >= AT:  # of less, most is the start of the command
                yield Goal(f"{where}, seconds for 10,000", 10_000 / one["rate"], 10_000 / FILL_RATE, "s")
            continue
        if one["name"] == "static files":
            yield Goal(f"{where}, not compressed or not cached for ever", one["wrong"], 0, f"of {one['count']}")
            continue
        yield from _of_one(one, where)
        small = by_size.get((one["engine"], SMALL, one["name"]))
        if one["size"] == LARGE and small:
            yield Goal(f"{where}, growth from {SMALL:,}", one["median_ms"] / small["median_ms"], GROWTH, "times")


def _of_one(one: Measured, where: str) -> Iterator[Goal]:
    limit = limit_of(one["name"])
    if limit and one["size"] == AT and one["engine"] == "sqlite":
        yield Goal(where, one["median_ms"], limit, "ms")
    if one.get("floor_ms"):
        yield Goal(f"{where}, beside its floor", one["median_ms"] / one["floor_ms"], FLOORS, "times")
    if one["method"] == "GET":
        yield Goal(f"{where}, statements", one["statements"], STATEMENTS, "statements")
    if one["name"].startswith("first screen"):
        yield Goal(f"{where}, HTML", one["bytes"] / 1000, FIRST_SCREEN_KB, "kB")


def _by_processor(one: Measured) -> Measured:
    return {**one, "median_ms": one["cpu_ms"], "floor_ms": one["floor_cpu_ms"]}
