"""Record a decision on a permanent spokesperson: the agency, the person, then the paper; its 24 hours begin at once."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.accounts.models import Agency
from pr_tracker.accounts.queries import agencies_for_choice, get_agency
from pr_tracker.duties.actions import record_spokesperson
from pr_tracker.files import PAPERS
from pr_tracker.office_time import write_moment
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons import queries
from pr_tracker.spokespersons.actions import add_scan, require_keeper
from pr_tracker.spokespersons.forms import DecisionForm
from pr_tracker.spokespersons.views_acts import BOTH, ActPage, reader, register_crumb, run
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, sent_files
from pr_tracker.web.parameters import id_of

blueprint = Blueprint("recording", __name__)


@blueprint.route("/spokespersons/decisions/new", methods=BOTH)
@requires(Permission.SPOKESPERSON_RECORD)
def new() -> ResponseReturnValue:
    """First whose decision it is, then the paper with the person's contacts filled in."""
    agency = get_agency(id_of("agency") or reader().agency_id)
    require_keeper(agency, reader())
    people = queries.people_to_name(agency)
    person = next((row for row in people if row.id == id_of("person")), None)
    if person is None:
        return _choose(agency, people)
    form, now = DecisionForm(), clock.now()
    standing = queries.standing_decisions(agency.id)
    form.offer(standing)
    back = url_for("spokespersons.agency", agency_id=agency.id)
    page = ActPage(
        title=_("Record the decision on a spokesperson"),
        button=_("Record the decision"),
        crumbs=[register_crumb(), (agency.name, back)],
        back=back,
        lede=_("Name, title, phone and official e-mail must be on the portal within 24 hours of the decision."),
        template="spokespersons/decision.html",
        more={"agency": agency, "person": person, "standing": standing},
    )

    def fill() -> None:
        for name in ("full_name", "title", "phone", "email"):
            form[name].data = getattr(person, name)
        form.decided_at.process(None, now)
        own = [row for row in standing if row.person_id == person.id]
        if len(own or standing) == 1:
            form.replaces_id.data = (own or standing)[0].id

    return run(form, page, lambda: _record(agency, person.id, form), fill)


def _choose(agency: Agency, people: list) -> str:
    agencies = agencies_for_choice() if reader().agency.kind.sees_whole_province else []
    return render_template("spokespersons/choose.html", agency=agency, agencies=agencies, people=people)


def _record(agency: Agency, person_id: int, form: DecisionForm) -> None:
    actor, now = reader(), clock.now()
    files = sent_files(form.scan.data, types=PAPERS, field="scan")
    naming = {"person_id": person_id, "replaces_id": form.replaces_id.data}
    duty = record_spokesperson(agency, form.facts(), **naming, actor=actor, now=now)
    assert duty.decision is not None
    assert duty.due_at is not None
    for name, content in files:
        add_scan(duty.decision, name, content, **keeping(), actor=actor, now=now)
    flash(_("Recorded. It must be on the portal by %(moment)s.", moment=write_moment(duty.due_at)), "success")
