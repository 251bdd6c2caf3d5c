"""The frame of every `flask report` command: period, agency, kind of file, and the file put in place whole."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import current_app

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Agency
from pr_tracker.cli.saying import Refused, refusing
from pr_tracker.db import start_writing, will_write
from pr_tracker.office_time import office_day
from pr_tracker.papers import jobs as papers
from pr_tracker.papers.actions import Draw
from pr_tracker.papers.rules import PaperKind
from pr_tracker.reports.rules import Period
from pr_tracker.sheets import Sheet, write_csv, write_workbook
from pr_tracker.text import nfc

PDF, XLSX, CSV = KINDS = ("pdf", "xlsx", "csv")
YEARS = click.IntRange(2000, 2100)
OPTIONS = {
    "period": (
        click.option("--from", "since", metavar="DAY", help="First day: 2026-01-01 or 01/01/2026."),
        click.option("--to", "until", metavar="DAY", help="Last day, included."),
    ),
    "year": (click.option("--year", type=YEARS, metavar="YEAR", help="The year; this one unless given."),),
    "agency": (click.option("--agency", "code", metavar="CODE", help="Only this agency; all without."),),
}

NAMES = {"period": ("since", "until"), "year": ("year",), "agency": ("code",)}  # what the options are called here


@dataclass(frozen=True)
class Asked:
    """What a command was asked for."""

    output: str
    kind: str  # one of KINDS
    now: datetime
    since: str | None = None
    until: str | None = None
    year: int | None = None
    code: str | None = None

    @property
    def today(self) -> date:
        """The office day."""
        return office_day(self.now)

    @property
    def place(self) -> str:
        """What begins the date line of a paper."""
        place: str = current_app.config["PR_TRACKER_PLACE"]
        return place

    def period(self, usual: Period | None = None) -> Period:
        """From --from to --to, else the whole of --year, else the usual one. Raises Refused, BadInput."""
        if self.since or self.until:
            if not (self.since and self.until):
                raise Refused("Give both --from and --to.")
            return Period(read_day(self.since), read_day(self.until))
        if self.year is not None or usual is None:
            year = self.year or self.today.year
            return Period(date(year, 1, 1), date(year, 12, 31))
        return usual

    def agency(self) -> Agency | None:
        """The agency asked for, None for all. Raises Refused for an unknown code."""
        if not self.code:
            return None
        agency = accounts.find_agency_by_code(nfc(self.code))
        if agency is None:
            raise Refused(f"There is no agency with the code {self.code}.")
        return agency

    def write(self, draw: Callable[[BinaryIO], Any]) -> None:
        """Draw, then put the file in place at once: whoever reads it finds the old one or the whole new one.

        From here on the command may write: it notes what it made, and commits.
        """
        write_whole(self.output, draw)
        if not will_write.get():
            start_writing()

    def issue(self, paper: PaperKind, key: str, title: str, draw: Draw, *, agency: Agency | None) -> None:
        """Write a PDF that is on record under a code; the caller commits once the file is in its place."""
        issued = papers.issue_on_reading(paper, key, title, draw, agency=agency, actor=None, now=self.now)
        self.write(lambda out: out.write(issued.content))

    def write_sheets(self, sheets: Sequence[Sheet]) -> None:
        """The sheets as a workbook; as CSV the first of them alone."""
        if self.kind == CSV:
            self.write(lambda out: write_csv(sheets[0], out))
        else:
            self.write(lambda out: write_workbook(sheets, out))


def takes(*options: str, kinds: Sequence[str] = KINDS) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these OPTIONS, -o and --format; it gets Asked first."""

    names = [name for option in options for name in NAMES[option]]

    def frame(command: Callable[..., None]) -> Callable[..., None]:
        @refusing
        @wraps(command)
        def framed(output: str, kind: str | None = None, **given: Any) -> None:
            known = {name: given.pop(name) for name in names}
            asked = Asked(output, _kind_of(kind, output, kinds), clock.now(), **known)
            writing = will_write.set(False)  # the paper is of one instant, and nobody waits while it is drawn
            try:
                command(asked, **given)
            finally:
                will_write.reset(writing)

        run: Callable[..., None] = framed
        file = click.option("-o", "--output", required=True, metavar="FILE", help="Where to write it.")
        added = [each for name in options for each in OPTIONS[name]]
        words = "The kind of file; as the file's name ends unless given."
        added.append(click.option("--format", "kind", type=click.Choice(kinds), help=words))
        for option in (file, *reversed(added)):
            run = option(run)
        return run

    return frame


def _kind_of(given: str | None, output: str, kinds: Sequence[str]) -> str:
    ending = Path(output).suffix.lower().removeprefix(".")
    if given or (len(kinds) == 1 and ending not in KINDS):
        return given or kinds[0]
    if ending not in kinds:
        raise Refused(f"The file's name must end in {' or '.join(f'.{each}' for each in kinds)}, or give --format.")
    return ending


def read_day(typed: str) -> date:
    """A day as people write it. Raises Refused."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day
    raise Refused(f"“{typed}” is not a day. Example: 2026-01-31")


def write_whole(output: str, write: Callable[[BinaryIO], Any]) -> None:
    """Write into memory, then put the file in place at once. Raises Refused where it cannot be written."""
    drawn = BytesIO()
    path = Path(output).resolve()
    if path.exists() and not path.is_file():
        raise Refused(f"{output} is not a file that can be written.")
    write(drawn)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(drawn.getvalue())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(f"{output} cannot be written: {error.strerror}.") from None
