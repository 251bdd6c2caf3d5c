"""Choose a file to take in; what was taken in before; the empty list of each kind."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotAllowed
from pr_tracker.imports import actions, jobs, queries
from pr_tracker.imports.documents import write_template
from pr_tracker.imports.forms import UploadForm
from pr_tracker.imports.labels import STATES, counts_words
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import SMALL, Target
from pr_tracker.imports.targets import all_targets, get_target
from pr_tracker.permissions import Permission
from pr_tracker.runs import views as runs
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.files import largest_file
from pr_tracker.web.parameters import id_of

blueprint = Blueprint("imports", __name__)
P = Permission
WHO = (P.INQUIRY_LOG, P.OUTLET_EDIT, P.ACCOUNT_MANAGE, P.TRAINING_EDIT)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT_CLASS = "roster"  # the one kind that is about something: a class


def allowed_target(code: str) -> Target:
    """The kind of list, if the reader may take it in. Raises NotFound, NotAllowed."""
    target = get_target(code)
    if not current_user.may(target.permission):
        raise NotAllowed(N_("You may not take in lists of this kind."))
    return target


def own_import(import_id: int, *, to_change: bool = False) -> tuple[Import, Target]:
    """An import of the reader's agency, of a kind they may take in. Raises NotFound, NotAllowed."""
    one = queries.get_import(import_id, of=current_user, to_change=to_change)
    return one, allowed_target(one.kind)


@blueprint.get("/imports")
@requires(*WHO)
def index() -> str:
    """What can be taken in, and what the reader's agency has taken in."""
    targets = [target for target in all_targets().values() if current_user.may(target.permission)]
    kinds = {target.code: target.label for target in targets}
    rows, more = queries.imports_of(current_user.agency_id, list(kinds), id_of("before"))
    older = url_for(".index", before=rows[-1].id) if more else None
    return render_template(
        "imports/index.html",
        targets=[target for target in targets if target.code != ABOUT_CLASS],
        rows=rows,
        kinds=kinds,
        older=older,
        states=STATES,
        counted=counts_words,
    )


@blueprint.route("/imports/new/<kind>", methods=["GET", "POST"])
@requires(*WHO)
def new(kind: str) -> ResponseReturnValue:
    """Choose the file; on to its columns, or to what its rows would do where every head is known."""
    target, form, status, about = allowed_target(kind), UploadForm(), 200, id_of("about")
    training_class = get_class(about) if target.code == ABOUT_CLASS and about is not None else None
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                one, complete = _kept(form, target, about)
            except BadInput as refusal:
                db.session.rollback()
                form.add_problem(refusal)
            else:
                return judged(one) if complete else redirect(url_for(".columns", import_id=one.id), 303)
    shown = {"target": target, "largest": largest_file(), "training_class": training_class}
    page = render_template("imports/new.html", form=form, **shown)
    return page, status


def _kept(form: UploadForm, target: Target, about: int | None) -> tuple[Import, bool]:
    """The file on record, and whether every column it needs is known."""
    if target.code == ABOUT_CLASS and about is None:
        raise BadInput(N_("A roster is taken in from the page of its class."), field="file")
    name, content = form.sent()
    facts: dict[str, Any] = {"folder": jobs.folder(), "largest": largest_file(), "actor": current_user}
    one = actions.keep(target.code, name, content, now=clock.now(), about_id=about, **facts)
    stored = jobs.folder() / str(one.stored_name)
    try:
        complete = jobs.look(one)
        db.session.commit()
    except BaseException:
        stored.unlink(missing_ok=True)
        raise
    return one, complete


def judged(one: Import) -> ResponseReturnValue:
    """Look at the rows: a short list at once, a long one in the background."""
    if one.rows > SMALL:
        actions.begin_judging(one)
        db.session.commit()
        asked = {"import_id": one.id, "version": one.version}
        return runs.to_page(runs.in_background("imports.judge", asked, title=one.file_name))
    import_id = one.id
    jobs.judge(import_id, actor=current_user, now=clock.now())
    return redirect(url_for("imports.show", import_id=import_id), 303)


@blueprint.get("/imports/template/<kind>")
@requires(*WHO)
def template(kind: str) -> Response:
    """The empty list of a kind, with what each column takes."""
    target, out = allowed_target(kind), BytesIO()
    write_template(target, out)
    out.seek(0)
    return send_file(out, mimetype=WORKBOOK, as_attachment=True, download_name=f"mau-{target.code}.xlsx")
