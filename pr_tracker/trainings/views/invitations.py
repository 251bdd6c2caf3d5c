"""Invitations to a class, for trainers: quotas, whom agencies named, who waits, the letters, what was answered."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.labels import AGENCY_KINDS
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput
from pr_tracker.notices.labels import MAIL_STATES
from pr_tracker.permissions import Permission
from pr_tracker.trainings.actions import inviting, naming, waiting
from pr_tracker.trainings.forms.invitations import LetterForm
from pr_tracker.trainings.labels_invitations import REPLIES
from pr_tracker.trainings.queries import invitations as queries
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_invitations import MOST_SEATS
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("invitations", __name__)
P = Permission


@blueprint.get("/trainings/classes/<id:class_id>/invitations")
@requires(P.TRAINING_VIEW)
def index(class_id: int) -> str:
    """Places, agencies, the waiting list, and what everybody answered."""
    one = get_class(class_id)
    people = queries.people_of_agency(class_id)
    ids = [row.id for row in people]
    return render_template(
        "trainings/invitations.html",
        training_class=one,
        places=queries.places_of(one),
        agencies=[row for row in queries.agencies_with_quotas(class_id) if row.seats or row.people],
        people=[row for row in people if row.active and row.waiting_at is None],
        waiting=sorted((row for row in people if row.active and row.waiting_at), key=lambda row: row.waiting_at),
        apologies=queries.apologies_of(ids),
        mails=queries.mails_of(class_id),
        replies=REPLIES,
        states=MAIL_STATES,
        over=queries.is_over(one, clock.now()),
    )


@blueprint.route("/trainings/classes/<id:class_id>/quotas", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def quotas(class_id: int) -> ResponseReturnValue:
    """How many people each agency may name; a number can be filled in for all agencies of a kind at once."""
    one = get_class(class_id)
    rows = queries.agencies_with_quotas(class_id)
    typed = {row.id: str(row.seats or "") for row in rows}
    problem, wrong, status = None, set[int](), 200
    if request.method == "POST":
        typed = {row.id: request.form.get(f"seats-{row.id}", "").strip()[:9] for row in rows}
        if request.form.get("act") == "fill":
            typed = _filled(rows, typed)
        else:
            try:
                changed = waiting.set_quotas(one, _numbers(rows, typed, wrong), **_acting())
                db.session.commit()
                flash(ngettext("%(num)d quota changed.", "%(num)d quotas changed.", changed))
                return redirect(url_for(".index", class_id=class_id), 303)
            except BadInput as refusal:
                db.session.rollback()
                problem, status = say(refusal), 422
    kinds = {kind: AGENCY_KINDS[kind] for kind in AgencyKind if any(row.kind is kind for row in rows)}
    page = render_template(
        "trainings/quotas.html",
        training_class=get_class(class_id),
        rows=rows,
        typed=typed,
        kinds=kinds,
        problem=problem,
        wrong=wrong,
        fill={kind: request.form.get(f"fill-{kind}", "")[:9] for kind in kinds},
    )
    return page, status


def _filled(rows: Any, typed: dict[int, str]) -> dict[int, str]:
    """The empty places filled with the number typed for the kind of agency."""
    by_kind = {kind: request.form.get(f"fill-{kind}", "").strip()[:9] for kind in AgencyKind}
    return {row.id: typed[row.id] or by_kind[row.kind] for row in rows}


def _numbers(rows: Any, typed: dict[int, str], wrong: set[int]) -> dict[int, int]:
    """What was typed as numbers; the agencies where it is none are put into `wrong`. Raises BadInput then."""
    numbers: dict[int, int] = {}
    for row in rows:
        raw = typed[row.id] or "0"
        if raw.isascii() and raw.isdigit() and int(raw) <= MOST_SEATS:
            numbers[row.id] = int(raw)
        else:
            wrong.add(row.id)
    if wrong:
        raise BadInput(N_("A quota is a number from 0 to %(most)s."), most=MOST_SEATS)
    return numbers


@blueprint.post("/trainings/classes/<id:class_id>/quotas/ask")
@requires(P.TRAINING_EDIT)
def ask(class_id: int) -> ResponseReturnValue:
    """Ask the agencies that have places left to name people."""
    asked = naming.ask_agencies(get_class(class_id), **_acting())
    db.session.commit()
    flash(ngettext("%(num)d agency is asked to name people.", "%(num)d agencies are asked to name people.", asked))
    return redirect(url_for(".index", class_id=class_id), 303)


@blueprint.post("/trainings/classes/<id:class_id>/invitations/send")
@requires(P.TRAINING_EDIT)
def send(class_id: int) -> ResponseReturnValue:
    """Invite everybody who has a place and was not invited yet."""
    sent = inviting.invite_new(get_class(class_id), **_acting())
    db.session.commit()
    _say_sent(sent)
    return redirect(url_for(".index", class_id=class_id), 303)


@blueprint.post("/trainings/participants/<id:participant_id>/invite")
@requires(P.TRAINING_EDIT)
def send_one(participant_id: int) -> ResponseReturnValue:
    """Send one person the invitation, also once more."""
    one = get_participant(participant_id)
    sent = inviting.invite_again(one, **_acting())
    db.session.commit()
    _say_sent(sent)
    return redirect(url_for(".index", class_id=one.class_id), 303)


@blueprint.post("/trainings/participants/<id:participant_id>/seat")
@requires(P.TRAINING_EDIT)
def seat(participant_id: int) -> ResponseReturnValue:
    """Give somebody who waits a place before their turn."""
    one = get_participant(participant_id)
    waiting.give_place(one, **_acting())
    db.session.commit()
    flash(_("%(name)s has a place now and is told so.", name=one.full_name))
    return redirect(url_for(".index", class_id=one.class_id), 303)


@blueprint.route("/trainings/classes/<id:class_id>/invitations/letter", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def letter(class_id: int) -> ResponseReturnValue:
    """What the letters say besides the plan, and their number once they are signed."""
    one, row = get_class(class_id), queries.invitation_of(class_id)
    form, status = LetterForm(obj=row), 200
    if form.is_submitted():
        version = form.version.data or 0
        status = attempt(form, lambda: inviting.write_letter(one, form.facts(), version=version, **_acting()))
        if status == 200:
            flash(_("Saved."))
            return redirect(url_for(".index", class_id=class_id), 303)
        if status == 409:
            form.version.data, form.version.raw_data = queries.invitation_of(class_id).version, None
    return render_template("trainings/letter.html", form=form, training_class=get_class(class_id)), status


def _say_sent(sent: inviting.Sent) -> None:
    if sent.told:
        flash(ngettext("%(num)d invitation goes out.", "%(num)d invitations go out.", sent.told))
    if sent.by_hand:
        words = ngettext(
            "%(num)d person has no e-mail address: print the letter.",
            "%(num)d people have no e-mail address: print their letters.",
            sent.by_hand,
        )
        flash(words, "warning")


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


@list_out(blueprint, "/trainings/classes/<id:class_id>/invitations", P.TRAINING_VIEW, file_name="giay-moi")
def invitations_table(class_id: int) -> Table:
    """Who was named, invited, waits, and what everybody answered, for a spreadsheet."""
    one, mailed = get_class(class_id), current_user.may(P.TRAINING_EDIT)
    rows = [row for row in queries.people_of_agency(class_id) if row.active]
    return of_rows(f"{_('Invitations')}: {one.course.title}, {one.name}", rows, columns_of_people(mailed))


def columns_of_people(with_contacts: bool) -> list[Column]:
    """What a table says of people who are named for a class."""
    columns: list[Column] = [
        (_("Code"), lambda row: row_code(row.number)),
        (_("Full name"), lambda row: row.full_name),
        (_("Position"), lambda row: row.title),
        (_("Agency"), lambda row: row.agency_name),
        (_("Waiting since"), lambda row: row.waiting_at),
        (_("Invited at"), lambda row: row.invited_at),
        (_("Reply"), lambda row: REPLIES[row.reply]),
        (_("Reason"), lambda row: row.reply_reason),
        (_("Replied at"), lambda row: row.replied_at),
        (_("In place of"), lambda row: row.former_name),
    ]
    if with_contacts:
        columns += [(_("Phone"), lambda row: row.phone), (_("E-mail"), lambda row: row.email)]
    return columns
