"""Pages of the clocks: all of them with their grounds, a calculator, and the terms that are settings."""

import re
from datetime import date
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.deadlines import actions, labels, labels_names, queries
from pr_tracker.deadlines.forms import AgencyTermsForm, CalculatorForm, ProvinceTermsForm, terms_typed
from pr_tracker.deadlines.labels_month import month_picture
from pr_tracker.deadlines.labels_rules import VersionShown, version_shown
from pr_tracker.deadlines.rules import (
    INTERNAL_KEYS,
    UNCONFIRMED_STATUTORY_KEYS,
    ClockKey,
    Deadline,
    RuleBook,
    TermSettings,
    compute,
)
from pr_tracker.deadlines.rules_book import reading_order
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_table import FEEDBACK_ROUNDS, ClockGroup, group_of
from pr_tracker.errors import DomainError
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires, signed_in
from pr_tracker.web.lists import Column, Table, list_out, of_rows

blueprint = Blueprint("deadlines", __name__)

_CODE = re.compile(r"(\d+/\d{4}/[\w-]*\w)")
ALSO = (ClockKey.COMPLAINT_CONCLUSION_NOTICE, ClockKey.ANSWER_ON_PRESS, ClockKey.INCIDENT_INITIAL_INFO)


class ClockShown(NamedTuple):
    """One clock: its name, the note that belongs to it, its versions, the one in force first."""

    key: ClockKey
    name: str
    note: str
    versions: list[VersionShown]
    withdrawn: int


@blueprint.app_template_filter("keep_codes")
def keep_codes(text: str) -> Markup:
    """Text whose document numbers (237/2026/NĐ-CP) do not break at the end of a line."""
    code = Markup('<span class="nowrap">{}</span>')
    parts = _CODE.split(text)  # text and codes in turn; join and format escape both
    return Markup("").join(code.format(part) if number % 2 else part for number, part in enumerate(parts))


@blueprint.get("/deadlines")
@signed_in
def clocks() -> ResponseReturnValue:
    """Every clock of the law with all its versions."""
    settings, today = queries.terms_of(current_user.agency_id), office_day(clock.now())
    withdrawn = queries.withdrawn_versions()
    shown: dict[ClockGroup, list[ClockShown]] = {group: [] for group in ClockGroup}
    for key, versions in groupby(queries.rule_book().versions, key=lambda version: version.key):
        of_key = reading_order(versions, today)
        words = [version_shown(version, settings, today) for version in of_key]
        name = str(labels_names.CLOCKS[key])
        shown[group_of(of_key[0])].append(ClockShown(key, name, _note(key), words, withdrawn.get(key, 0)))
    return render_template(
        "deadlines/clocks.html",
        groups=[(str(labels_names.GROUPS[group]), of_group) for group, of_group in shown.items()],
        unsure=_unsure_days(queries.working_calendar()),
    )


def _note(key: ClockKey) -> str:
    if key is not ClockKey.FEEDBACK_PUBLICATION:
        return ""
    (since, now_rounds), (_before, old_rounds) = FEEDBACK_ROUNDS
    return _(
        "The press agency may stop after %(now)s rounds (before %(since)s after %(before)s).",
        now=now_rounds,
        before=old_rounds,
        since=f"{since:%d/%m/%Y}",
    )


def _unsure_days(calendar: WorkingCalendar) -> dict[str, list[tuple[str, str]]]:
    """Days of this year and the next that are proposed (not applied) or estimated (applied), in words."""
    year = office_day(clock.now()).year
    near = sorted(day for day in {*calendar.entries, *calendar.proposals} if day.year in (year, year + 1))
    estimated = [off for off in map(calendar.day_off, near) if off and off.estimated]
    proposed = [(day, calendar.proposals[day]) for day in near if day in calendar.proposals]
    return {
        "proposed": [(labels_names.long_day(day), labels_names.entry_words(entry)) for day, entry in proposed],
        "estimated": [(f"{days}/{year + 1}", name) for days, name in labels.off_rows(estimated)],
    }


@blueprint.get("/deadlines/calculator")
@signed_in
def calculator() -> ResponseReturnValue:
    """What if it were received then? The form is read from the address; nothing is stored."""
    now = clock.now()
    form = CalculatorForm(request.args, meta={"csrf": False})
    if not request.args.get("at"):
        form.at.process(None, now)
    if not request.args.get("key"):
        form.key.data = ClockKey.FORWARDED_OPINION_NOTICE
    book = queries.rule_book()
    form.ask_for_outlet(book)
    deadline = _computed(form, book)
    return render_template(
        "deadlines/calculator.html",
        form=form,
        deadline=deadline,
        answer=labels.due_words(deadline) if deadline else "",
        moment=labels.moment_words(deadline.trigger_at) if deadline else "",
        steps=[(title, keep_codes(text), rows) for title, text, rows in labels.explain(deadline)] if deadline else [],
        month=month_picture(deadline) if deadline else [],
        also=_also(deadline, book) if deadline else [],
    ), (200 if deadline else 422)


