"""Rules as data: each clock with its versions, and how administrators supersede one or withdraw one to come."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.deadlines import actions_rules, labels_names, labels_rules, queries
from pr_tracker.deadlines.forms_rules import VersionForm, WithdrawalForm, form_after
from pr_tracker.deadlines.labels_names import sentence
from pr_tracker.deadlines.labels_rules import VersionShown, version_shown
from pr_tracker.deadlines.models import ClockVersionRow
from pr_tracker.deadlines.rules import ClockKey
from pr_tracker.deadlines.rules_book import NewVersion, RuleBook, reading_order
from pr_tracker.deadlines.rules_rerun import Move
from pr_tracker.deadlines.rules_table import ClockVersion
from pr_tracker.deadlines.views_acts import MovesShown, holders, moves_shown
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotFound
from pr_tracker.office_time import office_day, write_day
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires, signed_in
from pr_tracker.web.forms import Form

blueprint = Blueprint("rules", __name__)

NOT_CARRIED = frozenset({"csrf_token", "seen", "act"})


class Entered(NamedTuple):
    """What is known of a version that an administrator entered."""

    id: int
    by: str
    at: datetime
    note: str
    withdrawn_by: str
    withdrawn_at: datetime | None


class VersionPanel(NamedTuple):
    """A version on the page of its clock; `entered` is None for what was shipped."""

    shown: VersionShown
    entered: Entered | None
    may_withdraw: bool


class Preview(NamedTuple):
    """What a newer version would do: what it says beside the one before, and the clocks that move."""

    rows: list[tuple[str, str, str]]
    moves: MovesShown
    touched: int
    seen: str
    carried: list[tuple[str, str]]
    at_once: bool


@blueprint.get("/deadlines/clocks/<key>")
@signed_in
def clock_page(key: str) -> str:
    """One clock: the version in force, those to come, the past ones, and those withdrawn before they began."""
    known, book = _key(key), queries.rule_book()
    today, entered = office_day(clock.now()), queries.entered_versions(known)
    may_edit = current_user.may(Permission.DEADLINE_RULES_EDIT)
    stands = {row.ClockVersionRow.code: row for row in entered if not row.ClockVersionRow.withdrawn_at}
    settings = queries.terms_of(current_user.agency_id)
    panels = []
    for version in reading_order(book.versions_of(known), today):
        row = stands.get(version.code)
        may_withdraw = may_edit and row is not None and version.valid_from > today
        shown = version_shown(version, settings, today)
        panels.append(VersionPanel(shown, _entered(row) if row else None, may_withdraw))
    withdrawn = [row for row in entered if row.ClockVersionRow.withdrawn_at]
    return render_template(
        "deadlines/clock.html",
        key=known,
        name=str(labels_names.CLOCKS[known]),
        panels=panels,
        withdrawn=[(_row_shown(row.ClockVersionRow, book), _entered(row)) for row in withdrawn],
        may_edit=may_edit,
    )


@blueprint.route("/deadlines/clocks/<key>/supersede", methods=["GET", "POST"])
@requires(Permission.DEADLINE_RULES_EDIT)
def supersede(key: str) -> ResponseReturnValue:
    """A newer version from a day on: typed, looked at with the clocks it moves, then saved."""
    last = queries.rule_book().versions_of(_key(key))[0]
    form = form_after(last)
    if request.method == "GET":
        form.preset()
    if request.method == "GET" or request.form.get("act") == "edit":
        return _form_page(form, last)
    if not form.validate():
        return _form_page(form, last), 422
    status = 200
    try:
        new = form.new_version()
        if request.form.get("act") == "save":
            return _superseded(form, new)
    except ChangedMeanwhile as refusal:
        status = _put_back(form, refusal, 409)
    except BadInput as refusal:
        status = _put_back(form, refusal, 422)
        return _form_page(form, last), status
    return _looked_at(form, status)


def _superseded(form: VersionForm, new: NewVersion) -> ResponseReturnValue:
    moves = actions_rules.supersede(
        new,
        note=form.note.data or "",
        holders=holders(),
        seen=form.seen.data or "",
        why=_in_office_words(lambda: labels_rules.why_superseded(new.after(form.last))),
        actor=current_user,
        now=clock.now(),
    )
    db.session.commit()
    said = _("The version in force from %(day)s is saved.", day=write_day(new.valid_from))
    flash(f"{said} {_moved(moves)}", "success")
    return redirect(url_for("rules.clock_page", key=new.key), 303)


def _looked_at(form: VersionForm, status: int) -> ResponseReturnValue:
    """The preview of a sound form; the newest version is read anew, for somebody may have been faster."""
    last = queries.rule_book().versions_of(form.last.key)[0]
    form.last = last
    try:
        new = form.new_version()
        moves, seen = actions_rules.look_at(new, holders=holders())
    except BadInput as refusal:
        status = _put_back(form, refusal, 422)
        return _form_page(form, last), status
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    preview = Preview(
        rows=_side_by_side(last, new.after(last)),
        moves=moves_shown(moves),
        touched=len(moves),
        seen=seen,
        carried=carried,
        at_once=new.valid_from <= office_day(clock.now()),
    )
    page = render_template(
        "deadlines/supersede_look.html", form=form, name=_name(last), key=last.key, new=new, preview=preview
    )
    return page, status


@blueprint.route("/deadlines/clocks/versions/<id:version_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.DEADLINE_RULES_EDIT)
def withdraw(version_id: int) -> ResponseReturnValue:
    """Withdraw a version that has not begun; one in force is only superseded."""
    row, form, status = queries.get_version(version_id), WithdrawalForm(), 200
    if request.method == "POST" and form.validate():
        try:
            return _withdrawn(row, form)
        except (BadInput, ChangedMeanwhile) as refusal:
            status = _put_back(form, refusal, 409 if isinstance(refusal, ChangedMeanwhile) else 422)
    elif request.method == "POST":
        status = 422
    moves: list[Move] = []
    form.seen.raw_data, form.seen.data = None, ""
    try:
        moves, form.seen.data = actions_rules.look_at_withdrawal(row, holders=holders(), now=clock.now())
    except (BadInput, ChangedMeanwhile) as refusal:
        if not form.form_errors:
            form.add_problem(refusal)
    page = render_template(
        "deadlines/withdraw.html",
        form=form,
        row=row,
        name=str(labels_names.CLOCKS[row.key]),
        shown=_row_shown(row, queries.rule_book()),
        shown_moves=moves_shown(moves),
    )
    return page, status


def _withdrawn(row: ClockVersionRow, form: WithdrawalForm) -> ResponseReturnValue:
    why = _in_office_words(lambda: labels_rules.why_withdrawn(row.valid_from))
    moves = actions_rules.withdraw(
        row, holders=holders(), seen=form.seen.data or "", why=why, actor=current_user, now=clock.now()
    )
    db.session.commit()
    said = _("The version that was to be in force from %(day)s is withdrawn.", day=write_day(row.valid_from))
    flash(f"{said} {_moved(moves)}", "success")
    return redirect(url_for("rules.clock_page", key=row.key), 303)


# What the views share


def _key(typed: str) -> ClockKey:
    """The clock of an address. Raises NotFound."""
    if typed not in set(ClockKey):
        raise NotFound(N_("There is no clock named %(key)s."), key=typed[:60])
    return ClockKey(typed)


def _name(version: ClockVersion) -> str:
    return str(labels_names.CLOCKS[version.key])


def _put_back(form: Form, refusal: BadInput | ChangedMeanwhile, status: int) -> int:
    """Nothing is saved, and the form says why."""
    db.session.rollback()
    form.add_problem(refusal)
    return status


def _form_page(form: VersionForm, last: ClockVersion) -> str:
    shown = version_shown(last, queries.terms_of(None), office_day(clock.now()))
    return render_template("deadlines/supersede.html", form=form, name=_name(last), key=last.key, last=shown)


def _entered(found: Any) -> Entered:
    row = found.ClockVersionRow
    return Entered(row.id, found.created_by, row.created_at, row.note, found.withdrawn_by or "", row.withdrawn_at)


def _row_shown(row: ClockVersionRow, book: RuleBook) -> VersionShown:
    """An entered version in words, whether it stands in the book or was withdrawn from it."""
    versions = book.versions_of(row.key)
    before = next((each for each in versions if each.valid_from < row.valid_from), versions[-1])
    version = queries.new_version_of(row).after(before)
    return version_shown(version, queries.terms_of(None), office_day(clock.now()))


def _side_by_side(last: ClockVersion, new: ClockVersion) -> list[tuple[str, str, str]]:
    """What each version says, line by line: the name of the line, the newest so far, the new one."""
    settings, today = queries.terms_of(None), office_day(clock.now())
    old, then = version_shown(last, settings, today), version_shown(new, settings, today)
    return [
        (_("In force"), _since(last), _since(new)),
        (_("Length of the term"), _terms(old), _terms(then)),
        (_("Ground"), old.basis, then.basis),
        (_("How it is known"), sentence(old.confidence), sentence(then.confidence)),
        (_("Stops and extensions"), old.allowance, then.allowance),
        (_("Reminders"), old.ladder, then.ladder),
    ]


def _since(version: ClockVersion) -> str:
    return _("from %(day)s", day=write_day(version.valid_from))


def _terms(shown: VersionShown) -> str:
    words = "; ".join(f"{outlet}: {term}" if outlet else term for outlet, term in shown.terms)
    return _("%(term)s, as it is set", term=words) if shown.is_set else words


def _moved(moves: list[Move]) -> str:
    count = sum(move.moves for move in moves)
    if not count:
        return _("No deadline moved.")
    return ngettext("%(num)s deadline moved.", "%(num)s deadlines moved.", count)


def _in_office_words(words: Callable[[], str]) -> str:
    """Why a deadline moved, in the language of the office's records."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return words()
