"""The working calendar: a year as a picture and a list; each change is looked at before it is saved."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields import SelectChoice

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.deadlines import actions_calendar, labels_year, queries, reading, rules_year
from pr_tracker.deadlines.forms_calendar import (
    AnyChange,
    ChangeForm,
    ConfirmForm,
    DayOffForm,
    ImportForm,
    OrdinaryForm,
    SwapForm,
    WithdrawForm,
)
from pr_tracker.deadlines.labels_names import entry_words, long_day
from pr_tracker.deadlines.rules_calendar import DayKind
from pr_tracker.deadlines.rules_rerun import Move
from pr_tracker.deadlines.rules_year import Change, Standing, Wish
from pr_tracker.deadlines.views_acts import MovesShown, holders, moves_shown
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.health import Health
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import day_of, text_of

blueprint = Blueprint("calendar", __name__)
BOTH = ["GET", "POST"]
MEGABYTE = 1024 * 1024
NOT_CARRIED = frozenset({"csrf_token", "seen", "act", "text"})
Render = Callable[["Preview | None"], str]


class Preview(NamedTuple):
    """What a change would do, to be confirmed: its days, the clocks that move, and what was typed."""

    days: list[tuple[str, str]]
    moves: MovesShown
    carried: list[tuple[str, str]]


# --- the year ---------------------------------------------------------------------------------------------


@blueprint.get("/deadlines/calendar")
@requires(Permission.DEADLINE_VIEW)
def year() -> str:
    """A year as twelve pictures, and the same by date with decision, state and source."""
    standing = queries.standing()
    shown = _year_asked(standing)
    entries = queries.entries_of_year(shown)
    state = rules_year.state_of(standing.calendar, shown)
    return render_template(
        "deadlines/year.html",
        year=shown,
        first=standing.shipped.first_year,
        last=standing.shipped.last_year,
        state=state,
        months=labels_year.year_picture(standing.calendar, shown),
        lines=labels_year.day_lines(standing, entries, shown),
        withdrawn=[row for row in entries if row.withdrawn_at is not None],
        state_words=labels_year.YEAR_STATES[state.state],
        name_of=labels_year.stored_words,
        entered_words=labels_year.entered_words,
    )


def _year_asked(standing: Standing) -> int:
    """The year in the address where the calendar covers it, else this one."""
    typed = text_of("year")
    asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    covered = standing.shipped.first_year <= asked <= standing.shipped.last_year
    return asked if covered else office_day(clock.now()).year


# --- changes ----------------------------------------------------------------------------------------------


@blueprint.route("/deadlines/calendar/day-off", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def day_off() -> ResponseReturnValue:
    """Enter public holidays or days in lieu."""
    return _changing(DayOffForm(), "deadlines/change_day_off.html")


@blueprint.route("/deadlines/calendar/swap", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def swap() -> ResponseReturnValue:
    """Enter a day off together with the Saturday or Sunday worked for it."""
    return _changing(SwapForm(), "deadlines/change_swap.html")


@blueprint.route("/deadlines/calendar/ordinary", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def ordinary() -> ResponseReturnValue:
    """Take a wrong day off, or a dropped proposal, away."""
    return _changing(OrdinaryForm(), "deadlines/change_ordinary.html")


@blueprint.route("/deadlines/calendar/withdraw", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def withdraw() -> ResponseReturnValue:
    """Take back what the office entered for a day."""
    form = WithdrawForm()
    return _changing(form, "deadlines/change_withdraw.html", reason=lambda: form.reason.data)


@blueprint.route("/deadlines/calendar/confirm", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def confirm() -> ResponseReturnValue:
    """Confirm estimates and proposals of a year by the decision that fixes them."""
    form, standing = ConfirmForm(), queries.standing()
    unsure = _unsure(standing, _year_asked(standing))
    form.days.choices = [SelectChoice(value=day.isoformat(), label=words) for day, words in unsure]
    if request.method == "GET":
        form.days.data = _days_off_meant(standing, request.args.getlist("day"))
    return _changing(form, "deadlines/change_confirm.html", year=_year_asked(standing), unsure=unsure)


def _days_off_meant(standing: Standing, asked: list[str]) -> list[str]:
    """The days to be ticked: for a day worked in exchange its day off."""
    halves = {
        day.isoformat(): entry.swapped_with.isoformat()
        for day, entry in standing.calendar.proposals.items()
        if entry.kind is DayKind.SWAPPED_WORK and entry.swapped_with
    }
    return [halves.get(day, day) for day in asked]


def _unsure(standing: Standing, shown: int) -> list[tuple[date, str]]:
    """The days of a year that wait for a decision, in words; of a swap only the day off."""
    found = []
    for day in sorted({*standing.calendar.entries, *standing.calendar.proposals}):
        entry = standing.entry_on(day)
        if day.year != shown or entry is None or not rules_year.is_unsure(entry):
            continue
        if entry.kind is not DayKind.SWAPPED_WORK:
            what = _("%(what)s (%(state)s)", what=entry_words(entry), state=labels_year.state_words(entry))
            found.append((day, f"{long_day(day)}: {what}"))
    return found


def _changing(
    form: AnyChange, template: str, *, reason: Callable[[], str | None] = lambda: None, **shown: Any
) -> ResponseReturnValue:
    """Form, preview, confirmation: one page each, nothing saved before the last."""
    if request.method == "GET":
        day = day_of("day")
        if day is not None:
            form.preset(day, day_of("last"), queries.standing().entry_on(day))

    def render(preview: Preview | None) -> str:
        return render_template(template, form=form, preview=preview, **shown)

    if request.method == "GET" or request.form.get("act") == "edit":
        return render(None)
    if not form.validate():
        return render(None), 422
    return _looked_at_or_saved(form, form.wish, render, reason=reason())


def _looked_at_or_saved(
    form: ChangeForm, wish: Wish, render: Render, *, reason: str | None = None
) -> ResponseReturnValue:
    status = 200
    try:
        if request.form.get("act") == "save":
            return _saved(wish, form.seen.data or "", reason)
    except ChangedMeanwhile as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        status = 409
    except BadInput as refusal:
        db.session.rollback()
        form.add_problem(refusal)
        return render(None), 422
    try:
        change, moves = actions_calendar.look_at(wish, holders=holders())
    except BadInput as refusal:
        form.add_problem(refusal)
        return render(None), 422
    return render(_preview(change, moves)), status


def _saved(wish: Wish, seen: str, reason: str | None) -> ResponseReturnValue:
    change, moves = actions_calendar.change_calendar(
        wish, holders=holders(), seen=seen, words=_why, reason=reason, actor=current_user, now=clock.now()
    )
    db.session.commit()
    days = ngettext(
        "The calendar is changed for %(num)s day.", "The calendar is changed for %(num)s days.", len(change.days)
    )
    moved = ngettext("%(num)s deadline moved.", "%(num)s deadlines moved.", len(moves))
    none = _("No deadline moved.")
    flash(f"{days} {moved if moves else none}", "success")
    return redirect(url_for("calendar.year", year=change.days[0].year), 303)


def _why(change: Change, days: Any) -> str:
    """Why a deadline moved, in the language of the office's records."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return labels_year.why_words(change, days)


