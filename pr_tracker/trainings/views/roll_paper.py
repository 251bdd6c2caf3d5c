"""Paper first: the exceptions typed from the signed sheet, looked at, then saved; scans of the sheet as evidence."""

import zlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, ChangedMeanwhile
from pr_tracker.files import PAPERS
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import roll_paper as actions
from pr_tracker.trainings.forms.roll import ScansForm, SheetForm
from pr_tracker.trainings.forms.roster import ReasonForm
from pr_tracker.trainings.labels import MARK_LOOKS, MARKS, SHEET_TROUBLES
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries.plan import get_session, number_of
from pr_tracker.trainings.queries.roll import counts_of, get_scan, roll_of, scans_of
from pr_tracker.trainings.rules_roll import Mark
from pr_tracker.trainings.rules_sheet import OnRoll, Planned, Typed, plan, read_sheet
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, largest_file, send_kept, sent_files
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("sheets", __name__)
P = Permission
BOTH = ("GET", "POST")


@blueprint.route("/trainings/sessions/<id:session_id>/paper", methods=BOTH)
@requires(P.TRAINING_EDIT)
def paper(session_id: int) -> ResponseReturnValue:
    """Type the exceptions by row code, look at what they mean, then save; everybody else was present."""
    session, form = get_session(session_id), SheetForm()
    status, wrong, typed, planned = 200, True, list[Typed](), list[Planned]()
    if form.is_submitted():
        roll = _roll(session)
        status = attempt(form, lambda: typed.extend(read_sheet(form.lines.data or "", [who.number for who in roll])))
        planned = plan(roll, typed)
        wrong = status != 200 or any(one.trouble for one in typed)
        looked_at = (form.seen.data or "").endswith(_of_lines(form))  # else it was typed on after the preview
        if not wrong and looked_at and request.form.get("act") == "save":
            status = attempt(form, lambda: _save(session, form, roll, planned))
            if status == 200:
                flash(ngettext("%(num)d mark saved.", "%(num)d marks saved.", len(planned)))
                return redirect(url_for("rollcall.show", session_id=session_id), 303)
        form.seen.data, form.seen.raw_data = _versions(roll) + _of_lines(form), None
        status = 422 if wrong else status
    return _page(session, form, ScansForm(), typed, planned, looked=not wrong), status


@blueprint.post("/trainings/sessions/<id:session_id>/scans")
@requires(P.TRAINING_EDIT)
def add_scans(session_id: int) -> ResponseReturnValue:
    """Keep the scan of the signed sheet."""
    session, form = get_session(session_id), ScansForm()
    added: list[Any] = []
    status = attempt(form, lambda: added.extend(_keep(session, form)))
    if status == 200:
        flash(ngettext("%(num)d scan kept.", "%(num)d scans kept.", len(added)))
        return redirect(url_for("sheets.paper", session_id=session_id), 303)
    return _page(session, SheetForm(formdata=None), form), status


@blueprint.get("/trainings/scans/<id:scan_id>/file")
@requires(P.TRAINING_VIEW)
def scan(scan_id: int) -> Response:
    """A scan, to be saved; that somebody took it is noted."""
    start_writing()
    one = get_scan(scan_id)
    path = kept_path(one.file)
    actions.note_reading(one, **_acting())
    file_name, media_type = one.file.file_name, one.file.media_type
    db.session.commit()
    return send_kept(path, file_name=file_name, media_type=media_type)


@blueprint.route("/trainings/scans/<id:scan_id>/withdraw", methods=BOTH)
@requires(P.TRAINING_EDIT)
def withdraw(scan_id: int) -> ResponseReturnValue:
    """Withdraw a scan that does not belong here."""
    one, form, status = get_scan(scan_id), ReasonForm(), 200
    session = get_session(one.session_id)
    back = url_for("sheets.paper", session_id=session.id)
    if form.is_submitted():
        status = attempt(form, lambda: actions.withdraw_scan(one, form.reason.data, **_acting()))
        if status == 200:
            flash(_("The scan is withdrawn."))
            return redirect(back, 303)
    page = render_template(
        "trainings/reason.html",
        form=form,
        training_class=session.training_class,
        title=_("Withdraw “%(name)s”", name=one.file.file_name),
        lede=_("It no longer counts as evidence. The file stays on record."),
        button=_("Withdraw the scan"),
        back=back,
    )
    return page, status


def _page(
    session: ClassSession,
    form: SheetForm,
    scans_form: ScansForm,
    typed: Sequence[Typed] = (),
    planned: Sequence[Planned] = (),
    *,
    looked: bool = False,
) -> str:
    on_roll = {row.number: row for row in roll_of(session)}
    return render_template(
        "trainings/paper.html",
        form=form,
        scans_form=scans_form,
        session=session,
        training_class=session.training_class,
        number=number_of(session),
        counts=counts_of(session),
        on_roll=on_roll,
        troubled=[one for one in typed if one.trouble],
        planned=planned,
        looked=looked,
        told=[one for one in planned if one.is_typed or one.mark is not Mark.PRESENT],
        present=sum(one.mark is Mark.PRESENT and not one.is_typed for one in planned),
        scans=scans_of(session.id),
        may_mark=session.closed_at is None and session.cancelled_at is None,
        letters=[(MARK_LOOKS[mark][2], words) for mark, words in MARKS.items()],
        words=MARKS,
        looks=MARK_LOOKS,
        troubles=SHEET_TROUBLES,
        largest=largest_file(),
    )


def _roll(session: ClassSession) -> list[OnRoll]:
    return [
        OnRoll(row.id, row.number, row.version, row.mark, row.remark or "", row.apology or "")
        for row in roll_of(session)
    ]


def _versions(roll: Sequence[OnRoll]) -> str:
    """What the preview was made from, in one number."""
    return str(zlib.crc32(" ".join(f"{who.id}:{who.version}" for who in roll).encode()))


def _of_lines(form: SheetForm) -> str:
    return f".{zlib.crc32((form.lines.data or '').encode())}"


def _save(session: ClassSession, form: SheetForm, roll: Sequence[OnRoll], planned: Sequence[Planned]) -> None:
    if form.seen.data != _versions(roll) + _of_lines(form):
        raise ChangedMeanwhile(N_("Somebody else marked meanwhile. Look at the preview again, then save."))
    actions.enter_sheet(session, planned, **_acting())


def _keep(session: ClassSession, form: ScansForm) -> Sequence[Any]:
    files = sent_files(form.files.data, needed=True, types=PAPERS)
    return actions.add_scans(session, files, **keeping(), **_acting())


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}
