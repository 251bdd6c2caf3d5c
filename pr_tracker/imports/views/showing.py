"""The preview of a file: every row with its verdict and why; write, drop, take the rows that were left out."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput, DomainError, StepNotAllowed
from pr_tracker.imports import actions, jobs, queries
from pr_tracker.imports.documents import write_left_out
from pr_tracker.imports.forms import ConfirmForm
from pr_tracker.imports.labels import STATES, VERDICTS, about_file_words, labels_of, reason_words
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import SMALL, ImportState, Target, Verdict
from pr_tracker.imports.targets import get_target
from pr_tracker.imports.views.choosing import WHO, WORKBOOK, blueprint, judged, own_import
from pr_tracker.runs import views as runs
from pr_tracker.runs.rules import Running
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.parameters import LARGEST_ID, id_of, member_of

PATHS = {"inquiries": "/inquiries/{}", "outlets": "/outlets/{}"}
MOST_SHOWN = 5  # columns of the preview
MOST_SUGGESTED = 500


@blueprint.get("/imports/<id:import_id>")
@requires(*WHO)
def show(import_id: int) -> ResponseReturnValue:
    """What the rows would do, or what became of them."""
    one, target = own_import(import_id)
    if one.state is ImportState.UPLOADED:
        return redirect(url_for(".columns", import_id=one.id), 303)
    form = ConfirmForm()
    form.offer(one.counts)
    form.show(one.version)
    return render_template("imports/show.html", form=form, **_shown(one, target))


def _shown(one: Import, target: Target) -> dict[str, Any]:
    verdict, after = member_of("verdict", Verdict), id_of("after") or 0
    rows, more = queries.rows_page(one.id, verdict, min(after, LARGEST_ID))
    labels = labels_of(target.columns)
    shown = [(key, labels[key], place) for key, place in one.columns.items() if key in labels][:MOST_SHOWN]
    asked: dict[str, Any] = {"verdict": verdict.value} if verdict else {}
    return {
        "one": one,
        "target": target,
        "rows": rows,
        "shown": shown,
        "remarked": any(row.reasons or row.changes for row in rows),
        "verdict": verdict,
        "verdicts": VERDICTS,
        "states": STATES,
        "labels": labels,
        "why": lambda reason: reason_words(reason, labels),
        "path": PATHS.get(one.kind),
        "first": url_for(".show", import_id=one.id, **asked) if after else None,
        "more": url_for(".show", import_id=one.id, after=rows[-1].number, **asked) if more else None,
        "total": sum(one.counts.values()),
        "about_file": about_file_words(one.about_file) if one.about_file else "",
        "names": _known_names(one, target),
        "broken_off": one.state in (ImportState.JUDGING, ImportState.WRITING) and not queries.is_under_way(one.id),
        "left_out": queries.count_left_out(one.id),
    }


def _known_names(one: Import, target: Target) -> dict[str, list[str]]:
    """What the names that are not on record may mean, by sort."""
    if one.state is not ImportState.JUDGED:
        return {}
    sorts = dict.fromkeys(unknown["what"] for unknown in one.unknown)
    return {what: [name for _id, name in target.known_names(what)][:MOST_SUGGESTED] for what in sorts}


@blueprint.post("/imports/<id:import_id>/confirm")
@requires(*WHO)
def confirm(import_id: int) -> ResponseReturnValue:
    """Write the rows: a short list at once and whole, a long one in the background."""
    one, target = own_import(import_id, to_change=True)
    form = ConfirmForm()
    form.offer(one.counts)
    if form.validate():
        try:
            actions.confirm(one, form.verdicts, seen=form.seen_version, actor=current_user, now=clock.now())
            db.session.commit()
            return _written(one)
        except BadInput as refusal:
            db.session.rollback()
            form.add_problem(refusal)
    form.show(one.version)
    return render_template("imports/show.html", form=form, **_shown(one, target)), 422


def _written(one: Import) -> ResponseReturnValue:
    if sum(one.counts.values()) > SMALL:
        asked = {"import_id": one.id, "version": one.version}
        return runs.to_page(runs.in_background("imports.write", asked, title=one.file_name))
    import_id = one.id
    try:
        jobs.write(import_id, actor=current_user, now=clock.now())
    except DomainError as refusal:  # something changed since the preview: nothing was written
        db.session.rollback()
        flash(say(refusal), "warning")
        jobs.put_back(import_id)
        return redirect(url_for(".show", import_id=import_id), 303)
    count = queries.get_import(import_id).written
    flash(ngettext("%(num)d row was written.", "%(num)d rows were written.", count))
    return redirect(url_for(".show", import_id=import_id), 303)


@blueprint.post("/imports/<id:import_id>/again")
@requires(*WHO)
def again(import_id: int) -> ResponseReturnValue:
    """What was broken off: rows are looked at anew, or the preview of rows not yet written stands again."""
    one, _target = own_import(import_id, to_change=True)
    actions.require_open(one)
    if queries.is_under_way(import_id):
        raise StepNotAllowed(N_("It is under way. Stop that first."))
    if one.state is ImportState.JUDGING:
        return judged(one)
    jobs.put_back(import_id)
    return redirect(url_for(".show", import_id=import_id), 303)


@blueprint.post("/imports/<id:import_id>/drop")
@requires(*WHO)
def drop(import_id: int) -> ResponseReturnValue:
    """Nothing is written; the file is removed."""
    one, _target = own_import(import_id, to_change=True)
    actions.drop(one, folder=jobs.folder(), actor=current_user, now=clock.now())
    db.session.commit()
    flash(_("The file was dropped; nothing of it was written."))
    return redirect(url_for(".index"), 303)


@blueprint.get("/imports/<id:import_id>/left-out")
@requires(*WHO)
def left_out(import_id: int) -> ResponseReturnValue:
    """The rows that were left out, as a workbook with the reason beside each."""
    one, _target = own_import(import_id)
    count = queries.count_left_out(one.id)
    asked = {"import_id": one.id, "version": one.version}
    title = _("Rows of %(file)s that were not taken in", file=one.file_name)
    start_writing()
    return runs.hand_out("imports.left_out", asked, title=title, rows=count)


def left_out_run(running: Running) -> None:
    """The work behind it: at once, or in the background."""
    one = queries.get_import(int(running.asked["import_id"]), of=running.actor)
    count = queries.count_left_out(one.id)
    rows = running.counted(queries.rows_left_out(one.id), count)
    running.name("dong-chua-nhan.xlsx", WORKBOOK)
    write_left_out(one, get_target(one.kind), rows, running.out)
    start_writing()
    one = queries.get_import(int(running.asked["import_id"]), of=running.actor)
    actions.note_rejected_taken(one, count, actor=running.actor, now=running.now)
