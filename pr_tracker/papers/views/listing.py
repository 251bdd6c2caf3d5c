"""The papers that were issued: the list, one paper, its file again, withdraw it, sign several in one go."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.queries import agencies_for_choice
from pr_tracker.codes import show_code
from pr_tracker.config import PREFIX, WrongSetting
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, DomainError, NotAllowed, NotFound
from pr_tracker.papers import actions, jobs, labels, queries
from pr_tracker.papers.actions import Issued
from pr_tracker.papers.forms import WithdrawForm
from pr_tracker.papers.models import Paper
from pr_tracker.papers.queries import Filters
from pr_tracker.papers.rules import MOST_SIGNED, PaperKind, Status, kinds_for, status_of
from pr_tracker.papers.signing import Certificate, WrongCertificate, read_certificate
from pr_tracker.permissions import Permission, granted
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.errors import say
from pr_tracker.web.files import kept_path, send_kept
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import address_of, cursor_asked, day_of, id_of, member_of, text_of
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("paper_list", __name__)
P = Permission
KEPT_NAMES = ("q", "kind", "status", "unsigned", "agency", "from", "to")


def install(app: Flask) -> None:
    """Read the certificate for signing, where one is set. Raises WrongSetting with one sentence."""
    path, password = app.config["PR_TRACKER_SIGN_P12"], app.config["PR_TRACKER_SIGN_PASSWORD"]
    app.extensions["signing_certificate"] = None
    if path:
        try:
            app.extensions["signing_certificate"] = read_certificate(Path(path), password)
        except WrongCertificate as wrong:
            raise WrongSetting(f"{PREFIX}SIGN_P12 {wrong}.") from None


def send_issued(issued: Issued, file_name: str) -> Response:
    """A paper that was just issued, to be saved."""
    answer = Response(issued.content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/papers")
@requires(P.PAPER_VIEW)
def index() -> str:
    """What was issued, the newest first."""
    filters = filters_asked()
    page = queries.page(_reader(), filters, cursor_asked())
    kept: dict[str, Any] = {name: value for name in KEPT_NAMES if (value := text_of(name))}
    return render_template(
        "papers/index.html",
        rows=[(row, status(row), show_code(row.code)) for row in page.rows],
        filters=filters,
        kept=kept,
        kinds=kinds_for(granted(current_user.roles)),
        agencies=agencies_for_choice() if current_user.sees_all else [],
        labels=labels,
        statuses=Status,
        signs=_may_sign(),
        older=url_for("paper_list.index", **kept | address_of(page.older)) if page.older else None,
        newer=url_for("paper_list.index", **kept | address_of(page.newer)) if page.newer else None,
    )


@list_out(blueprint, "/papers", P.PAPER_VIEW, file_name="van-ban-da-lap")
def papers_out() -> Table:
    """The same list as a spreadsheet."""
    columns: list[Column] = [
        (_("Name of the paper"), lambda row: row.title),
        (_("Kind of paper"), lambda row: str(labels.KINDS[row.kind])),
        (_("Code"), lambda row: show_code(row.code)),
        (_("Agency"), lambda row: row.agency),
        (_("Issued"), lambda row: row.issued_at),
        (_("Issued by"), lambda row: row.issued_by),
        (_("State"), lambda row: str(labels.STATUSES[status(row)])),
        (_("Superseded since"), lambda row: row.superseded_at),
        (_("Withdrawn since"), lambda row: row.withdrawn_at),
        (_("Reason of the withdrawal"), lambda row: row.withdrawn_because),
        (_("Signed electronically"), lambda row: row.signed_at),
        (_("Signed as"), lambda row: row.signed_as),
        (_("Size in octets"), lambda row: row.size),
        (_("Fingerprint of the file (SHA-256)"), lambda row: row.digest),
    ]
    return of_query(_("Papers issued"), queries.papers_listed(_reader(), filters_asked()), columns)


@blueprint.get("/papers/<id:paper_id>")
@requires(P.PAPER_VIEW)
def show(paper_id: int) -> str:
    """One paper: what it is, whether it holds, what may be done with it."""
    paper = queries.get_visible(paper_id, _reader())
    return render_template(
        "papers/show.html",
        paper=paper,
        code=show_code(paper.code),
        labels=labels,
        signs=_may_sign() and paper.status is Status.VALID and paper.signed_at is None and paper.file_id is not None,
        successor=queries.successor_of(paper),
        former=db.session.get(Paper, paper.replaces_id) if paper.replaces_id else None,
        days=current_app.config["PR_TRACKER_KEEP_PAPERS_DAYS"],
    )


@blueprint.get("/papers/<id:paper_id>/file")
@requires(P.PAPER_VIEW)
def file(paper_id: int) -> Response:
    """Its file, byte for byte as it was issued; it is noted who took it."""
    start_writing()
    paper = queries.get_visible(paper_id, _reader())
    if paper.file is None:
        raise NotFound(N_("The file of this paper is no longer kept."))
    path, name = kept_path(paper.file), paper.file.file_name
    actions.note_taken(paper, **_acting())
    db.session.commit()
    return send_kept(path, file_name=name, media_type="application/pdf")


@blueprint.route("/papers/<id:paper_id>/withdraw", methods=["GET", "POST"])
@requires(P.PAPER_WITHDRAW)
def withdraw(paper_id: int) -> ResponseReturnValue:
    """Say that it must no longer be used."""
    paper = queries.get_visible(paper_id, _reader())
    form, done = WithdrawForm(seen=paper.version), 200
    if form.is_submitted():
        seen, reason = form.seen_version, form.reason.data or ""
        done = attempt(form, lambda: actions.withdraw(paper, reason, seen=seen, **_acting()))
        if done == 200:
            flash(_("The paper is withdrawn; whoever checks it is told so."))
            return redirect(url_for("paper_list.show", paper_id=paper_id), 303)
    if done == 409:
        db.session.refresh(paper)
        form.show(paper.version)
    page = render_template("papers/withdraw.html", paper=paper, form=form, code=show_code(paper.code), labels=labels)
    return page, done


@blueprint.post("/papers/sign")
@requires(P.PAPER_SIGN)
@only_reads
def sign() -> ResponseReturnValue:
    """Sign the ticked papers, one after the other; what cannot be signed is said, the others are signed."""
    if not _may_sign():
        raise NotAllowed(N_("Papers are signed by the office of the province, where a certificate is set."))
    asked = [each for each in request.form.getlist("paper")[:MOST_SIGNED] if each.isascii() and each.isdigit()]
    ids = queries.seen_of([int(each) for each in asked if len(each) < 10], _reader())
    if not ids:
        flash(_("Tick at least one paper to sign."), "warning")
    signed = sum(map(_sign_one, ids))
    if signed:
        flash(ngettext("%(num)d paper is signed.", "%(num)d papers are signed.", signed), "success")
    return redirect(url_for("paper_list.show", paper_id=ids[0]) if len(ids) == 1 else url_for("paper_list.index"), 303)


def _sign_one(paper_id: int) -> bool:
    """Sign while others may write, then put it on record in a transaction of its own; a refusal is said."""
    desk, now, certificate = jobs.desk(), clock.now(), _certificate()
    assert certificate is not None
    paper = queries.get_visible(paper_id, _reader())
    title, seen, visible = paper.title, paper.version, current_app.config["PR_TRACKER_SIGN_VISIBLE"]
    try:
        content = actions.signed_content(paper, certificate, visible=visible, now=now, desk=desk)
        start_writing()
        paper = queries.get_visible(paper_id, _reader())
        former = actions.keep_signed(paper, content, name=certificate.name, seen=seen, desk=desk, **_acting())
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        flash(f"{title}: {say(refusal)}", "warning")
        return False
    jobs.remove(desk.folder, [former] if former else [])
    return True


def filters_asked() -> Filters:
    """What the address bar narrows the list to."""
    return Filters(
        text=text_of("q"),
        kind=member_of("kind", PaperKind),
        status=member_of("status", Status),
        unsigned=bool(text_of("unsigned")),
        agency_id=id_of("agency"),
        since=day_of("from"),
        until=day_of("to"),
    )


def status(row: Any) -> Status:
    """What has become of the paper of a row."""
    return status_of(superseded=row.superseded_at is not None, withdrawn=row.withdrawn_at is not None)


def _reader() -> Person:
    person: Person = current_user._get_current_object()
    return person


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _certificate() -> Certificate | None:
    found: Certificate | None = current_app.extensions["signing_certificate"]
    return found


def _may_sign() -> bool:
    """In the province's office, by who may sign, where a certificate is set: else nothing of signing is seen."""
    of_province = current_user.agency.kind.sees_whole_province
    return _certificate() is not None and of_province and bool(current_user.may(P.PAPER_SIGN))
