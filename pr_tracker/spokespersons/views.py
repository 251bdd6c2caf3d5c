"""The register of spokespersons for those who keep it: one agency with who held which role when, and its acts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.queries import get_agency, tenures_of
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db, start_writing
from pr_tracker.files import PAPERS
from pr_tracker.office_time import in_office, office_day, write_day, write_time
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons import actions, labels, labels_names, queries, queries_rights
from pr_tracker.spokespersons.forms import CorrectForm, EndForm, LinkForm, MomentForm, ScanForm, named_choices
from pr_tracker.spokespersons.models import SpokespersonDecision
from pr_tracker.spokespersons.rules import PUBLISHED, PublicationClock, SpokespersonEvent, may_be_named
from pr_tracker.spokespersons.rules_authority import Right, RightKind
from pr_tracker.spokespersons.views_acts import BOTH, UNPROCESSABLE, ActPage, reader, register_crumb, run
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, kept_path, send_kept, sent_files

blueprint = Blueprint("spokespersons", __name__)
P = Permission
# Where the publication of these decisions stands now, by decision: the feature that keeps the clock says so.
Publications = Callable[[Sequence[int], datetime], Mapping[int, PublicationClock]]


def install(app: Flask, publications: Publications) -> None:
    """Make known who keeps the clock of publication."""
    app.extensions["publications"] = publications


@blueprint.get("/spokespersons/agencies/<id:agency_id>")
@requires(P.SPOKESPERSON_VIEW)
def agency(agency_id: int) -> str:
    """Who heads an agency and who speaks for it, who did so when, the papers, and where each publication stands."""
    now, shown = clock.now(), get_agency(agency_id)
    decisions = queries.decisions_of(shown.id)
    tenures = tenures_of(shown.id)
    return render_template(
        "spokespersons/agency.html",
        agency=shown,
        tenures=tenures,
        head=next((row for row in tenures if row.until_at is None), None),
        standing=[one for one in decisions if one.ended_at is None or one.ended_at > now],
        ended=[one for one in decisions if one.ended_at is not None and one.ended_at <= now],
        gone={one.id for one in decisions if not _still_speaks(one, shown)},
        authorised=_authorised(shown.id, now),
        clocks=current_app.extensions["publications"]([one.id for one in decisions], now),
        history=_history(decisions),
        may_keep=queries.may_keep(reader(), shown),
    )


def _still_speaks(decision: SpokespersonDecision, agency: Agency) -> bool:
    """Whether the person still works where the agency's spokespersons do; unknown while nobody is linked."""
    person = decision.person
    if person is None:
        return True
    return person.active and may_be_named(agency.kind, agency.id, person.agency.kind, person.agency_id)


def _authorised(agency_id: int, now: datetime) -> list[tuple[Right, str]]:
    """Who may speak for the agency in one matter now, with the ground."""
    rights = queries_rights.rights_at([agency_id], None, now)
    own = [right for right in rights if right.kind is RightKind.AUTHORISED]
    return [(right, labels_names.ground_words(right)) for right in own]


@blueprint.get("/spokespersons/at")
@requires(P.SPOKESPERSON_VIEW)
def at() -> ResponseReturnValue:
    """Who could speak for an agency at a moment, now or in the past, and by what right. The form is the address."""
    form = MomentForm(request.args, meta={"csrf": False})
    form.offer(queries.agencies_ever())
    if not request.args.get("moment"):
        form.moment.process(None, clock.now())
    if not request.args.get("agency"):
        form.agency.data = reader().agency_id
    groups: list[Any] = []
    if fits := form.validate():
        moment = form.moment.data
        assert moment is not None
        asked = [get_agency(form.agency.data), *queries.provinces()]
        rights = queries_rights.rights_at({one.id for one in asked}, None, moment)
        for one in {each.id: each for each in asked}.values():
            own = [right for right in rights if right.agency_id == one.id]
            groups.append((one, [(right, labels_names.ground_words(right)) for right in own]))
    return render_template("spokespersons/at.html", form=form, groups=groups), 200 if fits else UNPROCESSABLE


def _history(decisions: Sequence[SpokespersonDecision]) -> list[dict[str, Any]]:
    """What happened to the decisions, the newest first; who took a scan is in the audit log only."""
    rows = entries_of(*decisions) if decisions else []
    return [_entry(row) for row in rows if row.event != SpokespersonEvent.SCAN_READ]


def _entry(row: Any) -> dict[str, Any]:
    sentence, quote = labels.happened(row)
    return {
        "iso": in_office(row.at).isoformat(timespec="minutes"),
        "day": write_day(office_day(row.at)),
        "hour": write_time(row.at),
        "glyph": labels.GLYPHS.get(SpokespersonEvent(row.event), "document"),
        "sentence": sentence,
        "quote": quote,
    }


def _decision(decision_id: int) -> SpokespersonDecision:
    decision = queries.get_decision(decision_id, to_change=request.method == "POST")
    actions.require_keeper(decision.agency, reader())
    return decision


