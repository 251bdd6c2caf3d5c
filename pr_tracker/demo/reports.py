"""The demo's press briefings and annual reports: last year's fixed twice, this year's section II being written."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from pr_tracker import config
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import cut, read_toml
from pr_tracker.demo.stories import fill
from pr_tracker.duties.actions_briefings import record_briefing
from pr_tracker.duties.rules import BriefingFacts
from pr_tracker.notices.mail import DEVELOPMENT
from pr_tracker.office_time import office_instant
from pr_tracker.papers.actions import Desk, issue
from pr_tracker.papers.rules import PaperKind
from pr_tracker.reports import actions_annual as annual
from pr_tracker.reports.documents.annual import title_of, write_annual
from pr_tracker.reports.queries.annual_reports import whole_at
from pr_tracker.reports.rules_annual import SectionTwo, Window

PROVINCE, PLACE = "UBND", "An Giang"
FIRST_BRIEFING = date(2025, 7, 10)
BETWEEN = timedelta(days=61)


def report_years(office: Office, day: date, hours: Hours, moment: datetime, uploads: Path | None) -> None:
    """What was told at press briefings, the report of last year as it was sent, the text of this year so far."""
    texts = read_toml("reports.toml")
    _brief(office, texts, day, hours)
    agency, clerk, chief = office.agencies[PROVINCE], office.people["vanthu"], office.people["vanthu"]
    last = Window(day.year - 1)
    at = office_instant(hours.working_day(date(last.year, 12, 15), 0), time(9, 20))
    annual.save_text(agency, last, SectionTwo(**texts["last_year"]), actor=clerk, now=at)
    if uploads is not None:
        _fix(agency, last, "", clerk, at + timedelta(hours=1), uploads)
        _fix(agency, last, texts["note"], clerk, at + timedelta(days=1), uploads)
    this = Window(day.year)
    for name, days in (("first", 9), ("second", 2)):
        on = office_instant(hours.working_day(day - timedelta(days=days), 0), time(15, 40))
        annual.save_text(agency, this, SectionTwo(**texts[name]), actor=chief, now=min(on, moment))


def _brief(office: Office, texts: dict, day: date, hours: Hours) -> None:
    on, number, registrar = FIRST_BRIEFING, 0, office.people["vanthu"]
    while on < day - timedelta(days=7):
        speaker, title = cut(texts["province"][number % len(texts["province"])], 2)
        _record(office.agencies[PROVINCE], speaker, title, texts, hours.working_day(on, 0), registrar)
        on, number = on + BETWEEN, number + 1
    code, speaker, title = cut(texts["department"], 3)
    staff, on = office.people["chuyenvien"], hours.working_day(day - timedelta(days=25), 0)
    _record(office.agencies[code], speaker, title, texts, on, staff)


def _record(agency: Agency, speaker: str, title: str, texts: dict, on: date, actor: Person) -> None:
    at = office_instant(on, time(8))
    evidence = fill(texts["evidence"], {"ngay": f"{on:%d/%m/%Y}"})
    facts = BriefingFacts(title, at, texts["host"], speaker, evidence)
    record_briefing(agency, facts, actor=actor, now=at + timedelta(hours=7))


def _fix(agency: Agency, window: Window, note: str, actor: Person, now: datetime, uploads: Path) -> None:
    settings = config.read()
    desk = Desk(settings["SECRET_KEY"], settings["PUBLIC_URL"] or DEVELOPMENT, uploads)
    whole = whole_at(agency, window, now)
    issued = issue(
        PaperKind.ANNUAL_REPORT,
        f"annual:{window.year}:{agency.id}",
        title_of(whole),
        lambda out, check: write_annual(whole, out, check, place=PLACE),
        agency=agency,
        actor=actor,
        now=now,
        desk=desk,
        kept=True,
    )
    annual.fix_version(whole, issued.paper, note, actor=actor, now=now)
