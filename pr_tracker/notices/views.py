"""The bell, what one chooses about it, one's own calendar link, and for administrators what was sent to whom."""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.limits import limiter
from pr_tracker.accounts.models import Person
from pr_tracker.audit.labels import thing_words
from pr_tracker.db import db
from pr_tracker.notices import actions, labels, queries
from pr_tracker.notices.documents import write_feed
from pr_tracker.notices.forms import ChoicesForm
from pr_tracker.notices.models import CalendarFeed
from pr_tracker.notices.rules import MOST_TOLD, Choices, FeedEntry, MailState, NoticeKind, feed_token, nonce_in
from pr_tracker.permissions import Permission
from pr_tracker.web.access import public, requires, signed_in
from pr_tracker.web.health import Health
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.navigation import waiting
from pr_tracker.web.parameters import LARGEST_ID, id_of, member_of, text_of
from pr_tracker.web.views import local_path

blueprint = Blueprint("notices", __name__)
WRONG_LINKS = "600 per hour"  # from one address; calendar programs go on asking for a link that was revoked
FeedSource = Callable[[Person, datetime], Iterable[FeedEntry]]


def install(app: Flask, feeds: tuple[FeedSource, ...]) -> None:
    """Give every page its bell, and calendars what features have to put into them."""
    app.extensions["calendar_feeds"] = feeds
    app.extensions.setdefault("waiting", {})["notices"] = lambda _person: queries.unread()
    app.jinja_env.globals["unread_notices"] = lambda: waiting("notices")
    app.jinja_env.globals["most_told"] = MOST_TOLD


@blueprint.get("/notices")
@signed_in
def index() -> str:
    """What one was told, newest first: all of it, or what is unread."""
    unread = request.args.get("show") == "unread"
    page = queries.own_page(current_user.id, unread=unread, before=id_of("before"), after=id_of("after"))
    return render_template(
        "notices/index.html", page=page, unread=unread, kept={"show": "unread"} if unread else {}, words=labels
    )