def _page(decision: SpokespersonDecision, **words: Any) -> ActPage:
    back = url_for(".agency", agency_id=decision.agency_id)
    crumbs = [register_crumb(), (decision.agency.name, back)]
    subject = _("%(name)s, decision %(number)s", name=decision.full_name, number=decision.decision_number)
    return ActPage(crumbs=crumbs, back=back, more={"subject": subject}, **words)


@blueprint.route("/spokespersons/decisions/<id:decision_id>/end", methods=BOTH)
@requires(P.SPOKESPERSON_RECORD)
def end(decision_id: int) -> ResponseReturnValue:
    """A paper ends the decision."""
    decision, form, now = _decision(decision_id), EndForm(), clock.now()
    page = _page(
        decision,
        title=_("End the decision on a spokesperson"),
        button=_("End the decision"),
        lede=_("From then on nobody speaks by this decision; it stays on record with its term."),
        hints={"end_number": _("For example: 215/QĐ-SXD")},
    )

    def do() -> None:
        assert form.ended_at.data is not None
        words = (form.end_number.data or "", form.end_reason.data or "")
        actions.end_decision(decision, form.ended_at.data, *words, actor=reader(), now=now, seen=form.seen_version)
        flash(_("The decision is ended."), "success")

    def fill() -> None:
        form.show(decision.version)
        form.ended_at.process(None, now)

    return run(form, page, do, fill)


@blueprint.route("/spokespersons/decisions/<id:decision_id>/correct", methods=BOTH)
@requires(P.SPOKESPERSON_RECORD)
def correct(decision_id: int) -> ResponseReturnValue:
    """Correct what the portal shows, with the reason; the former words stay on record."""
    decision, form = _decision(decision_id), CorrectForm()
    page = _page(
        decision,
        title=_("Correct what is published"),
        button=_("Save the correction"),
        lede=_("The former words and the reason stay in the history. A new decision is recorded, not corrected."),
        hints={"phone": _("Public by law, so the work phone only.")},
    )

    def do() -> None:
        words = (form.published, form.reason.data or "")
        actions.correct(decision, *words, actor=reader(), now=clock.now(), seen=form.seen_version)
        flash(_("What is published is corrected."), "success")

    def fill() -> None:
        form.show(decision.version)
        for name in PUBLISHED:
            form[name].data = getattr(decision, name)

    return run(form, page, do, fill)


@blueprint.route("/spokespersons/decisions/<id:decision_id>/person", methods=BOTH)
@requires(P.SPOKESPERSON_RECORD)
def link(decision_id: int) -> ResponseReturnValue:
    """Say whose decision an old typed one is."""
    decision, form = _decision(decision_id), LinkForm()
    form.person_id.choices = named_choices(queries.people_to_name(decision.agency), _("Choose a person"))
    page = _page(
        decision,
        title=_("Say whose decision this is"),
        button=_("Link the person"),
        lede=_("Only whom the decision names may be chosen: from then on that person may speak by it."),
    )

    def do() -> None:
        chosen = form.person_id.data or 0
        actions.link_person(decision, chosen, actor=reader(), now=clock.now(), seen=form.seen_version)
        flash(_("The decision names its person now."), "success")

    def fill() -> None:
        form.show(decision.version)
        same = (row.id for row in queries.people_to_name(decision.agency) if row.full_name == decision.full_name)
        form.person_id.data = next(same, None)

    return run(form, page, do, fill)


@blueprint.route("/spokespersons/decisions/<id:decision_id>/scan", methods=BOTH)
@requires(P.SPOKESPERSON_RECORD)
def scan(decision_id: int) -> ResponseReturnValue:
    """Add the scan of the paper, or a better one."""
    decision, form = _decision(decision_id), ScanForm()
    page = _page(
        decision,
        title=_("Add the scan of the decision"),
        button=_("Keep the scan"),
        hints={"scan": _("A PDF or a picture (PNG, JPEG) of at most %(largest)s MB.", largest=keeping()["largest"])},
    )

    def do() -> None:
        now = clock.now()
        ((name, content),) = sent_files(form.scan.data, needed=True, types=PAPERS, field="scan")
        actions.add_scan(decision, name, content, **keeping(), actor=reader(), now=now, seen=form.seen_version)
        flash(_("The scan is kept with the decision."), "success")

    return run(form, page, do, lambda: form.show(decision.version))


@blueprint.get("/spokespersons/decisions/<id:decision_id>/scan/file")
@requires(P.SPOKESPERSON_VIEW)
def scan_file(decision_id: int) -> Response:
    """The scan, to be saved; who took it is logged."""
    start_writing()
    decision, kept = queries.get_decision(decision_id), queries.get_scan(decision_id)
    path = kept_path(kept)
    actions.note_reading(decision, actor=reader(), now=clock.now())
    name, media_type = kept.file_name, kept.media_type
    db.session.commit()
    return send_kept(path, file_name=name, media_type=media_type)
