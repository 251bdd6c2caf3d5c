"""Where a figure leads: the address of the very cases that it counts, and the cells of a table of figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for

from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.reports.rules import Period
from pr_tracker.reports.rules_figures import AROUND, BY_GROUND, BY_RESULT, BY_TIMING, Measure

NOBODY = "none"  # in an address: what no unit leads
# What an address asks besides the period and the unit; nothing here needs quoting.
ASKED: Mapping[Measure, str] = {
    **{measure: f"&timing={timing.value}" for measure, timing in BY_TIMING.items()},
    **{measure: f"&result={result.value}" for measure, result in BY_RESULT.items()},
    **{measure: f"&ground={ground.value}" for measure, ground in BY_GROUND.items()},
    Measure.PAUSED: "&paused=1&open=1",
    Measure.STOPPED: "&stopped=1",
    Measure.EXTENDED: "&extended=1",
    Measure.FORWARDED: f"&kind={Kind.FORWARDED_OPINION.value}",
}


class Cell(NamedTuple):
    """A figure of a table, what it is called, and where it leads."""

    words: str
    number: int
    url: str


@dataclass(frozen=True)
class Behind:
    """The addresses of a page with hundreds of figures: its two places are looked up once."""

    list_url: str
    around_url: str

    def url(self, measure: Measure, period: Period, agency_id: int | str | None = None, kind: str = "") -> str:
        """The address of the very cases that a figure counts; NOBODY for those no unit leads."""
        days = f"from={period.since}&to={period.until}"
        if measure in AROUND:
            return f"{self.around_url}?what={measure.value}{_of(agency_id)}&{days}"
        first = f"carried={period.since}" if measure is Measure.CARRIED else days
        whose = "&unassigned=1" if agency_id == NOBODY else _of(agency_id)
        only = f"&kind={kind}" if kind else ""
        return f"{self.list_url}?{first}{whose}{ASKED.get(measure, '')}{only}"

    def cells(
        self,
        counts: Mapping[Measure, int],
        words: Iterable[tuple[Measure, str]],
        period: Period,
        agency_id: int | str | None = None,
        kind: str = "",
    ) -> list[Cell]:
        """The figures of one line of a table, in the order of `words`; one that is 0 leads nowhere."""
        return [
            Cell(name, count, self.url(measure, period, agency_id, kind) if count else "")
            for measure, name in words
            for count in (counts.get(measure, 0),)
        ]


def _of(agency_id: int | str | None) -> str:
    return "" if agency_id is None else f"&agency={agency_id}"


def places() -> Behind:
    """For this request."""
    return Behind(url_for("inquiries.index"), url_for("figures.rows"))
