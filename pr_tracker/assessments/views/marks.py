"""The results of a class: marks of the test, marks typed or imported, final papers."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from pr_tracker import clock
from pr_tracker.assessments import documents
from pr_tracker.assessments.actions import marks as actions
from pr_tracker.assessments.forms.marks import ImportForm
from pr_tracker.assessments.labels import MARK_TROUBLES, SOURCES, VERDICTS
from pr_tracker.assessments.queries import results as queries
from pr_tracker.assessments.queries import tests
from pr_tracker.assessments.reading import read_cells
from pr_tracker.assessments.rules import MarkSource
from pr_tracker.assessments.rules_marks import LONGEST_REMARK, MarkLine, cells_of, read_mark, read_marks
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput
from pr_tracker.permissions import Permission
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("marks", __name__)
P = Permission
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/trainings/classes/<id:class_id>/marks")
@requires(P.TRAINING_VIEW)
def show(class_id: int) -> ResponseReturnValue:
    """Everybody's result."""
    return _page(class_id, {}, set(), None)


@blueprint.post("/trainings/classes/<id:class_id>/marks/save")
@requires(P.TRAINING_EDIT)
def save(class_id: int) -> ResponseReturnValue:
    """Keep the marks that were typed: only rows that were changed here are sent on."""
    one = get_class(class_id)
    sent, wrong = _sent()
    if wrong:
        return _page(class_id, wrong, set(), _("Mend the marks that are named below; nothing is saved yet.")), 422
    count, left = actions.enter_marks(one, sent, MarkSource.TYPED, **_acting())
    db.session.commit()
    if left:
        problem = _("Somebody else has marked these meanwhile. Look at what stands now, then save again.")
        return _page(class_id, {}, left, problem), 409
    flash(ngettext("%(num)d result saved.", "%(num)d results saved.", count) if count else _("Nothing was changed."))
    return redirect(url_for("marks.show", class_id=class_id), 303)


@blueprint.route("/trainings/classes/<id:class_id>/marks/import", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def import_marks(class_id: int) -> ResponseReturnValue:
    """Marks by row code from a file or a pasted list: looked at first, then kept."""
    one = get_class(class_id)
    form, status = ImportForm(), 200
    lines: list[MarkLine] = []
    if form.is_submitted():
        status, lines = _read(form, class_id)
        if status == 200 and request.form.get("act") == "save":
            status = attempt(form, lambda: _keep(one, lines))
            if status == 200:
                return redirect(url_for("marks.show", class_id=class_id), 303)
    page = render_template(
        "assessments/import_marks.html",
        form=form,
        training_class=one,
        lines=lines,
        troubles=MARK_TROUBLES,
        good=[line for line in lines if line.trouble is None and not line.is_same],
    )
    return page, status


@blueprint.get("/trainings/classes/<id:class_id>/marks.xlsx")
@requires(P.TRAINING_VIEW)
def export(class_id: int) -> Response:
    """The list of marks as an Excel sheet; typed into, it can be imported again."""
    start_writing()
    one = get_class(class_id)
    out = BytesIO()
    documents.write_marks(one, queries.people_of(class_id), queries.results_of(class_id), out)
    actions.note_export(one, **_acting())
    db.session.commit()
    answer = Response(out.getvalue(), mimetype=EXCEL)
    answer.headers["Content-Disposition"] = f"attachment; filename=diem-lop-{class_id}.xlsx"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(class_id: int, wrong: dict[int, str], left: set[int], problem: str | None) -> str:
    one = get_class(class_id)
    test = tests.find_test(class_id)
    book = tests.book_of(test.id) if test else None
    attempts = tests.attempts_of(test) if test else ()
    scores = {row.participant_id: (row.id, book.score(row.answers)) for row in attempts} if book else {}
    typed = {row.participant_id: row for row in queries.marks_of(class_id)}
    marked = {person for person, (_attempt, score) in scores.items() if score.mark is not None}
    marked |= {person for person, row in typed.items() if row.mark is not None}
    people = queries.people_of(class_id)
    return render_template(
        "assessments/marks.html",
        training_class=one,
        test=test,
        task=queries.find_task(class_id),
        people=people,
        marked=sum(row.id in marked for row in people),
        scores=scores,
        typed=typed,
        papers=queries.latest_papers(class_id),
        wrong=wrong,
        left=left,
        problem=problem,
        sent=request.form,
        sources=SOURCES,
        verdicts=VERDICTS,
        longest=LONGEST_REMARK,
    )


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _sent() -> tuple[dict[int, tuple[Decimal | None, str, int]], dict[int, str]]:
    """By participant: mark, remark and version of each changed row; and what is wrong with marks that are none."""
    sent: dict[int, tuple[Decimal | None, str, int]] = {}
    wrong: dict[int, str] = {}
    for name in request.form:
        key = name.removeprefix("mark-")
        if key == name or not key.isascii() or not key.isdigit() or len(key) > 9:
            continue
        typed, remark = tidy(request.form[name]), tidy(request.form.get(f"remark-{key}", ""))[:LONGEST_REMARK]
        before = tuple(tidy(request.form.get(f"{prefix}-{key}", "")) for prefix in ("was", "noted"))
        if (typed, remark) == before:
            continue
        try:
            sent[int(key)] = read_mark(typed), remark, request.form.get(f"version-{key}", type=int) or 0
        except BadInput as refusal:
            wrong[int(key)] = say(refusal)
    return sent, wrong


def _read(form: ImportForm, class_id: int) -> tuple[int, list[MarkLine]]:
    """The status of the page and the lines; a file's go into the text, to be looked at and saved."""
    if not form.validate():
        return 422, []
    try:
        rows = _rows(form)
        if not rows:
            raise BadInput(N_("Choose a file, or type the marks."), field="lines")
        return 200, read_marks(rows, queries.roster_by_code(class_id))
    except BadInput as refusal:
        form.add_problem(refusal)
        return 422, []


def _rows(form: ImportForm) -> list[list[str]]:
    upload = form.file.data
    if isinstance(upload, FileStorage) and upload.filename:
        rows = read_cells(upload.filename, upload.read())
        form.lines.data = "\n".join("\t".join(" ".join(cell.split()) for cell in row).rstrip() for row in rows).strip()
    return cells_of(form.lines.data) if form.lines.data else []


def _keep(one: Any, lines: list[MarkLine]) -> None:
    """Keep the good lines, as they were looked at."""
    stands = {row.participant_id: row for row in queries.marks_of(one.id)}
    sent: dict[int, tuple[Decimal | None, str, int]] = {}
    for line in lines:
        if line.row is None or line.trouble is not None or line.is_same:
            continue
        row = stands.get(line.row.participant_id)
        sent[line.row.participant_id] = line.mark, row.remark if row else "", row.version if row else 0
    if not sent:
        raise BadInput(N_("No line has a mark that could be saved."), field="lines")
    count, _left = actions.enter_marks(one, sent, MarkSource.IMPORTED, **_acting())
    flash(ngettext("%(num)d result saved.", "%(num)d results saved.", count))