@blueprint.post("/notices/<id:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go to what a notice is about; it is read then."""
    notice = queries.get_own(current_user.id, notice_id)
    actions.mark_read([notice], clock.now())
    db.session.commit()
    return redirect(local_path(notice.path), 303)


@blueprint.post("/notices/<id:notice_id>/read")
@signed_in
def read(notice_id: int) -> ResponseReturnValue:
    """Mark one notice as read, and stay."""
    actions.mark_read([queries.get_own(current_user.id, notice_id)], clock.now())
    db.session.commit()
    return redirect(local_path(request.form.get("next") or url_for(".index")), 303)


@blueprint.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark everything as read that was there when the page was made."""
    newest = request.form.get("newest", type=int) or LARGEST_ID
    actions.mark_all_read(current_user, max(0, min(newest, LARGEST_ID)), clock.now())
    db.session.commit()
    flash(_("All notices are marked as read."))
    return redirect(url_for(".index"), 303)


@blueprint.route("/notices/settings", methods=["GET", "POST"])
@signed_in
def settings() -> ResponseReturnValue:
    """What comes by mail, and the private calendar link."""
    form = ChoicesForm(obj=queries.choices_of(current_user.id))
    if form.validate_on_submit():
        chosen = Choices(form.reminders_by_mail.data, form.digest.data)
        actions.choose(current_user._get_current_object(), chosen, now=clock.now())
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for(".settings"), 303)
    feed = queries.find_feed(current_user.id)
    page = render_template("notices/settings.html", form=form, feed=feed, link=_link(feed) if feed else None)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/notices/calendar")
@signed_in
def make_calendar() -> ResponseReturnValue:
    """A new calendar link; the one before opens nothing any more."""
    actions.make_feed(current_user._get_current_object(), now=clock.now())
    db.session.commit()
    flash(_("The calendar link is made. An earlier one no longer works."))
    return redirect(url_for(".settings"), 303)


@blueprint.post("/notices/calendar/revoke")
@signed_in
def revoke_calendar() -> ResponseReturnValue:
    """The calendar link opens nothing any more."""
    actions.revoke_feed(current_user._get_current_object(), now=clock.now())
    db.session.commit()
    flash(_("The calendar link no longer works."))
    return redirect(url_for(".settings"), 303)


@blueprint.get("/calendar/<token>.ics")
@public
@limiter.limit(WRONG_LINKS, deduct_when=lambda response: response.status_code == 404)
def calendar(token: str) -> Response:
    """A person's due times, for whoever has the link; a wrong or revoked link is not there."""
    nonce = nonce_in(str(current_app.secret_key), token)
    person = queries.feed_owner(nonce) if nonce else None
    if person is None:
        abort(404)
    now = clock.now()
    base = _base()
    with force_locale(person.language or current_app.config["PR_TRACKER_LANGUAGE"]):
        name = _("Due times, %(name)s", name=person.full_name)
        entries = [entry for source in current_app.extensions["calendar_feeds"] for entry in source(person, now)]
        file = write_feed(entries, name=name, base=base, domain=urlsplit(base).hostname or "localhost", now=now)
    response = Response(file, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/notices/sent")
@requires(Permission.NOTICE_SENT_VIEW)
def sent() -> str:
    """What was sent to whom and when, newest first; about a case its number, never its subject."""
    wanted = _wanted()
    page = queries.sent_page(wanted, before=id_of("before"), after=id_of("after"))
    kept = {name: value for name, value in request.args.items() if name in ("person", "kind", "state") and value}
    return render_template(
        "notices/sent.html",
        page=page,
        wanted=wanted,
        kept=kept,
        kinds=labels.KINDS,
        states=labels.MAIL_STATES,
        thing=_thing,
        troubles=labels.sender_words(queries.health(clock.now())),
        mail_server=current_app.config["MAIL_SERVER"],
    )


def _wanted() -> queries.Wanted:
    return queries.Wanted(text_of("person"), member_of("kind", NoticeKind), member_of("state", MailState))


@list_out(blueprint, "/notices/sent", Permission.NOTICE_SENT_VIEW, file_name="thong-bao-da-gui")
def sent_table() -> Table:
    """What was sent, as the filter narrows it."""
    columns: list[Column] = [
        (_("Time"), lambda row: row.created_at),
        (_("To whom"), lambda row: row.person),
        (_("Address"), lambda row: row.address),
        (_("In place of"), lambda row: row.instead_of),
        (_("Kind of notice"), lambda row: labels.KINDS[row.kind]),
        (_("About"), _thing),
        (_("Read at"), lambda row: row.read_at),
        (_("Mail"), lambda row: labels.MAIL_STATES[row.mail_state]),
        (_("Mail sent at"), lambda row: row.mail_sent_at),
        (_("Attempts"), lambda row: row.mail_attempts),
        (_("Error of the mail server"), lambda row: row.mail_error),
    ]
    return of_query(_("What was sent"), queries.sent_listed(_wanted()), columns)


def _thing(row: sa.Row) -> str:
    """What a notice is about, without the subject: a number, a kind, how much a digest had."""
    if row.kind is NoticeKind.DIGEST:
        return labels.sentence(row.kind, row.data)
    return labels.code_words(row.data) or thing_words(row.about_kind, row.about_id)


def health(now: datetime) -> Health:
    """Whether the sender runs, and whether mail stays behind."""
    found = labels.sender_words(queries.health(now))
    if not found:
        return Health(True, _("Notices are sent: the sender runs, no mail stays behind."))
    return Health(False, " ".join(found), url_for("notices.sent"), _("What was sent"))


@blueprint.post("/notices/<id:notice_id>/send-again")
@requires(Permission.NOTICE_SENT_VIEW)
def send_again(notice_id: int) -> ResponseReturnValue:
    """Try a mail that failed anew."""
    actions.send_again(queries.get_failed(notice_id), actor=current_user, now=clock.now())
    db.session.commit()
    flash(_("The mail goes out with the next pass, within a minute."))
    return redirect(url_for(".sent", state=MailState.FAILED), 303)


def _link(feed: CalendarFeed) -> str:
    return f"{_base()}{url_for('.calendar', token=feed_token(str(current_app.secret_key), feed.nonce))}"


def _base() -> str:
    return current_app.config["PR_TRACKER_PUBLIC_URL"] or request.host_url.rstrip("/")
