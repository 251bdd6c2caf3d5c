"""Out of office: who is away in the agency, and the page on which an absence and its substitute are entered."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.forms import AbsenceForm
from pr_tracker.accounts.models import Absence, Person
from pr_tracker.accounts.views_acts import attempt, blueprint
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.permissions import Role
from pr_tracker.web.access import signed_in
from pr_tracker.web.errors import say
from pr_tracker.web.lists import Column, Table, list_out, of_rows

SHOWN_FOR = timedelta(days=90)  # how long a past absence stays on a person's page


def _reader() -> Person:
    person: Person = current_user._get_current_object()
    return person


def _get_own(person_id: int) -> Person:
    """A person whose absences the reader may enter. Raises NotFound."""
    person = queries.get_person(person_id)
    if not actions.may_enter_absence(_reader(), person):
        raise NotFound(N_("There is no such person."))
    return person


@blueprint.get("/absences")
@signed_in
def absences() -> str:
    """Who is away today and later: in the reader's agency, for administrators everywhere."""
    reader, today = _reader(), office_day(clock.now())
    everywhere = Role.ADMIN in reader.roles
    rows = queries.absences_from(today, agency_id=None if everywhere else reader.agency_id)
    leads = Role.HEAD in reader.roles
    return render_template(
        "accounts/absences.html",
        rows=[(row, _state(row, today)) for row in rows if row.ended_at is None],
        everywhere=everywhere,
        colleagues=[row for row in queries.people_of(reader.agency_id) if row.id != reader.id] if leads else [],
    )


@list_out(blueprint, "/absences", file_name="vang-mat")
def absences_table() -> Table:
    """Who is away today and later, as the page shows it."""
    reader, today = _reader(), office_day(clock.now())
    agency_id = None if Role.ADMIN in reader.roles else reader.agency_id
    columns: list[Column] = [
        (_("Who is away"), lambda row: row.person),
        (_("Agency"), lambda row: row.agency),
        (_("From"), lambda row: row.from_on),
        (_("Until"), lambda row: row.to_on),
        (_("Who stands in"), lambda row: row.substitute),
        (_("State"), lambda row: _state(row, today)),
        (_("Note"), lambda row: row.note),
    ]
    rows = [row for row in queries.absences_from(today, agency_id=agency_id) if row.ended_at is None]
    return of_rows(_("Who is away"), rows, columns)


@blueprint.route("/people/<id:person_id>/absences", methods=["GET", "POST"])
@signed_in
def person_absences(person_id: int) -> ResponseReturnValue:
    """One person's absences, and the form for the next."""
    person, today = _get_own(person_id), office_day(clock.now())
    form, status = AbsenceForm(person=person), 200
    if form.is_submitted():
        entered: list[Absence] = []
        status = attempt(form, lambda: entered.append(_enter(person, form)))
        if status == 200:
            _tell_entered(entered[0])
            return redirect(url_for(".person_absences", person_id=person.id), 303)
    rows = queries.absences_from(today - SHOWN_FOR, person_id=person.id)
    page = render_template(
        "accounts/person_absences.html",
        form=form,
        person=person,
        is_own=person.id == _reader().id,
        rows=[(row, _state(row, today), row.ended_at is None and row.to_on >= today) for row in rows],
        standing_in=queries.stands_in_for(person.id, today),
    )
    return page, status


def _enter(person: Person, form: AbsenceForm) -> Absence:
    values: dict[str, Any] = {name: form[name].data for name in ("from_on", "to_on", "note")}
    substitute = queries.get_person(form.substitute_id.data)
    return actions.enter_absence(person, substitute, **values, actor=_reader(), now=clock.now())


def _tell_entered(absence: Absence) -> None:
    name, days = absence.substitute.full_name, _days(absence.from_on, absence.to_on)
    flash(_("%(name)s stands in %(days)s.", name=name, days=days))
    other = queries.absence_between(absence.substitute_id, absence.from_on, absence.to_on)
    if other is not None:
        said = _(
            "%(name)s is away too %(days)s: on those days reminders go to both of you.",
            name=name,
            days=_days(max(other.from_on, absence.from_on), min(other.to_on, absence.to_on)),
        )
        flash(said, "warning")


def _days(first: date, last: date) -> str:
    if first == last:
        return _("on %(day)s", day=write_day(first))
    return _("from %(first)s to %(last)s", first=write_day(first), last=write_day(last))


def _state(row: Any, today: date) -> str:
    if row.ended_at is not None:
        return _("ended early, %(moment)s", moment=write_moment(row.ended_at))
    if row.to_on < today:
        return _("over")
    return _("away now") if row.from_on <= today else _("to come")


@blueprint.post("/absences/<id:absence_id>/end")
@signed_in
def end_absence(absence_id: int) -> ResponseReturnValue:
    """The person is back: nobody stands in any longer."""
    absence = queries.get_absence(absence_id)
    _get_own(absence.person_id)
    try:
        actions.end_absence(absence, actor=_reader(), now=clock.now())
        db.session.commit()
        flash(_("The absence is over. Reminders go to %(name)s again.", name=absence.person.full_name))
    except BadInput as refusal:
        db.session.rollback()
        flash(say(refusal), "warning")
    return redirect(url_for(".person_absences", person_id=absence.person_id), 303)