def _computed(form: CalculatorForm, book: RuleBook) -> Deadline | None:
    if not form.validate() or form.at.data is None:
        return None
    calendar, settings = queries.working_calendar(), queries.terms_of(current_user.agency_id)
    try:
        return compute(
            form.key.data,
            form.at.data,
            calendar=calendar,
            settings=settings,
            outlet=form.pace,
            book=book,
        )
    except DomainError as refusal:
        form.add_problem(refusal)
        return None


def _also(deadline: Deadline, book: RuleBook) -> list[tuple[str, str]]:
    """The same moment under other common terms: term and due time in words."""
    calendar = queries.working_calendar()
    found = []
    for key in ALSO:
        try:
            other = compute(key, deadline.trigger_at, calendar=calendar, book=book)
        except DomainError:
            continue  # no version of that clock was in force then
        found.append((labels_names.term_words(other.rule.term), labels.due_words(other)))
    return found


@blueprint.get("/deadlines/terms")
@requires(Permission.DEADLINE_VIEW)
def terms() -> ResponseReturnValue:
    """The internal terms of every agency, and the unconfirmed terms of the province."""
    return render_template(
        "deadlines/terms.html",
        agencies=queries.agencies_with_terms(),
        province=queries.terms_of(None),
        default=TermSettings(),
        overruled=_overruled(),
    )


def _overruled() -> list[tuple[str, str, date, str]]:
    """Versions now or to come whose own number takes the place of what is set: key, clock, first day, term."""
    today, book = office_day(clock.now()), queries.rule_book()
    return [
        (version.key, str(labels_names.CLOCKS[version.key]), version.valid_from, labels_names.term_words(version.term))
        for key in sorted(INTERNAL_KEYS | UNCONFIRMED_STATUTORY_KEYS)
        for version in book.versions_of(key)
        if not version.needs_setting and (version.valid_to is None or version.valid_to >= today)
    ]


@blueprint.route("/deadlines/terms/<id:agency_id>", methods=["GET", "POST"])
@requires(Permission.DEADLINE_TERMS_EDIT)
def agency_terms(agency_id: int) -> ResponseReturnValue:
    """Set the two internal terms of an agency."""
    agency = queries.get_agency(agency_id)
    form = AgencyTermsForm(obj=queries.terms_of(agency.id))
    if form.validate_on_submit():
        for key, days in terms_typed(form).items():
            actions.set_agency_term(agency, key, days, actor=current_user, now=clock.now())
        db.session.commit()
        flash(_("The internal terms of %(agency)s are set.", agency=agency.name), "success")
        return redirect(url_for("deadlines.terms"), 303)
    page = render_template("deadlines/terms_form.html", form=form, title=agency.name, agency_id=agency.id)
    return page, (422 if form.errors else 200)


@blueprint.route("/deadlines/terms/province", methods=["GET", "POST"])
@requires(Permission.DEADLINE_TERMS_EDIT)
def province_terms() -> ResponseReturnValue:
    """Set the statutory terms that are not confirmed."""
    form = ProvinceTermsForm(obj=queries.terms_of(None))
    if form.validate_on_submit():
        for key, days in terms_typed(form).items():
            actions.set_province_term(key, days, actor=current_user, now=clock.now())
        db.session.commit()
        flash(_("The unconfirmed terms are set."), "success")
        return redirect(url_for("deadlines.terms"), 303)
    page = render_template("deadlines/terms_form.html", form=form, title=_("Unconfirmed terms"), agency_id=None)
    return page, (422 if form.errors else 200)


@list_out(blueprint, "/deadlines", file_name="cac-thoi-han")
def clocks_table() -> Table:
    """Every version of every clock, for a spreadsheet."""
    settings, today = queries.terms_of(current_user.agency_id), office_day(clock.now())
    rows = [(version.key, version_shown(version, settings, today)) for version in queries.rule_book().versions]
    columns: list[Column] = [
        (_("Clock"), lambda row: labels_names.CLOCKS[row[0]]),
        (_("Code"), lambda row: row[1].code),
        (_("Begins when"), lambda row: row[1].trigger),
        (_("Who must act"), lambda row: row[1].bearer),
        (_("Term"), lambda row: "; ".join(": ".join(filter(None, each)) for each in row[1].terms)),
        (_("Basis"), lambda row: row[1].basis),
        (_("In force from"), lambda row: row[1].valid_from),
        (_("Until"), lambda row: row[1].valid_to),
        (_("Confidence"), lambda row: row[1].confidence),
        (_("State"), lambda row: row[1].state_words),
    ]
    return of_rows(_("Deadlines"), rows, columns)
