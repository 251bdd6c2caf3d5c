"""Pages of the head's authority in one incident: give it, complete what was prepared, revoke it."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.errors import NotFound
from pr_tracker.files import PAPERS, KeptFile, keep_file
from pr_tracker.incidents.actions import authorising
from pr_tracker.incidents.forms import AuthoriseForm, ReasonForm
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.rules import IncidentStep
from pr_tracker.incidents.views import blueprint
from pr_tracker.incidents.views.acting import BOTH, Act, reader, run
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import NO_AUTHORISATION, get_authorisation, may_be_authorised
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, sent_files

P = Permission


@blueprint.route("/incidents/<id:incident_id>/authorise", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def authorise(incident_id: int) -> ResponseReturnValue:
    """Authorise somebody to speak; without number and date the paper is prepared as a draft."""
    return run(incident_id, _act(None))


@blueprint.route("/incidents/<id:incident_id>/authorisations/<id:authorisation_id>/complete", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def complete_authority(incident_id: int, authorisation_id: int) -> ResponseReturnValue:
    """Go on with a prepared authorisation: the number and the date of the signed paper put it in force."""
    return run(incident_id, _act(_of(incident_id, authorisation_id)))


def _act(made: Authorisation | None) -> Act:
    form = AuthoriseForm()

    def do(_incident: Incident, by: dict[str, Any]) -> None:
        prepared = get_authorisation(made.id, to_change=True) if made else None
        authorising.authorise(_incident, form.grant(), scan=_scan(form, by), made=prepared, **by)

    def fill(incident: Incident) -> None:
        if made is not None:
            form.fill(made)
            return
        form.from_at.process(None, clock.now())
        facts = {"code": incident.code, "title": incident.title}
        with force_locale("vi"):  # it goes on an official paper
            form.words.data = _("To speak and give information to the press in incident %(code)s: %(title)s.", **facts)

    def offer(incident: Incident) -> None:
        form.offer(may_be_authorised(authorising.agency_for(incident, reader()), incident.agency_id))

    return Act(
        IncidentStep.AUTHORISE,
        form,
        do,
        said=_("Saved. With number and date it is in force; without them it is a draft to print."),
        button=_("Save the authorisation"),
        lede=_(
            "For this one incident with its inquiries and a definite term, by the head alone; the head stays liable "
            "(Decree 244/2026/NĐ-CP, Article 3(5), Article 8(1))."
        ),
        fill=fill,
        offer=offer,
    )


def _scan(form: AuthoriseForm, by: dict[str, Any]) -> KeptFile | None:
    sent = sent_files(form.scan.data, types=PAPERS, field="scan")
    if not sent:
        return None
    name, content = sent[0]
    return keep_file(name, content, **keeping(), by=by["actor"].id, now=by["now"], types=PAPERS, field="scan")


@blueprint.route("/incidents/<id:incident_id>/authorisations/<id:authorisation_id>/revoke", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def revoke_authority(incident_id: int, authorisation_id: int) -> ResponseReturnValue:
    """Take an authority back, with the reason; a prepared one is thrown away."""
    made, form = _of(incident_id, authorisation_id), ReasonForm()

    def do(incident: Incident, by: dict[str, Any]) -> None:
        locked = get_authorisation(made.id, to_change=True)
        authorising.revoke(incident, locked, form.reason.data or "", actor=by["actor"], now=by["now"])

    act = Act(
        IncidentStep.REVOKE,
        form,
        do,
        said=_("Revoked. The matter is the head's again."),
        title=_("Revoke the authority of %(name)s", name=made.person.full_name),
        button=_("Revoke"),
    )
    return run(incident_id, act)


def _of(incident_id: int, authorisation_id: int) -> Authorisation:
    """The authorisation, of this incident and of the agency the reader heads. Raises NotFound."""
    made = get_authorisation(authorisation_id)
    if made.incident_id != incident_id or made.agency.head_id != reader().id:
        raise NotFound(NO_AUTHORISATION)
    return made
