"""Pages of the press register, and the look-ups that offer names while one types."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.audit.queries import last_change_of
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import write_day
from pr_tracker.outlets import actions, queries
from pr_tracker.outlets.forms import JournalistForm, OutletForm
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletKind
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import id_of, member_of, text_of
from pr_tracker.web.views_saving import attempt, differing

blueprint = Blueprint("outlets", __name__)
P = Permission


@blueprint.get("/outlets")
@requires(P.OUTLET_VIEW)
def index() -> str:
    """The register of press agencies, narrowed by what is typed, kind, and whether it is in use."""
    wanted = _wanted()
    page = queries.outlets_page(wanted, after=id_of("after"), before=id_of("before"))
    journalists = queries.suggested_journalists(wanted.text) if wanted.text else []
    kept = {name: value for name, value in request.args.items() if name in ("q", "kind", "state") and value}
    return render_template(
        "outlets/index.html", wanted=wanted, page=page, journalists=journalists, kinds=OUTLET_KINDS, kept=kept
    )


def _wanted() -> queries.Wanted:
    return queries.Wanted(text_of("q"), member_of("kind", OutletKind), request.args.get("state") != "retired")


@list_out(blueprint, "/outlets", P.OUTLET_VIEW, file_name="co-quan-bao-chi")
def outlets_table() -> Table:
    """The register as the filter narrows it."""
    columns: list[Column] = [
        (_("Name"), lambda row: row.name),
        (_("Short name"), lambda row: row.short_name),
        (_("Kind"), lambda row: OUTLET_KINDS[row.kind]),
        (_("Address"), lambda row: row.address),
        (_("Phone"), lambda row: row.phone),
        (_("Email"), lambda row: row.email),
        (_("Website"), lambda row: row.website),
        (_("Journalists"), lambda row: row.journalists),
    ]
    return of_query(_("Press agencies"), queries.outlets_listed(_wanted()), columns)


@list_out(blueprint, "/journalists", P.OUTLET_VIEW, file_name="nha-bao")
def journalists_table() -> Table:
    """The journalists in use; their contacts only for who handles inquiries (domain.md §11)."""
    return _journalists(_("Journalists"), queries.journalists_listed(text_of("q")))


@list_out(blueprint, "/outlets/<id:outlet_id>/journalists", P.OUTLET_VIEW, file_name="nha-bao")
def journalists_of_table(outlet_id: int) -> Table:
    """The journalists of one press agency."""
    outlet = queries.get_outlet(outlet_id)
    return _journalists(f"{_('Journalists')}, {outlet.name}", queries.journalists_listed(outlet_id=outlet.id))


def _journalists(title: str, query: Any) -> Table:
    columns: list[Column] = [
        (_("Full name"), lambda row: row.full_name),
        (_("Press agency"), lambda row: row.outlet),
        (_("Press card"), lambda row: row.press_card),
        (_("Letter of introduction"), lambda row: row.letter_number),
        (_("Date of the letter"), lambda row: row.letter_on),
    ]
    if current_user.may(P.OUTLET_EDIT):
        columns += [(_("Phone"), lambda row: row.phone), (_("Email"), lambda row: row.email)]
    return of_query(title, query, columns)


@blueprint.route("/outlets/new", methods=["GET", "POST"])
@requires(P.OUTLET_EDIT)
def new() -> ResponseReturnValue:
    """Add a press agency."""
    form = OutletForm(name=text_of("name")) if request.method == "GET" else OutletForm()
    status = 200
    if form.is_submitted():
        made: list[Outlet] = []
        status = attempt(form, lambda: made.append(actions.add_outlet(form.facts(), **_acting())))
        if made and status == 200:
            flash(_("%(name)s is now in the register.", name=made[0].name))
            return redirect(url_for(".show", outlet_id=made[0].id), 303)
    return render_template("outlets/edit.html", form=form, outlet=None, meanwhile=None), status


@blueprint.get("/outlets/<id:outlet_id>")
@requires(P.OUTLET_VIEW)
def show(outlet_id: int) -> str:
    """One press agency with its journalists."""
    outlet = queries.get_outlet(outlet_id)
    journalists = queries.journalists_of(outlet.id)
    return render_template("outlets/show.html", outlet=outlet, journalists=journalists, kinds=OUTLET_KINDS)


@blueprint.route("/outlets/<id:outlet_id>/edit", methods=["GET", "POST"])
@requires(P.OUTLET_EDIT)
def edit(outlet_id: int) -> ResponseReturnValue:
    """Correct a press agency."""
    outlet = queries.get_outlet(outlet_id)
    form = OutletForm(obj=outlet)
    status, meanwhile = 200, None
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: actions.change_outlet(outlet, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show", outlet_id=outlet.id), 303)
        if status == 409:
            meanwhile = _meanwhile(outlet, form)
    return render_template("outlets/edit.html", form=form, outlet=outlet, meanwhile=meanwhile), status


@blueprint.post("/outlets/<id:outlet_id>/retire", defaults={"active": False})
@blueprint.post("/outlets/<id:outlet_id>/restore", defaults={"active": True}, endpoint="restore")
@requires(P.OUTLET_EDIT)
def retire(outlet_id: int, active: bool) -> ResponseReturnValue:
    """Take a press agency out of use, or put it in use again."""
    outlet = queries.get_outlet(outlet_id)
    actions.set_outlet_active(outlet, active, **_acting())
    db.session.commit()
    flash(_("%(name)s is in use again.", name=outlet.name) if active else _("%(name)s is retired.", name=outlet.name))
    return redirect(url_for(".show", outlet_id=outlet.id), 303)


@blueprint.route("/journalists/new", methods=["GET", "POST"])
@requires(P.OUTLET_EDIT)
def new_journalist() -> ResponseReturnValue:
    """Add a journalist, to the agency named in the address if there is one."""
    form = JournalistForm()
    status = 200
    if form.is_submitted():
        made: list[Journalist] = []
        status = attempt(form, lambda: made.append(actions.add_journalist(_journalist_facts(form), **_acting())))
        if made and status == 200:
            flash(_("%(name)s is now in the register.", name=made[0].full_name))
            return redirect(url_for(".show", outlet_id=made[0].outlet_id), 303)
    elif outlet_id := id_of("outlet"):
        outlet = queries.get_outlet(outlet_id)
        form.outlet_id.data, form.outlet_name.data = str(outlet.id), outlet.name
    return render_template("outlets/edit_journalist.html", form=form, journalist=None, meanwhile=None), status


@blueprint.get("/journalists/<id:journalist_id>")
@requires(P.OUTLET_VIEW)
def show_journalist(journalist_id: int) -> str:
    """One journalist. Contacts are shown to who handles inquiries, and it is noted who read them."""
    with_contacts = current_user.may(P.OUTLET_EDIT)
    journalist = _read(journalist_id) if with_contacts else queries.get_journalist(journalist_id)
    return render_template("outlets/show_journalist.html", journalist=journalist, with_contacts=with_contacts)


@blueprint.route("/journalists/<id:journalist_id>/edit", methods=["GET", "POST"])
@requires(P.OUTLET_EDIT)
def edit_journalist(journalist_id: int) -> ResponseReturnValue:
    """Correct a journalist."""
    submitted = request.method == "POST"
    journalist = queries.get_journalist(journalist_id) if submitted else _read(journalist_id)
    form = JournalistForm(obj=journalist, outlet_name=journalist.outlet.name)
    status, meanwhile = 200, None
    if submitted:
        version = form.version.data or 0
        facts = _journalist_facts
        status = attempt(form, lambda: actions.change_journalist(journalist, facts(form), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".show_journalist", journalist_id=journalist.id), 303)
        if status == 409:
            meanwhile = _meanwhile(journalist, form)
    return render_template(
        "outlets/edit_journalist.html", form=form, journalist=journalist, meanwhile=meanwhile
    ), status


@blueprint.post("/journalists/<id:journalist_id>/retire", defaults={"active": False})
@blueprint.post("/journalists/<id:journalist_id>/restore", defaults={"active": True}, endpoint="restore_journalist")
@requires(P.OUTLET_EDIT)
def retire_journalist(journalist_id: int, active: bool) -> ResponseReturnValue:
    """Retire a journalist, which erases the contacts; or put them in use again."""
    journalist = queries.get_journalist(journalist_id)
    actions.set_journalist_active(journalist, active, **_acting())
    db.session.commit()
    name = journalist.full_name
    said = (
        _("%(name)s is in use again.", name=name) if active else _("%(name)s is retired, contacts erased.", name=name)
    )
    flash(said)
    return redirect(url_for(".show_journalist", journalist_id=journalist.id), 303)


@blueprint.get("/outlets/lookup")
@requires(P.OUTLET_VIEW)
def lookup() -> Response:
    """The press agencies that two or more typed letters may mean, best first."""
    found = queries.suggested_outlets(text_of("q"))
    return jsonify([{"id": row.id, "label": row.name, "detail": str(OUTLET_KINDS[row.kind])} for row in found])


@blueprint.get("/journalists/lookup")
@requires(P.OUTLET_VIEW)
def lookup_journalists() -> Response:
    """The journalists that the typed letters may mean; with `outlet`, only those of this agency."""
    found = queries.suggested_journalists(text_of("q"), id_of("outlet"))
    return jsonify([{"id": row.id, "label": row.full_name, "detail": row.outlet_name} for row in found])


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _read(journalist_id: int) -> Journalist:
    """The journalist with contacts, and a line in the audit log on who read them."""
    start_writing()
    journalist = queries.get_journalist(journalist_id)
    actions.note_reading(journalist, **_acting())
    db.session.commit()
    return journalist


def _journalist_facts(form: JournalistForm) -> Any:
    outlet = queries.find_outlet_meant(form.chosen_outlet_id(), form.outlet_name.data)
    if outlet is None:
        message = N_("“%(typed)s” is not in the register. Add the press agency first.")
        raise BadInput(message, field="outlet_name", typed=form.outlet_name.data)
    return form.facts(outlet.id)


def _meanwhile(row: Outlet | Journalist, form: Any) -> dict[str, Any]:
    """What is on record now where it differs from what was typed; the form goes on from this version."""
    form.version.data, form.version.raw_data = row.version, None
    shown = [name for name in form.data if name not in ("version", "outlet_id", "csrf_token")]
    stored = {name: getattr(row, name, None) for name in shown}
    if isinstance(row, Journalist):
        stored["outlet_name"] = row.outlet.name
    return {"act": last_change_of(row), "differing": differing(form, stored, _words)}


def _words(value: Any) -> str:
    if isinstance(value, OutletKind):
        return str(OUTLET_KINDS[value])
    return write_day(value) if isinstance(value, date) else value or _("(empty)")
