"""Pages for administrators: the tree of agencies."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.forms import AgencyForm
from pr_tracker.accounts.labels import AGENCY_KINDS, SIGNING_FORMS
from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.views_acts import acting, attempt, blueprint, meanwhile
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import id_of

P = Permission
COLUMNS = ("name", "short_name", "code", "kind", "superior_id", "signing_form")
FIELDS = (*COLUMNS, "head_id", "second_approval", "active")


@blueprint.get("/agencies")
@requires(P.ACCOUNT_MANAGE)
def agencies() -> str:
    """All agencies, each below its superior."""
    return render_template(
        "accounts/agencies.html", branches=queries.agency_tree(), kinds=AGENCY_KINDS, signing_forms=SIGNING_FORMS
    )


@list_out(blueprint, "/agencies", P.ACCOUNT_MANAGE, file_name="co-quan")
def agencies_table() -> Table:
    """All agencies, in the order of the page."""
    rows = [branch.row for branch in queries.agency_tree()]
    names = {row.id: row.name for row in rows}
    columns: list[Column] = [
        (_("Code"), lambda row: row.code),
        (_("Name"), lambda row: row.name),
        (_("Short name"), lambda row: row.short_name),
        (_("Kind"), lambda row: AGENCY_KINDS[row.kind]),
        (_("Superior agency"), lambda row: names.get(row.superior_id, "")),
        (_("Signing"), lambda row: SIGNING_FORMS[row.signing_form]),
        (_("Head"), lambda row: row.head),
        (_("People"), lambda row: row.people),
        (_("In use"), lambda row: _("yes") if row.active else _("no")),
    ]
    return of_rows(_("Agencies"), rows, columns)


@blueprint.route("/agencies/new", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE)
def new_agency() -> ResponseReturnValue:
    """Add an agency below another."""
    form = AgencyForm() if request.method == "POST" else AgencyForm(superior_id=id_of("below"), signing_form="head")
    status = 200
    if form.is_submitted():
        made: list[Agency] = []
        status = attempt(form, lambda: made.append(_add(form)))
        if made and status == 200:
            flash(_("%(name)s is now in the tree.", name=made[0].name))
            return redirect(url_for(".agencies"), 303)
    return render_template("accounts/agency.html", form=form, agency=None, meanwhile=None), status


def _add(form: AgencyForm) -> Agency:
    values = {name: form[name].data for name in COLUMNS if name != "superior_id"}
    superior = queries.get_agency(form.superior_id.data) if form.superior_id.data else None
    return actions.add_agency(**values, superior=superior, **acting())


@blueprint.route("/agencies/<id:agency_id>", methods=["GET", "POST"])
@requires(P.ACCOUNT_MANAGE)
def agency(agency_id: int) -> ResponseReturnValue:
    """One agency: what is on record, its head, whether it is in use."""
    shown = queries.get_agency(agency_id, for_change=request.method == "POST")
    form = AgencyForm(agency=shown)
    status, changed = 200, None
    if form.is_submitted():
        values = {name: form[name].data for name in FIELDS}
        version = form.version.data or 0
        values["head_since"] = form.head_since.data
        status = attempt(form, lambda: actions.change_agency(shown, version=version, **values, **acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".agencies"), 303)
        if status == 409:
            changed = meanwhile(shown, form, FIELDS)
    return render_template("accounts/agency.html", form=form, agency=shown, meanwhile=changed), status
