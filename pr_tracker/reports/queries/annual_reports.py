"""Find annual reports: whose report a reader opens, section II as saved, the versions that were fixed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import get_agency
from pr_tracker.db import db
from pr_tracker.duties.models import Duty
from pr_tracker.duties.queries import find_duty, provinces
from pr_tracker.duties.rules import DutyKind, acts_for
from pr_tracker.errors import N_, NotFound
from pr_tracker.permissions import Permission
from pr_tracker.reports.models import AnnualReport, AnnualText, AnnualVersion
from pr_tracker.reports.queries import annual
from pr_tracker.reports.rules_annual import Case, Figure, FigureKey, SectionTwo, Window

NO_AGENCY = N_("There is no such agency, or its report is not yours to see.")


@dataclass(frozen=True)
class Whole:
    """A report as it stands at a moment: what its paper, its workbook and a version of it are made of."""

    agency: Agency
    window: Window
    now: datetime
    figures: Sequence[Figure]
    cases: Sequence[Sequence[Case]]  # behind each figure, in the same order
    text: SectionTwo
    version: int | None = None  # None while it is not fixed

    @property
    def is_provinces(self) -> bool:
        """Whether it is about the whole province."""
        return self.agency.kind.value == "province"


def reporting_agency(actor: Person | None, agency_id: int | None) -> Agency:
    """Whose report this is: the agency asked for; else UBND tỉnh for who sees the province, else one's own.

    Raises NotFound for an agency that the reader may not look into.
    """
    sees_all = actor is None or actor.sees_all
    if agency_id is None:
        found = next(iter(provinces()), None) if sees_all else None
        if found is not None:
            return found
        if actor is None:
            raise NotFound(N_("There is no provincial People's Committee on record."))
        return actor.agency
    if not sees_all and actor is not None and agency_id != actor.agency_id:
        raise NotFound(NO_AGENCY)
    return get_agency(agency_id)


def may_write(actor: Person, agency: Agency) -> bool:
    """Whether a person works on the report of an agency: their own; the office on that of UBND tỉnh."""
    return actor.may(Permission.DUTY_DO) and acts_for(actor.agency.kind, actor.agency_id, agency.kind, agency.id)


def find_report(year: int, agency_id: int) -> AnnualReport | None:
    """What is stored of a report."""
    query = sa.select(AnnualReport).where(AnnualReport.year == year, AnnualReport.agency_id == agency_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def texts_of(report: AnnualReport | None) -> Sequence[AnnualText]:
    """Every text of section II that was saved, the newest first."""
    if report is None:
        return []
    query = sa.select(AnnualText).where(AnnualText.report_id == report.id).order_by(AnnualText.number.desc())
    return db.session.scalars(query.options(sa.orm.joinedload(AnnualText.author))).all()


def latest_text(report: AnnualReport | None) -> AnnualText | None:
    """Section II as it stands."""
    return next(iter(texts_of(report)), None)


def section_two(text: AnnualText | None) -> SectionTwo:
    """A saved text as a rule's value."""
    return SectionTwo(text.difficulties, text.proposals) if text else SectionTwo()


def versions_of(report: AnnualReport | None) -> Sequence[AnnualVersion]:
    """The versions that were fixed, the newest first, without their cases."""
    if report is None:
        return []
    query = sa.select(AnnualVersion).where(AnnualVersion.report_id == report.id)
    loaded = sa.orm.joinedload(AnnualVersion.fixed_by), sa.orm.joinedload(AnnualVersion.paper)
    return db.session.scalars(query.options(*loaded).order_by(AnnualVersion.number.desc())).all()


def get_version(version_id: int, actor: Person | None) -> AnnualVersion:
    """A fixed version. Raises NotFound: none, or of an agency that the reader may not look into."""
    loaded = [sa.orm.joinedload(getattr(AnnualVersion, name)) for name in ("report", "text", "fixed_by", "paper")]
    found = db.session.scalar(sa.select(AnnualVersion).where(AnnualVersion.id == version_id).options(*loaded))
    if found is None or not (actor is None or actor.sees_all or found.report.agency_id == actor.agency_id):
        raise NotFound(N_("There is no such version, or it is not yours to see."))
    return found


def whole_at(agency: Agency, window: Window, now: datetime) -> Whole:
    """The report as it stands at `now`: every figure counts its own list, whatever others write meanwhile."""
    cases = [annual.cases(key, agency, window, now) for key in FigureKey]
    outcomes = (Counter(case.outcome for case in listed) for listed in cases)
    figures = [Figure(key, counts) for key, counts in zip(FigureKey, outcomes, strict=True)]
    text = section_two(latest_text(find_report(window.year, agency.id)))
    return Whole(agency, window, now, figures, cases, text)


def whole_of(version: AnnualVersion) -> Whole:
    """The report as it was fixed."""
    figures = [Figure.from_json(stored) for stored in version.figures]
    cases = [[Case.from_json(stored) for stored in listed] for listed in version.cases]
    window, text = Window(version.report.year), section_two(version.text)
    return Whole(version.report.agency, window, version.fixed_at, figures, cases, text, version.number)


def duty_of(agency: Agency, year: int) -> Duty | None:
    """The duty to send this report before 20 December; only UBND tỉnh owes it."""
    return find_duty(DutyKind.ANNUAL, agency.id, str(year))
