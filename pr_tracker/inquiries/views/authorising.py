"""Pages of the head's authority in one inquiry: give it, complete what was prepared, revoke it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker.errors import NotFound
from pr_tracker.files import PAPERS, KeptFile, keep_file
from pr_tracker.inquiries.actions import authorising
from pr_tracker.inquiries.forms.authorising import AuthoriseForm, RevokeForm
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.speaking import speakers_at
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import BOTH, Act, reader, run
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.labels_names import rights_words
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import NO_AUTHORISATION, get_authorisation
from pr_tracker.spokespersons.rules_authority import RightKind
from pr_tracker.spokespersons.views_authorising import line_of
from pr_tracker.web.access import requires
from pr_tracker.web.files import keeping, sent_files

P = Permission


def speaking_of(inquiry: Inquiry, papers: Sequence[sa.Row], now: datetime) -> dict[str, Any]:
    """Who may speak now and on what ground, while somebody may still have to; every authorisation of the inquiry."""
    rights = speakers_at(inquiry, now) if inquiry.finished_at is None and inquiry.lead_agency_id else []
    ends = [right.until_at if right.kind is RightKind.AUTHORISED else None for right in rights]
    words = [rights_words([right]) for right in rights]
    return {"rights": list(zip(words, ends, strict=True)), "papers": [line_of(row, now) for row in papers]}


@blueprint.route("/inquiries/<id:inquiry_id>/authorise", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def authorise(inquiry_id: int) -> ResponseReturnValue:
    """Authorise somebody to speak; without number and date the paper is prepared as a draft."""
    return run(inquiry_id, _act(lambda inquiry: None))


@blueprint.route("/inquiries/<id:inquiry_id>/authorisations/<id:authorisation_id>/complete", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def complete_authority(inquiry_id: int, authorisation_id: int) -> ResponseReturnValue:
    """Go on with a prepared authorisation: the number and the date of the signed paper put it in force."""
    made = _of(inquiry_id, authorisation_id)

    class Form(AuthoriseForm):
        def preset(self, inquiry: Inquiry, now: Any) -> None:
            self.fill(made)

    act = _act(lambda inquiry: get_authorisation(authorisation_id, to_change=True), Form)
    return run(inquiry_id, act)


def _act(prepared: Any, form: type[AuthoriseForm] = AuthoriseForm) -> Act:
    def do(inquiry: Inquiry, form: AuthoriseForm, by: dict[str, Any]) -> None:
        actor, now = by["actor"], by["now"]
        grant, scan = form.grant(), _scan(form, by)
        authorising.authorise(inquiry, grant, scan=scan, made=prepared(inquiry), actor=actor, now=now)

    numbered = bool(request.form.get("number", "").strip())
    return Act(
        Step.AUTHORISE,
        form,
        do,
        said=_("Authorised. Both are told, and told again before it ends.")
        if numbered
        else _("Prepared. Print the draft, have it signed, then enter its number and date."),
        title=_("Authorise somebody to speak in this inquiry"),
        button=_("Save the authorisation"),
        lede=_(
            "For this one matter and a definite term, by the head alone; you stay liable (Decree 244/2026/NĐ-CP, "
            "Article 3(5), Article 8(1)). Without number and date it is prepared as a draft to print."
        ),
    )


def _scan(form: AuthoriseForm, by: dict[str, Any]) -> KeptFile | None:
    sent = sent_files(form.scan.data, types=PAPERS, field="scan")
    if not sent:
        return None
    name, content = sent[0]
    return keep_file(name, content, **keeping(), by=by["actor"].id, now=by["now"], types=PAPERS, field="scan")


@blueprint.route("/inquiries/<id:inquiry_id>/authorisations/<id:authorisation_id>/revoke", methods=BOTH)
@requires(P.AUTHORITY_GRANT)
def revoke_authority(inquiry_id: int, authorisation_id: int) -> ResponseReturnValue:
    """Take an authority back, with the reason; a prepared one is thrown away."""
    made = _of(inquiry_id, authorisation_id)
    words = {"name": made.person.full_name, "number": made.number}
    act = Act(
        Step.COMMENT,  # as long as the file is not in the archive; whose head may is the action's question
        RevokeForm,
        lambda inquiry, form, by: authorising.revoke(
            inquiry,
            get_authorisation(authorisation_id, to_change=True),
            form.reason.data,
            actor=by["actor"],
            now=by["now"],
        ),
        said=_("Revoked. The matter is the head's again."),
        title=_("Revoke the authority of %(name)s", **words) if made.number else _("Throw the draft away"),
        button=_("Revoke") if made.number else _("Throw the draft away"),
        lede=_("From this moment on %(name)s may no longer act or speak by document no. %(number)s.", **words)
        if made.number
        else "",
    )
    return run(inquiry_id, act)


def _of(inquiry_id: int, authorisation_id: int) -> Authorisation:
    """The authorisation, of this inquiry and of the agency the reader heads. Raises NotFound."""
    made = get_authorisation(authorisation_id)
    if made.inquiry_id != inquiry_id or made.agency.head_id != reader().id:
        raise NotFound(NO_AUTHORISATION)
    return made
