"""Pages of the annual report: the six figures, the cases behind each, section II, versions that were fixed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import agencies_for_choice
from pr_tracker.charts import Bar, Look, Picture, Piece, bars
from pr_tracker.codes import show_code
from pr_tracker.db import db, start_writing
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import DueTime, face
from pr_tracker.duties.models import Duty
from pr_tracker.duties.rules import DutyState
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotFound
from pr_tracker.office_time import office_day
from pr_tracker.papers import jobs as papers
from pr_tracker.papers.queries import content_of
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions_annual as actions
from pr_tracker.reports import jobs
from pr_tracker.reports import labels_annual as labels
from pr_tracker.reports.documents.annual import annual_sheets
from pr_tracker.reports.forms.annual import FixForm, SectionTwoForm
from pr_tracker.reports.jobs import Wanted
from pr_tracker.reports.queries import annual
from pr_tracker.reports.queries import annual_reports as queries
from pr_tracker.reports.rules_annual import (
    FIRST_YEAR,
    LAST_YEAR,
    Case,
    Figure,
    FigureKey,
    Outcome,
    Window,
    require_own,
    year_to_report,
)
from pr_tracker.reports.views.coverage import download
from pr_tracker.runs.views import hand_out
from pr_tracker.sheets import write_workbook
from pr_tracker.web.access import requires
from pr_tracker.web.forms import SeenForm
from pr_tracker.web.parameters import id_of, member_of, text_of

blueprint = Blueprint("annual", __name__)
P = Permission
BOTH = ["GET", "POST"]
SHOWN = 200  # rows of a list on its page; the file has them all


@dataclass(frozen=True)
class Chosen:
    """Whose report on which year the address asks for."""

    agency: Agency
    window: Window

    @property
    def kept(self) -> dict[str, Any]:
        """The same as it stands in the address."""
        return {"year": self.window.year, "agency": self.agency.id}


def _chosen() -> Chosen:
    typed = text_of("year", 4)
    year = int(typed) if typed.isascii() and typed.isdigit() else 0
    if not FIRST_YEAR < year <= LAST_YEAR:
        year = year_to_report(office_day(clock.now()))
    return Chosen(queries.reporting_agency(_reader(), id_of("agency")), Window(year))


def _reader() -> Person:
    person: Person = current_user._get_current_object()
    return person


@blueprint.get("/reports/annual")
@requires(P.REPORT_VIEW)
def index() -> str:
    """The six figures beside those of the year before, section II, the versions fixed so far."""
    now, chosen = clock.now(), _chosen()
    windows = [chosen.window, Window(chosen.window.year - 1)]
    figures, before = annual.figures(chosen.agency, windows, now)
    report = queries.find_report(chosen.window.year, chosen.agency.id)
    today = office_day(now)
    return render_template(
        "reports/annual.html",
        chosen=chosen,
        figures=list(zip(figures, before, strict=True)),
        answers=next(each for each in figures if each.key is FigureKey.ANSWERS),
        picture=_picture(figures),
        texts=queries.texts_of(report),
        versions=queries.versions_of(report),
        agencies=agencies_for_choice() if _reader().sees_all else [],
        years=[year for year in range(today.year - 2, today.year + 1) if year != chosen.window.year],
        duty=_duty_shown(queries.duty_of(chosen.agency, chosen.window.year)),
        may_write=queries.may_write(_reader(), chosen.agency),
        is_over=chosen.window.is_over(today),
        labels=labels,
        now=now,
    )


def _picture(figures: list[Figure]) -> Picture:
    """The four figures with a whole: the part of each, and the rest."""
    rows = [
        Bar(
            f"{each.key.number}. {labels.LIST[each.key]}",
            (Piece(each.part / (each.whole or 1)), Piece((each.whole - each.part) / (each.whole or 1), Look.OPEN)),
            each.written,
        )
        for each in figures
        if each.has_whole
    ]
    return bars(rows, key="annual", most=1, above=True)


def _duty_shown(duty: Duty | None) -> dict[str, Any] | None:
    if duty is None or duty.state is DutyState.CANCELLED:
        return None
    due = DueTime(duty.due_on, duty.due_at, duty.ends_at)
    looks = face(due, now=clock.now(), calendar=working_calendar(), statutory=True, closed_at=duty.done_at)
    exact = deadline_words.exact_words(due, version=duty.clock_version, now=clock.now())
    return {"duty": duty, "face": looks, "words": deadline_words.face_words(looks), "exact": exact}


@blueprint.get("/reports/annual/figures/<id:number>")
@requires(P.REPORT_VIEW)
def behind(number: int) -> str:
    """The list behind a figure, or behind one outcome of it: as many rows as the figure says."""
    now, chosen, key, outcome = clock.now(), _chosen(), _key(number), member_of("outcome", Outcome)
    (figures,) = annual.figures(chosen.agency, [chosen.window], now)
    figure = figures[number - 1]
    listed = annual.cases(key, chosen.agency, chosen.window, now, outcome=outcome, most=SHOWN)
    files = url_for("annual.list_file", number=number, kind="xlsx", outcome=outcome, **chosen.kept)
    return _list_page(
        figure, listed, outcome, chosen, back=url_for("annual.index", **chosen.kept), files=files, now=now
    )


def _list_page(figure: Figure, listed: list[Case], outcome: Outcome | None, chosen: Chosen, **shown: Any) -> str:
    return render_template(
        "reports/annual_figure.html",
        figure=figure,
        rows=[(case, _address_of(case)) for case in listed[:SHOWN]],
        count=figure.counts.get(outcome, 0) if outcome else figure.whole,
        outcome=outcome,
        chosen=chosen,
        labels=labels,
        **shown,
    )


def _address_of(case: Case) -> str:
    match case.source:
        case "conference":
            return url_for("conferences.show", conference_id=case.id)
        case "briefing":
            return url_for("briefings.show", briefing_id=case.id)
        case "incident":
            return url_for("incidents.room", incident_id=case.id)
        case _:
            return url_for("inquiries.case", inquiry_id=case.id)


def _key(number: int) -> FigureKey:
    if number > len(FigureKey):
        raise NotFound(N_("The annual report has six figures."))
    return list(FigureKey)[number - 1]


@blueprint.get("/reports/annual.<any(pdf,xlsx,csv):kind>")
@requires(P.REPORT_VIEW)
def file(kind: str) -> ResponseReturnValue:
    """The report as it stands, as official paper, workbook or table; long lists in the background."""
    chosen = _chosen()
    (figures,) = annual.figures(chosen.agency, [chosen.window], clock.now())
    wanted = Wanted(chosen.window.year, chosen.agency.id, kind)
    title = _("Annual report %(year)s", year=chosen.window.year)
    return hand_out("annual_report", asdict(wanted), title=title, rows=sum(each.whole for each in figures))


@blueprint.get("/reports/annual/figures/<id:number>.<any(xlsx,csv):kind>")
@requires(P.REPORT_VIEW)
def list_file(number: int, kind: str) -> ResponseReturnValue:
    """The list behind a figure as workbook or table."""
    chosen, key, outcome = _chosen(), _key(number), member_of("outcome", Outcome)
    (figures,) = annual.figures(chosen.agency, [chosen.window], clock.now())
    wanted = Wanted(chosen.window.year, chosen.agency.id, kind, key.value, outcome.value if outcome else "")
    title = _("Annual report %(year)s", year=chosen.window.year)
    return hand_out("annual_report", asdict(wanted), title=title, rows=figures[number - 1].whole)


@blueprint.route("/reports/annual/text", methods=BOTH)
@requires(P.DUTY_DO)
def text() -> ResponseReturnValue:
    """Write section II; of two people at once the second sees what the first wrote."""
    chosen, form = _to_write(), SectionTwoForm()
    latest = queries.latest_text(queries.find_report(chosen.window.year, chosen.agency.id))

    def do() -> None:
        by: dict[str, Any] = {"actor": _reader(), "now": clock.now(), "seen": form.seen_version}
        actions.save_text(chosen.agency, chosen.window, form.text(), **by)

    if request.method != "POST" and latest is not None:
        form.difficulties.data, form.proposals.data = latest.difficulties, latest.proposals
    return _act(form, chosen, "reports/annual_text.html", do, said=_("Section II is saved."))


@blueprint.route("/reports/annual/fix", methods=BOTH)
@requires(P.DUTY_DO)
def fix() -> ResponseReturnValue:
    """Fix a version: its figures, cases and paper stay as they are; it supersedes the version before."""
    chosen, form = _to_write(), FixForm()

    def do() -> None:
        now, person = clock.now(), _reader()
        actions.require_unchanged(chosen.agency, chosen.window, actor=person, seen=form.seen_version)
        whole = queries.whole_at(chosen.agency, chosen.window, now)
        paper = jobs.issue_version(whole, actor=person).paper
        actions.fix_version(whole, paper, form.note.data or "", actor=person, now=now, seen=form.seen_version)

    return _act(form, chosen, "reports/annual_fix.html", do, said=_("The version is fixed, its paper is on record."))


def _to_write() -> Chosen:
    chosen = _chosen()
    require_own(queries.may_write(_reader(), chosen.agency))
    return chosen


def _act(form: SeenForm, chosen: Chosen, template: str, do: Callable[[], None], *, said: str) -> ResponseReturnValue:
    status, changed = 200, False
    if request.method == "POST":
        status, changed = _attempt(form, do)
        if status == 200:
            flash(said, "success")
            return redirect(url_for("annual.index", **chosen.kept), 303)
    report = queries.find_report(chosen.window.year, chosen.agency.id)
    form.show(report.version if report else 0)
    texts = queries.texts_of(report)
    page = render_template(
        template,
        form=form,
        chosen=chosen,
        meanwhile=texts[0] if changed and texts else None,
        written=any((texts[0].difficulties, texts[0].proposals)) if texts else False,
        versions=queries.versions_of(report),
        is_over=chosen.window.is_over(office_day(clock.now())),
    )
    return page, status


def _attempt(form: SeenForm, do: Callable[[], None]) -> tuple[int, bool]:
    """Do and commit; or put the refusal on the form: 422, and whether somebody else was first."""
    if not form.validate():
        return 422, False
    try:
        do()
        db.session.commit()
    except (BadInput, ChangedMeanwhile) as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return 422, isinstance(refusal, ChangedMeanwhile)
    return 200, False


@blueprint.get("/reports/annual/versions/<id:version_id>")
@requires(P.REPORT_VIEW)
def version(version_id: int) -> str:
    """A version as it was fixed."""
    found = queries.get_version(version_id, _reader())
    whole = queries.whole_of(found)
    return render_template(
        "reports/annual_version.html",
        version=found,
        whole=whole,
        chosen=Chosen(whole.agency, whole.window),
        pairs=[(each, None) for each in whole.figures],
        newest=queries.versions_of(found.report)[0].id == found.id,
        code=show_code(found.paper.code) if found.paper else "",
        labels=labels,
    )


@blueprint.get("/reports/annual/versions/<id:version_id>/figures/<id:number>")
@requires(P.REPORT_VIEW)
def version_behind(version_id: int, number: int) -> str:
    """The list behind a figure as it was fixed."""
    found, key = queries.get_version(version_id, _reader()), _key(number)
    whole, outcome = queries.whole_of(found), member_of("outcome", Outcome)
    listed = [case for case in whole.cases[key.number - 1] if outcome in (None, case.outcome)]
    chosen, back = Chosen(whole.agency, whole.window), url_for("annual.version", version_id=found.id)
    return _list_page(whole.figures[number - 1], listed, outcome, chosen, back=back, files="", now=found.fixed_at)


@blueprint.get("/reports/annual/versions/<id:version_id>.<any(pdf,xlsx):kind>")
@requires(P.REPORT_VIEW)
def version_file(version_id: int, kind: str) -> Response:
    """The paper of a version, byte for byte as it was fixed, or its lists as a workbook; it is noted who took it."""
    found = queries.get_version(version_id, _reader())
    whole = queries.whole_of(found)
    if kind == "pdf":
        content = content_of(found.paper, papers.desk().folder) if found.paper else None
        if content is None:
            raise NotFound(N_("The file of this version is not there."))
        out = BytesIO(content)
    else:
        out = BytesIO()
        write_workbook(annual_sheets(whole), out)
    start_writing()
    actions.note_annual(whole, kind, actor=_reader(), now=clock.now())
    db.session.commit()
    return download(out, f"bao-cao-nam-{whole.window.year}-ban-{whole.version}.{kind}")
