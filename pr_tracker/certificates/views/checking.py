"""What a code stands for, for anybody who holds a certificate in hand; and the holder's own way to it."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pr_tracker import clock
from pr_tracker.certificates.labels import VERDICTS, reason_words, until_words
from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.queries import register, standing
from pr_tracker.certificates.rules import PURPOSE, Verdict, standing_of, verdict_of
from pr_tracker.certificates.views.issuing import send_paper
from pr_tracker.codes import LENGTH, is_ours, read_code, show_code
from pr_tracker.errors import N_, NotFound
from pr_tracker.office_time import office_day, write_day
from pr_tracker.papers.views.checking import Door
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Offer
from pr_tracker.web.access import public
from pr_tracker.web.parameters import text_of

blueprint = Blueprint("certificate_check", __name__)
DOOR = Door(PURPOSE, "certificate_check.show", register.code_of_file)


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/certificates")
@public
def ask() -> ResponseReturnValue:
    """Type the code of a certificate."""
    code = read_code(text_of("code"))
    if code:
        return redirect(url_for("certificate_check.show", code=code))
    return render_template("certificates/ask.html")


@blueprint.get("/certificates/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Valid, superseded, revoked or unknown; and what the paper says, nothing more."""
    read = read_code(code)[: LENGTH + 1]
    found = register.find_by_code(read)
    if found is None:  # a code that only we can have made, of a certificate that is not there, was not mistyped
        lost = is_ours(read, current_app.config["SECRET_KEY"], PURPOSE)
        return _page(Verdict.ALTERED if lost else Verdict.UNKNOWN, None), 404
    return _page(
        verdict_of(found.status, found.valid_until, office_day(clock.now()), whole=register.is_whole(found)), found
    )


def _page(verdict: Verdict, one: Certificate | None) -> str:
    return render_template(
        "certificates/check.html",
        verdict=verdict,
        words=VERDICTS[verdict],
        one=one,
        code=show_code(one.code) if one else "",
        successor=register.successor_of(one) if one and verdict is Verdict.SUPERSEDED else None,
        until=until_words(one.valid_until) if one else "",
    )


@blueprint.get("/my-class/<token>/certificate.pdf")
@public
def own(token: str) -> Response:
    """The certificate of whoever has the link."""
    one = register.valid_of(get_by_token(token).id)
    if one is None:
        raise NotFound(N_("There is no valid certificate."))
    return send_paper(one)


def offers(one: Participant, now: datetime) -> Sequence[Offer]:
    """What a participant's own page says of the certificate: it is there, or why there is none."""
    certificate = register.valid_of(one.id)
    if certificate is not None:
        return [_offer(one, certificate)]
    rule = standing.rule_of(one.training_class.course)
    record = standing.records_of(one.class_id, one.id, graded=rule.graded)[one.id]
    if not one.active or one.waiting_at or record.open or not record.sessions:
        return []
    stands = standing_of(rule, record)
    if stands.qualifies:
        return [Offer(_("Certificate"), _("Every condition of the course is met. The certificate is not issued yet."))]
    reasons = "; ".join(reason_words(reason) for reason in stands.reasons)
    return [Offer(_("No certificate yet"), _("Still missing: %(reasons)s.", reasons=reasons))]


def _offer(one: Participant, certificate: Certificate) -> Offer:
    sentence = _(
        "Number %(number)s, issued on %(day)s.", number=certificate.written_number, day=write_day(certificate.issued_on)
    )
    return Offer(
        _("Download the certificate"), sentence, url_for("certificate_check.own", token=one.token), primary=True
    )
