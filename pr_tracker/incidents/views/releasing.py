"""The page that records how a statement went out: to all inquiries and press agencies of the incident at once."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from pr_tracker import clock
from pr_tracker.accounts.queries import get_person
from pr_tracker.errors import N_, BadInput
from pr_tracker.incidents.actions import releasing
from pr_tracker.incidents.forms import ReleaseForm
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries import room as queries
from pr_tracker.incidents.queries.speaking import speakers_between
from pr_tracker.incidents.queries.visibility import newest_statement
from pr_tracker.incidents.queries.voice import said_on
from pr_tracker.incidents.rules import IncidentStep
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, Act, run
from pr_tracker.incidents.views.picking import ids_in
from pr_tracker.inquiries.rules_number import write_number
from pr_tracker.inquiries.rules_seal import seal_of
from pr_tracker.inquiries.views.telling import seal_code
from pr_tracker.office_time import office_day
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.queries import find_outlet_named
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.labels_names import rights_words
from pr_tracker.statements import labels as voice_labels
from pr_tracker.statements.queries import SaidBefore
from pr_tracker.web.access import requires
from pr_tracker.web.forms import tidy

P = Permission
MOST_OUTLETS = 50


@dataclass(frozen=True)
class Delivery:
    """One inquiry on the page: whether the statement answers it anyway, and whether that was ticked."""

    row: sa.Row
    code: str
    always: bool
    ticked: bool


@blueprint.route("/incidents/<id:incident_id>/statement/release", methods=BOTH)
@requires(P.INCIDENT_DO)
def release(incident_id: int) -> ResponseReturnValue:
    """Record that the approved statement was given to all at once."""
    form, said = ReleaseForm(), list[SaidBefore]()

    def fill(incident: Incident) -> None:
        newest = newest_statement(incident)
        form.digest.data = seal_of(newest.text) if newest else ""
        form.released_at.process(None, clock.now())

    act = Act(
        IncidentStep.RELEASE,
        form,
        lambda incident, by: releasing.release(incident, _given(form), **by),
        said=_("The release is recorded for all press agencies."),
        lede=_("Only the approved text may be given. It is recorded for all at once, or for none."),
        template="incidents/release.html",
        fill=fill,
        offer=lambda incident: _offer(form, incident, said),
        about=lambda incident: {**_about(incident), "said": said, "voice_labels": voice_labels},
    )
    return run(incident_id, act)


def _offer(form: ReleaseForm, incident: Incident, said: list[SaidBefore]) -> None:
    since = incident.happened_at or incident.received_at
    form.speaker_id.choices = [
        SelectChoice(value=str(right.person_id), label=rights_words([right]))
        for right in speakers_between(incident, since, clock.now())
    ]
    if not form.library_offered:
        newest = newest_statement(incident)
        said += said_on(incident, newest.text, office_day(clock.now())) if newest else []
        form.offer(said)


def _given(form: ReleaseForm) -> releasing.Release:
    assert form.released_at.data is not None
    return releasing.Release(
        form=form.form_of_speaking,
        at=form.released_at.data,
        speaker=get_person(form.speaker_id.data),
        evidence=form.evidence.data or "",
        answers=frozenset(ids_in(request.form.getlist("answers"))),
        outlets=_outlets(),
        seen=_seen(),
        digest=form.digest.data or "",
        library=form.library(),
    )


def _seen() -> dict[int, int]:
    """Which inquiries the page showed, in which version: "17.3"."""
    found = {}
    for each in request.form.getlist("member"):
        parts = each.split(".")
        if len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
            found[int(parts[0])] = int(parts[1])
    return found


def _typed() -> list[str]:
    lines = tidy(request.form.get("outlets", "")).split("\n")
    return [line.strip() for line in lines if line.strip()][:MOST_OUTLETS]


def _outlets() -> list[Outlet]:
    """The press agencies typed one a line. Raises BadInput naming one that is not in the register."""
    found = []
    for name in _typed():
        outlet = find_outlet_named(name)
        if outlet is None:
            raise BadInput(N_("“%(name)s” is not in the register of press agencies."), field="outlets", name=name)
        found.append(outlet)
    return found


def _about(incident: Incident) -> dict[str, Any]:
    """The sealed text, the inquiries it goes to, what was ticked."""
    newest, wanted = newest_statement(incident), frozenset(ids_in(request.form.getlist("answers")))
    members = [row for row in queries.members_of(incident) if row.finished_at is None]
    return {
        "newest": newest,
        "seal": seal_code(newest.digest) if newest else "",
        "deliveries": [
            Delivery(row, write_number(row.year, row.number), releasing.is_answered(row, frozenset()), row.id in wanted)
            for row in members
        ],
    }
