"""Pages of authorisations to speak: an agency's list, one authorisation, its draft in PDF, its scan."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import PAPERS, keep_file
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons import actions_authorising as actions
from pr_tracker.spokespersons import queries_rights as queries
from pr_tracker.spokespersons.documents_authorising import write_authorisation
from pr_tracker.spokespersons.forms import ScanForm
from pr_tracker.spokespersons.forms_authorising import SCAN_HINT
from pr_tracker.spokespersons.labels_names import AUTHORITY_STATE, revoke_words
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.rules_authority import AuthorityEvent, AuthorityState, Term, state_of
from pr_tracker.spokespersons.views_acts import ActPage, reader, run
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, send_kept, sent_files
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import id_of

blueprint = Blueprint("authorisations", __name__)
P = Permission
OVER = (AuthorityState.ENDED, AuthorityState.REVOKED)


@dataclass(frozen=True)
class Line:
    """An authorisation as a list shows it."""

    row: sa.Row
    state: AuthorityState
    words: str
    url: str
    matter_url: str
    why: str


@blueprint.get("/spokespersons/authorisations")
@requires(P.AUTHORITY_VIEW)
def index() -> str:
    """In force, to come and over: of the reader's agency, of every agency for who sees all inquiries."""
    now, before = clock.now(), id_of("before")
    running = [line_of(row, now) for row in queries.running(reader(), now)] if before is None else []
    over = queries.over(reader(), now, before=before)
    return render_template(
        "spokespersons/authorisations.html",
        in_force=[line for line in running if line.state is AuthorityState.IN_FORCE],
        coming=[line for line in running if line.state is not AuthorityState.IN_FORCE],
        over=[line_of(row, now) for row in over[: queries.PAGE_SIZE]],
        more=over[queries.PAGE_SIZE - 1].id if len(over) > queries.PAGE_SIZE else None,
        first=before is None,
        everywhere=reader().sees_all,
    )


def line_of(row: sa.Row, now: datetime) -> Line:
    """One row of queries_rights.listed()."""
    state = state_of(Term(row.from_at, row.until_at, row.revoked_at), row.granted_at, now)
    return Line(
        row,
        state,
        str(AUTHORITY_STATE[state]),
        url_for("authorisations.show", authorisation_id=row.id),
        f"/inquiries/{row.inquiry_id}" if row.inquiry_id else f"/incidents/{row.incident_id}",
        revoke_words(row) if state is AuthorityState.REVOKED else "",
    )


@blueprint.get("/spokespersons/authorisations/<id:authorisation_id>")
@requires(P.AUTHORITY_VIEW)
def show(authorisation_id: int) -> str:
    """One authorisation: who, for whom, in what, until when, by which paper; what the reader can do with it."""
    made, now = _visible(authorisation_id), clock.now()
    state = state_of(made.term, made.granted_at, now)
    return render_template(
        "spokespersons/authorisation.html",
        made=made,
        state=state,
        state_words=AUTHORITY_STATE[state],
        why=revoke_words(made) if state is AuthorityState.REVOKED else "",
        is_giver=made.agency.head_id == reader().id,
        is_over=state in OVER,
    )


@blueprint.get("/spokespersons/authorisations/<id:authorisation_id>/paper.pdf")
@requires(P.AUTHORITY_VIEW)
def paper(authorisation_id: int) -> Response:
    """The paper as an official draft; who printed it is in the audit log."""
    made, out = _visible(authorisation_id), BytesIO()
    write_authorisation(made, out, place=current_app.config["PR_TRACKER_PLACE"])
    start_writing()
    actions.note_reading(_visible(authorisation_id), AuthorityEvent.PRINT, actor=reader(), now=clock.now())
    db.session.commit()
    out.seek(0)
    answer = send_file(
        out, "application/pdf", as_attachment=True, download_name=f"giay-uy-quyen-phat-ngon-{authorisation_id}.pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/spokespersons/authorisations/<id:authorisation_id>/scan")
@requires(P.AUTHORITY_VIEW)
def scan(authorisation_id: int) -> Response:
    """The scan of the signed paper, to be saved; who took it is in the audit log."""
    start_writing()
    made = _visible(authorisation_id)
    if made.scan is None:
        raise NotFound(N_("This authorisation has no scan yet."))
    path, name, media_type = kept_path(made.scan), made.scan.file_name, made.scan.media_type
    actions.note_reading(made, AuthorityEvent.SCAN, actor=reader(), now=clock.now())
    db.session.commit()
    return send_kept(path, file_name=name, media_type=media_type)


@blueprint.route("/spokespersons/authorisations/<id:authorisation_id>/add-scan", methods=["GET", "POST"])
@requires(P.AUTHORITY_GRANT)
def add_scan(authorisation_id: int) -> ResponseReturnValue:
    """Keep the scan of the signed paper; for the head who signed it."""
    made, form = _visible(authorisation_id), ScanForm()
    form.scan.label.text = _("Scan of the document")
    actions.require_head(made, reader())
    back = url_for("authorisations.show", authorisation_id=made.id)
    crumbs = [(_("Authorisations to speak"), url_for("authorisations.index")), (made.matter_code, back)]
    page = ActPage(_("Add the scan of the paper"), _("Keep the scan"), crumbs, back, hints={"scan": str(SCAN_HINT)})

    def do() -> None:
        (name, content), *_more = sent_files(form.scan.data, needed=True, types=PAPERS, field="scan")
        now, by = clock.now(), reader()
        kept = keep_file(name, content, **keeping(), by=by.id, now=now, types=PAPERS, field="scan")
        actions.add_scan(queries.get_authorisation(made.id, to_change=True), kept, actor=by, now=now)

    return run(form, page, do)


def _visible(authorisation_id: int) -> Authorisation:
    return queries.get_visible(authorisation_id, reader())


@list_out(blueprint, "/spokespersons/authorisations", P.AUTHORITY_VIEW, file_name="uy-quyen-phat-ngon")
def authorisations_table() -> Table:
    """Every authorisation that the reader sees, for a spreadsheet."""
    now = clock.now()
    columns: list[Column] = [
        (_("Number of the paper"), lambda row: row.number),
        (_("Day of the paper"), lambda row: row.signed_on),
        (_("Agency"), lambda row: row.agency),
        (_("Given by"), lambda row: row.giver),
        (_("Full name"), lambda row: row.name),
        (_("Position"), lambda row: row.title),
        (_("Number of the matter"), lambda row: row.matter_code),
        (_("Matter"), lambda row: row.matter_title),
        (_("From"), lambda row: row.from_at),
        (_("Until"), lambda row: row.until_at),
        (_("State"), lambda row: line_of(row, now).words),
        (_("Revoked at"), lambda row: row.revoked_at),
        (_("Reason"), lambda row: row.revoke_reason),
    ]
    return of_query(_("Authorisations to speak"), queries.all_listed(reader()), columns)