def _preview(change: Change, moves: list[Move]) -> Preview:
    after = change.applied_to(queries.standing())
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    return Preview(labels_year.change_lines(change, after), moves_shown(moves), carried)


# --- a list from a file -----------------------------------------------------------------------------------


@blueprint.route("/deadlines/calendar/import", methods=BOTH)
@requires(Permission.DEADLINE_CALENDAR_EDIT)
def import_days() -> ResponseReturnValue:
    """A list of days from a file: every row is shown with what it means, then saved as one change."""
    form = ImportForm()
    rows: list[reading.Row] = []

    def render(preview: Preview | None) -> str:
        return render_template(
            "deadlines/import.html",
            form=form,
            rows=[labels_year.row_shown(row) for row in rows],
            preview=preview,
            columns=labels_year.COLUMNS,
        )

    if request.method == "GET":
        return render(None)
    if not form.validate():
        return render(None), 422
    try:
        cells = _cells_sent(form)
        rows = reading.rows_of(cells, queries.standing())
    except BadInput as refusal:
        form.add_problem(refusal)
        return render(None), 422
    form.text.data = reading.to_text(cells)
    form.text.raw_data = None
    if all(row.effect is reading.Effect.UNCHANGED for row in rows):
        return render(None)
    return _looked_at_or_saved(form, _wish_of(cells), render)


def _wish_of(cells: list[list[str]]) -> Wish:
    def wish(standing: Standing) -> Change:
        return reading.change_of(reading.rows_of(cells, standing), standing)

    return wish


def _cells_sent(form: ImportForm) -> list[list[str]]:
    """The rows of the chosen file, or those that the preview carried. Raises BadInput."""
    upload = form.file.data
    if upload is not None and upload.filename:
        name, largest = upload.filename[-100:], current_app.config["PR_TRACKER_MAX_UPLOAD_MB"]
        content = upload.read(largest * MEGABYTE + 1)
        if len(content) > largest * MEGABYTE:
            raise BadInput(N_("“%(name)s” is larger than %(largest)s MB."), field="file", name=name, largest=largest)
        return reading.cells_of(name, content)
    if form.text.data:
        return reading.from_text(form.text.data)
    raise BadInput(N_("Choose a file."), field="file")


# --- health -----------------------------------------------------------------------------------------------


def health(now: datetime) -> Health:
    """Whether the calendar can be relied on: next year's from 1 November on, and what is still ahead this year."""
    found = rules_year.warnings_on(queries.working_calendar(), office_day(now))
    if not found:
        return Health(True, _("The working calendar is confirmed as far as it must be."))
    may_mend = current_user.may(Permission.DEADLINE_CALENDAR_EDIT)
    shown = found[-1]
    return Health(
        False,
        " ".join(labels_year.warning_words(state) for state in found),
        url_for("calendar.confirm" if may_mend and shown.estimated else "calendar.year", year=shown.year),
        _("Confirm the days") if may_mend and shown.estimated else _("Look at the calendar"),
    )


@list_out(blueprint, "/deadlines/calendar", Permission.DEADLINE_VIEW, file_name="lich-lam-viec")
def days_table() -> Table:
    """Every day of a year that is not what its weekday says, for a spreadsheet."""
    standing = queries.standing()
    shown = _year_asked(standing)
    columns: list[Column] = [
        (_("From"), lambda line: line.first),
        (_("Until"), lambda line: line.last),
        (_("Name"), lambda line: line.name),
        (_("Kind"), lambda line: line.kind),
        (_("Decision"), lambda line: line.decision),
        (_("State"), lambda line: line.state),
        (_("Source"), lambda line: line.source),
    ]
    lines = labels_year.day_lines(standing, queries.entries_of_year(shown), shown)
    return of_rows(_("Working calendar %(year)s", year=shown), lines, columns)
