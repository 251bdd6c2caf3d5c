"""A reader's own long work: how far it is, stop it, take the result. And hand out: at once, or in the background."""

from collections.abc import Mapping
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import background, clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.runs import actions, jobs, queries
from pr_tracker.runs.labels import STATES, done_words
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import MOST_AT_ONCE, RESULT_KEPT, Running, RunState, percent
from pr_tracker.web.access import signed_in
from pr_tracker.web.files import send_kept
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import id_of

blueprint = Blueprint("runs", __name__)
IN_MEMORY = 8 * 1024 * 1024
SLOW_SECONDS = 120  # a worker begins within a minute, or there is none


def hand_out(kind: str, asked: Mapping[str, Any], *, title: str, rows: int, key: str = "") -> ResponseReturnValue:
    """What the kind's work writes: as a download at once, or, of more than 2,000 rows, in the background."""
    if rows > MOST_AT_ONCE:
        return to_page(in_background(kind, asked, title=title, key=key))
    found, out = jobs.kind_of(kind), SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    if found is None or (found.permission and not current_user.may(found.permission)):
        raise NotFound(N_("There is no such work, or somebody else asked for it."))
    running = Running(asked, current_user, clock.now(), cast(BinaryIO, out))
    found.work(running)
    db.session.commit()
    out.seek(0)
    return _download(cast(BinaryIO, out), running)


def in_background(kind: str, asked: Mapping[str, Any], *, title: str, key: str = "") -> Run:
    """Have it done by the worker, and commit; the run that is under way already where it is the same."""
    start_writing()
    facts: dict[str, Any] = {"title": title, "language": str(get_locale() or "vi"), "key": key}
    run = actions.ask(kind, asked, **facts, actor=current_user, now=clock.now())
    db.session.commit()
    _wake()
    return run


def to_page(run: Run) -> ResponseReturnValue:
    """On to the page that shows how far it is."""
    return redirect(url_for("runs.show", run_id=run.id), 303)


@blueprint.get("/runs")
@signed_in
def index() -> str:
    """What the reader asked for, the newest first."""
    runs, more = queries.own_runs(current_user.id, id_of("before"))
    older = url_for(".index", before=runs[-1].id) if more else None
    kinds = {run.kind: found.words for run in runs if (found := jobs.kind_of(run.kind))}
    return render_template("runs/index.html", runs=runs, older=older, kinds=kinds, states=STATES, ready=_is_ready)


@blueprint.get("/runs/<id:run_id>")
@signed_in
def show(run_id: int) -> str:
    """How far it is; the result, or why there is none."""
    run, now = queries.get_own(run_id, current_user.id), clock.now()
    kept_until = run.finished_at + RESULT_KEPT if run.finished_at else None
    return render_template(
        "runs/show.html", run=run, state=state_of(run, now), ready=_is_ready(run), kept_until=kept_until, states=STATES
    )


@blueprint.get("/runs/<id:run_id>/progress")
@signed_in
def progress(run_id: int) -> Response:
    """The same for the script that draws the bar."""
    return jsonify(state_of(queries.get_own(run_id, current_user.id), clock.now()))


@blueprint.post("/runs/<id:run_id>/cancel")
@signed_in
def cancel(run_id: int) -> ResponseReturnValue:
    """Stop it."""
    run = queries.get_own(run_id, current_user.id)
    actions.cancel(run, actor=current_user, now=clock.now())
    db.session.commit()
    return to_page(run)


@blueprint.get("/runs/<id:run_id>/result")
@signed_in
def result(run_id: int) -> Response:
    """The file; it is noted that it was taken."""
    start_writing()
    run, now = queries.get_own(run_id, current_user.id), clock.now()
    if not _is_ready(run):
        raise NotFound(N_("There is no result of this work, or it was removed after a week."))
    path = jobs.results_folder() / str(run.stored_name)
    if not path.is_file():
        raise NotFound(N_("There is no result of this work, or it was removed after a week."))
    actions.note_taken(run, actor=current_user, now=now)
    db.session.commit()
    return send_kept(path, file_name=run.file_name, media_type=run.media_type)


def state_of(run: Run, now: datetime) -> dict[str, Any]:
    """How far a run is, as the bar and its script take it."""
    words = done_words(run.done, run.total)
    if run.cancel_asked_at is not None:
        words = _("It is being stopped.")
    elif run.state is RunState.WAITING:
        words = _("Waiting for the background worker, which begins within a minute.")
        if (now - run.asked_at).total_seconds() > SLOW_SECONDS:
            words = _("It still waits: other work comes first, or the background worker does not run. Nothing is lost.")
    finished = run.finished_at is not None
    return {"steps": percent(run.done, run.total), "of": 100, "words": words, "finished": finished}


def _is_ready(run: Run) -> bool:
    """Whether the result lies there for this reader."""
    kind = jobs.kind_of(run.kind)
    allowed = kind is not None and (kind.permission is None or current_user.may(kind.permission))
    return allowed and run.stored_name is not None and run.removed_at is None


def _download(out: BinaryIO, running: Running) -> Response:
    answer = send_file(out, mimetype=running.media_type, as_attachment=True, download_name=running.file_name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _wake() -> None:
    """Begin at once; where nobody hears it, the minute's pass finds the run."""
    if current_app.testing:
        return
    try:
        background.wake()
    except Exception:  # the run is on record: a queue that is down must not undo the act
        current_app.logger.exception("the background worker could not be woken")


@list_out(blueprint, "/runs", file_name="viec-chay-nen")
def runs_table() -> Table:
    """The reader's own work in the background, for a spreadsheet."""
    columns: list[Column] = [
        (_("What was asked for"), lambda row: row.title),
        (_("Kind"), lambda row: kind.words if (kind := jobs.kind_of(row.kind)) else row.kind),
        (_("Asked for at"), lambda row: row.asked_at),
        (_("State"), lambda row: STATES[row.state]),
        (_("Finished at"), lambda row: row.finished_at),
        (_("Result"), lambda row: row.file_name),
        (_("Deleted at"), lambda row: row.removed_at),
        (_("Why it failed"), lambda row: row.fault),
    ]
    return of_query(_("Work in the background"), queries.listed(current_user.id), columns)
