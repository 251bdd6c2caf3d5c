"""Say by hand what the file's columns are, which sheet is read, and what names that are not on record mean."""

from itertools import islice

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields import SelectChoice

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import BadInput
from pr_tracker.imports import actions, jobs
from pr_tracker.imports.forms import SheetForm, columns_form
from pr_tracker.imports.labels import about_file_words
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import Target
from pr_tracker.imports.views.choosing import WHO, blueprint, judged, own_import
from pr_tracker.text import fold
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy

MOST_NAMES = 100


@blueprint.route("/imports/<id:import_id>/columns", methods=["GET", "POST"])
@requires(*WHO)
def columns(import_id: int) -> ResponseReturnValue:
    """Which column of the file is what; remembered for the agency's next file with the same heads."""
    one, target = own_import(import_id, to_change=request.method == "POST")
    actions.require_idle(one)
    samples = _samples(one)
    form, status = columns_form(target.columns, one.heads, samples, one.columns), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                places = form.places(target.columns)
                actions.name_columns(one, places, by_hand=True, actor=current_user, now=clock.now())
                db.session.commit()
                return judged(one)
            except BadInput as refusal:
                db.session.rollback()
                form.add_problem(refusal)
    page = render_template(
        "imports/columns.html",
        form=form,
        sheets=_sheet_form(one),
        one=one,
        target=target,
        samples=samples,
        about_file=about_file_words(one.about_file) if one.about_file else "",
    )
    return page, status


def _samples(one: Import) -> list[str]:
    """What stands in the first row below the heads."""
    rows = (row for row in jobs.table_of(one).rows if row.number > (one.head_row or 0))
    return [" ".join(cell.text.split()) for row in islice(rows, 1) for cell in row.cells]


def _sheet_form(one: Import) -> SheetForm:
    form = SheetForm(formdata=None, sheet=one.sheet, head_row=str(one.head_row or ""))
    form.sheet.choices = [SelectChoice(value=name, label=name) for name in one.sheets]
    return form


@blueprint.post("/imports/<id:import_id>/sheet")
@requires(*WHO)
def sheet(import_id: int) -> ResponseReturnValue:
    """Read another sheet, or heads in another row."""
    one, _target = own_import(import_id, to_change=True)
    actions.require_idle(one)
    form = SheetForm()
    name = tidy(request.form.get("sheet", ""))
    try:
        jobs.look(one, sheet=name if name in one.sheets else None, head_row=form.row)
        db.session.commit()
    except BadInput as refusal:
        db.session.rollback()
        flash(say(refusal), "warning")
    return redirect(url_for(".columns", import_id=import_id), 303)


@blueprint.post("/imports/<id:import_id>/names")
@requires(*WHO)
def names(import_id: int) -> ResponseReturnValue:
    """What names that are not on record mean; remembered for the agency, then every row is judged anew."""
    one, target = own_import(import_id, to_change=True)
    actions.require_idle(one)
    wrong, said = [], Saying(one, target)
    for at, unknown in enumerate(one.unknown[:MOST_NAMES]):
        meant, is_new = tidy(request.form.get(f"name-{at}", "")), f"new-{at}" in request.form
        if not meant and not is_new:
            continue
        if not said.means(unknown["what"], unknown["typed"], meant or unknown["typed"], add=is_new):
            wrong.append(meant)
    db.session.commit()
    if wrong:
        flash(
            _("Not on record: %(names)s. Choose a name from the list, or tick “new”.", names="; ".join(wrong)),
            "warning",
        )
    return judged(one)


class Saying:
    """What somebody says names of a file mean."""

    def __init__(self, one: Import, target: Target) -> None:
        self._one, self._target = one, target
        self._known: dict[str, dict[str, int]] = {}

    def means(self, what: str, typed: str, meant: str, *, add: bool) -> bool:
        """Remember what a name means; False where there is nothing of that name."""
        now = clock.now()
        if what not in self._known:
            self._known[what] = {fold(name): row_id for row_id, name in self._target.known_names(what)}
        meant_id = self._known[what].get(fold(meant))
        if meant_id is None and add:
            meant_id = self._target.add_name(what, meant, jobs.setting_of(self._one, current_user, now))
        if meant_id is None:
            return False
        actions.remember_name(self._one, what, typed, meant_id, actor=current_user, now=now)
        return True
