"""One's own account: language, shortcuts, and the way to everything about signing in."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user

from pr_tracker import clock
from pr_tracker.accounts import actions, queries
from pr_tracker.accounts import actions_sign_in as sign_in
from pr_tracker.accounts.forms import PreferencesForm
from pr_tracker.accounts.labels import ROLES
from pr_tracker.accounts.views_acts import acting, blueprint
from pr_tracker.db import db
from pr_tracker.web.access import signed_in
from pr_tracker.web.i18n import reader_language


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Who one is here, what one has chosen, how one signs in."""
    form = PreferencesForm(
        language=current_user.language or reader_language(), shortcuts=not current_user.shortcuts_off
    )
    if form.validate_on_submit():
        chosen = {"language": form.language.data, "shortcuts_off": not form.shortcuts.data}
        actions.set_preferences(current_user._get_current_object(), **chosen, now=clock.now())
        db.session.commit()
        session.pop("language", None)
        with force_locale(form.language.data):
            flash(_("Saved."))
        return redirect(url_for(".account"), 303)
    roles = [ROLES[role] for role in ROLES if role in current_user.roles]
    passkeys = queries.passkeys_of(current_user.id)
    page = render_template("accounts/account.html", form=form, roles=roles, passkeys=passkeys)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/account/end-sessions")
@signed_in
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere else, for a device that was left signed in."""
    person = current_user._get_current_object()
    sign_in.end_sessions(person, **acting())
    login_user(person, authn_via=["change"])
    db.session.commit()
    flash(_("You are signed out on all other devices."))
    return redirect(url_for(".account"), 303)
