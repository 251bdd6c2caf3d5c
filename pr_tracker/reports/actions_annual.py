"""Write section II of an annual report, fix a version of it; leave a trace of what left the system."""

from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.papers.models import Paper
from pr_tracker.reports.models import AnnualReport, AnnualText, AnnualVersion
from pr_tracker.reports.queries import annual_reports as queries
from pr_tracker.reports.queries.annual_reports import Whole
from pr_tracker.reports.rules_annual import (
    LONGEST_NOTE,
    AnnualEvent,
    SectionTwo,
    Window,
    require_own,
    require_text,
)

CHANGED = N_("Somebody else changed this report while you had it open.")


def save_text(
    agency: Agency, window: Window, text: SectionTwo, *, actor: Person, now: datetime, seen: int | None = None
) -> AnnualText:
    """Save section II as a further text; the earlier ones stay readable. `seen` is the report's version, 0 for none.

    The same words again change nothing. Raises NotAllowed, ChangedMeanwhile, BadInput.
    """
    report = _begin(agency, window, actor=actor, seen=seen)
    words, latest = require_text(text), queries.latest_text(report)
    if latest is not None and queries.section_two(latest) == words:
        return latest
    if report is None:
        report = _open(agency, window)
    saved = AnnualText(
        report_id=report.id,
        number=latest.number + 1 if latest else 1,
        **vars(words),
        saved_at=now,
        author_id=actor.id,
        author_title=actor.title,
    )
    db.session.add(saved)
    report.version += 1
    data = {"year": window.year, "agency": agency.code, "number": saved.number}
    record(AnnualEvent.TEXT, report, actor=actor, now=now, **data)
    return saved


def fix_version(
    whole: Whole, paper: Paper, note: str = "", *, actor: Person, now: datetime, seen: int | None = None
) -> AnnualVersion:
    """Fix what `whole` says with its paper: a further version; figures, cases and paper stay as they are for good.

    Raises NotAllowed, ChangedMeanwhile; BadInput before the window is open, or for a note too long.
    """
    report = _begin(whole.agency, whole.window, actor=actor, seen=seen)
    if now < whole.window.since:
        raise BadInput(N_("The report year has not begun yet."))
    if len(note) > LONGEST_NOTE:
        raise BadInput(N_("At most %(most)s characters, please."), field="note", most=LONGEST_NOTE)
    report = report or _open(whole.agency, whole.window)
    latest, before = queries.latest_text(report), queries.versions_of(report)
    version = AnnualVersion(
        report_id=report.id,
        number=before[0].number + 1 if before else 1,
        text_id=latest.id if latest else None,
        figures=[each.to_json() for each in whole.figures],
        cases=[[each.to_json() for each in listed] for listed in whole.cases],
        fixed_at=whole.now,
        fixed_by_id=actor.id,
        note=note.strip(),
        paper_id=paper.id,
    )
    db.session.add(version)
    report.version += 1
    written = {each.key.value: each.written for each in whole.figures}
    data: dict[str, Any] = {"year": whole.window.year, "agency": whole.agency.code, "number": version.number}
    record(AnnualEvent.FIX, report, actor=actor, now=now, **data, figures=written, paper=paper.code)
    return version


def note_annual(whole: Whole, kind: str, *, actor: Actor | None, now: datetime) -> None:
    """Who took out which annual report, as which kind of file."""
    data: dict[str, Any] = {"year": whole.window.year, "agency": whole.agency.code, "kind": kind}
    record(AnnualEvent.EXPORT, None, actor=actor, now=now, **data, version=whole.version)


def note_list(asked: dict[str, Any], rows: int, *, actor: Actor | None, now: datetime) -> None:
    """Who took out the list behind a figure; `asked` is plain JSON."""
    record(AnnualEvent.EXPORT, None, actor=actor, now=now, **asked, rows=rows)


def require_unchanged(agency: Agency, window: Window, *, actor: Person, seen: int | None) -> AnnualReport | None:
    """The report as it stands, None while nothing is stored. Raises NotAllowed, ChangedMeanwhile."""
    require_own(queries.may_write(actor, agency))
    report = queries.find_report(window.year, agency.id)
    if seen is not None and seen != (report.version if report else 0):
        raise ChangedMeanwhile(CHANGED)
    return report


def _begin(agency: Agency, window: Window, *, actor: Person, seen: int | None) -> AnnualReport | None:
    """The same once it is our turn, so that of two at once the second sees the first."""
    take_turn()
    return require_unchanged(agency, window, actor=actor, seen=seen)


def _open(agency: Agency, window: Window) -> AnnualReport:
    report = AnnualReport(year=window.year, agency_id=agency.id, version=0)
    db.session.add(report)
    db.session.flush()
    return report
