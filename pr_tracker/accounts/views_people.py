"""Pages for administrators: people and their roles, and help with signing in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts import actions, mail, queries
from pr_tracker.accounts import actions_sign_in as sign_in
from pr_tracker.accounts.forms import PersonForm
from pr_tracker.accounts.labels import ROLES
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AccountEvent
from pr_tracker.accounts.views_acts import acting, attempt, blueprint, meanwhile
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import id_of, text_of

P = Permission
FIELDS = ("full_name", "title", "email", "phone", "agency_id", "roles", "active")
COLUMNS = tuple(name for name in FIELDS if name != "roles")


@blueprint.get("/people")
@requires(P.ACCOUNT_MANAGE)
def people() -> str:
    """People in order of given name, narrowed by what is typed, by agency, and by whether they may sign in."""
    search, agency_id = text_of("q"), id_of("agency")
    active = request.args.get("state") != "inactive"
    page = queries.people_page(search, agency_id, active=active, after=id_of("after"), before=id_of("before"))
    kept = {name: value for name, value in request.args.items() if name in ("q", "agency", "state") and value}
    return render_template(
        "accounts/people.html",
        page=page,
        search=search,
        agency_id=agency_id,
        active=active,
        agencies=queries.agencies_for_choice(),
        kept=kept,
        role_names=ROLES,
    )


@list_out(blueprint, "/people", P.ACCOUNT_MANAGE, file_name="nguoi-dung")
def people_table() -> Table:
    """People as the filter narrows the list."""
    roles = queries.all_roles()
    columns: list[Column] = [
        (_("Full name"), lambda row: row.full_name),
        (_("Position"), lambda row: row.title),
        (_("Agency"), lambda row: row.agency),
        (_("Email"), lambda row: row.email),
        (_("Phone"), lambda row: row.phone),
        (_("Roles"), lambda row: ", ".join(str(ROLES[role]) for role in roles.get(row.id, ()))),
        (_("Account since"), lambda row: row.created_at),
    ]
    active = request.args.get("state") != "inactive"
    return of_query(_("People"), queries.people_listed(text_of("q"), id_of("agency"), active=active), columns)


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE)
def new_person() -> ResponseReturnValue:
    """Add a person; a link to set the password goes to them by mail."""
    form = PersonForm() if request.method == "POST" else PersonForm(agency_id=id_of("agency"))
    status = 200
    if form.is_submitted():
        made: list[Person] = []
        status = attempt(form, lambda: made.append(_add(form)))
        if made and status == 200:
            if form.invite.data:
                mail.send_password_link(made[0])
            flash(_("%(name)s has an account now.", name=made[0].full_name))
            return redirect(url_for(".person", person_id=made[0].id), 303)
    return render_template("accounts/person.html", form=form, person=None, meanwhile=None), status


def _add(form: PersonForm) -> Person:
    agency = queries.get_agency(form.agency_id.data)
    values = {name: form[name].data for name in ("full_name", "title", "email", "phone")}
    person = actions.add_person(**values, agency=agency, roles=set(form.roles.data), **acting())
    if form.invite.data:
        sign_in.note(AccountEvent.LINK_SENT, person, **acting())
    return person


@blueprint.route("/people/<id:person_id>", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE)
def person(person_id: int) -> ResponseReturnValue:
    """One person: what is on record, roles, and help with signing in."""
    shown = queries.get_person(person_id, for_change=request.method == "POST")
    form = PersonForm(person=shown)
    status, changed = 200, None
    if form.is_submitted():
        status = attempt(form, lambda: _change(shown, form))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".person", person_id=shown.id), 303)
        if status == 409:
            changed = meanwhile(shown, form, FIELDS)
    help_with = {
        "closed_until": queries.closed_until(shown.email, clock.now()),
        "passkeys": len(queries.passkeys_of(shown.id)),
    }
    return render_template("accounts/person.html", form=form, person=shown, meanwhile=changed, **help_with), status


def _change(person: Person, form: PersonForm) -> None:
    values = {name: form[name].data for name in COLUMNS}
    queries.get_agency(values["agency_id"])
    actions.change_person(person, version=form.version.data or 0, roles=set(form.roles.data), **values, **acting())


@blueprint.post("/people/<id:person_id>/unlock")
@requires(P.ACCOUNT_MANAGE)
def unlock(person_id: int) -> ResponseReturnValue:
    """Open sign-in again after repeated failures."""
    person = queries.get_person(person_id)
    sign_in.unlock(person, **acting())
    db.session.commit()
    flash(_("%(name)s may try to sign in again.", name=person.full_name))
    return redirect(url_for(".person", person_id=person.id), 303)


@blueprint.post("/people/<id:person_id>/send-link")
@requires(P.ACCOUNT_MANAGE)
def send_link(person_id: int) -> ResponseReturnValue:
    """Send a link with which the person sets a password."""
    person = queries.get_person(person_id)
    sign_in.note(AccountEvent.LINK_SENT, person, **acting())
    db.session.commit()
    mail.send_password_link(person)
    flash(_("A link to set the password was sent to %(email)s.", email=person.email))
    return redirect(url_for(".person", person_id=person.id), 303)


@blueprint.post("/people/<id:person_id>/reset-sign-in")
@requires(P.ACCOUNT_MANAGE)
def reset_sign_in(person_id: int) -> ResponseReturnValue:
    """For a lost phone: away with authenticator app, recovery codes and passkeys."""
    person = queries.get_person(person_id)
    sign_in.reset_sign_in_steps(person, **acting())
    db.session.commit()
    flash(_("%(name)s now signs in with the password only.", name=person.full_name))
    if person.id == current_user.id:
        return redirect(url_for("security.login"), 303)
    return redirect(url_for(".person", person_id=person.id), 303)
