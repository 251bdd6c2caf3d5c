"""The certificates of a class: who has earned one, issue, reissue and revoke them, take them out as files."""

from datetime import datetime
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from pr_tracker import background, clock
from pr_tracker.certificates import actions, jobs
from pr_tracker.certificates.documents import file_name, write_certificates
from pr_tracker.certificates.forms import IssueForm, ReissueForm, RevokeForm
from pr_tracker.certificates.labels import STATUSES, open_words, reason_words, rule_words, until_words
from pr_tracker.certificates.models import Certificate, CertificateRun
from pr_tracker.certificates.queries import register, standing
from pr_tracker.certificates.rules import Status, write_number
from pr_tracker.db import db, start_writing
from pr_tracker.errors import N_, NotFound
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.queries.plan import get_class
from pr_tracker.trainings.rules_roster import Entry
from pr_tracker.web.access import requires
from pr_tracker.web.files import upload_folder
from pr_tracker.web.lists import Column, Table, list_out, of_rows
from pr_tracker.web.parameters import id_of
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("certificates", __name__)
P = Permission
IN_MEMORY = 8 * 1024 * 1024
SLOW_SECONDS = 120  # a worker begins within a minute, or there is none


@blueprint.get("/trainings/classes/<id:class_id>/certificates")
@requires(P.TRAINING_VIEW)
def of_class(class_id: int) -> str:
    """Who has earned a certificate, who has not and why, and every one that was given."""
    one = get_class(class_id)
    form = IssueForm(issued_on=office_day(clock.now()))
    return _page(one, form, None)


@blueprint.post("/trainings/classes/<id:class_id>/certificates")
@requires(P.TRAINING_EDIT)
def issue(class_id: int) -> ResponseReturnValue:
    """Have them issued in the background."""
    one, form = get_class(class_id), IssueForm()
    chosen = [
        int(each) for each in request.form.getlist("take") if each.isascii() and each.isdigit() and len(each) < 10
    ]
    status = attempt(form, lambda: actions.ask_for(one, chosen, form.day, place=_place(), **_acting()))
    if status != 200:
        return _page(one, form, set(chosen)), status
    _wake()
    return redirect(url_for(".of_class", class_id=class_id), 303)


@blueprint.get("/trainings/classes/<id:class_id>/certificates/progress")
@requires(P.TRAINING_VIEW)
def progress(class_id: int) -> Response:
    """How far the last run of a class has come, for the script that draws the bar."""
    run = register.latest_run(get_class(class_id).id)
    if run is None:
        raise NotFound(N_("No certificates were ever asked for in this class."))
    return jsonify(_progress(run, clock.now()))


@blueprint.get("/trainings/classes/<id:class_id>/certificates/joint.pdf")
@requires(P.TRAINING_EDIT)
def joint(class_id: int) -> Response:
    """All valid certificates of a class, or those of one run, in one file for the printer."""
    one, certificates = _to_export(class_id, "pdf")
    out = BytesIO()
    title = f"Giấy chứng nhận: {one.course.title}, {one.name}"
    write_certificates(certificates, out, base=jobs.public_base(), title=title)
    out.seek(0)
    name = f"giay-chung-nhan-lop-{one.id}.pdf"
    return send_file(out, mimetype="application/pdf", as_attachment=True, download_name=name)


@blueprint.get("/trainings/classes/<id:class_id>/certificates/all.zip")
@requires(P.TRAINING_EDIT)
def archive(class_id: int) -> Response:
    """The same, each in a file of its own."""
    one, certificates = _to_export(class_id, "zip")
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for certificate in certificates:
            archive.writestr(file_name(certificate), _content(certificate))
    out.seek(0)
    name = f"giay-chung-nhan-lop-{one.id}.zip"
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)  # type: ignore[arg-type]


@blueprint.get("/trainings/certificates/<id:certificate_id>.pdf")
@requires(P.TRAINING_VIEW)
def paper(certificate_id: int) -> Response:
    """One certificate, as it was given."""
    start_writing()
    certificate = register.get_certificate(certificate_id)
    actions.note_export(certificate, "pdf", 1, **_acting())
    db.session.commit()
    return send_paper(certificate)


def send_paper(certificate: Certificate) -> Response:
    """The PDF of a certificate, to be saved."""
    content = BytesIO(_content(certificate))
    return send_file(content, mimetype="application/pdf", as_attachment=True, download_name=file_name(certificate))


@blueprint.route("/trainings/certificates/<id:certificate_id>/reissue", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def reissue(certificate_id: int) -> ResponseReturnValue:
    """Give another in its place, with a wrong name put right."""
    certificate = register.get_certificate(certificate_id)
    form = ReissueForm(obj=certificate.participant, issued_on=office_day(clock.now()), seen=certificate.version)
    status, given = 200, list[Certificate]()

    def act() -> None:
        seen, day, reason = form.seen_version, form.day, form.reason.data or ""
        key = current_app.config["SECRET_KEY"]
        made = actions.reissue(
            certificate, _entry(certificate, form), reason, day, seen=seen, place=_place(), key=key, **_acting()
        )
        actions.keep_drawn(made.id, jobs.draw(made))
        given.append(made)

    if form.is_submitted():
        status = attempt(form, act)
        if status == 200:
            flash(_("Certificate %(number)s takes its place.", number=given[0].written_number))
            return redirect(url_for(".of_class", class_id=certificate.class_id), 303)
    return _act_page("reissue", certificate, form, status), status


@blueprint.route("/trainings/certificates/<id:certificate_id>/revoke", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def revoke(certificate_id: int) -> ResponseReturnValue:
    """Take a certificate back."""
    certificate = register.get_certificate(certificate_id)
    form, status = RevokeForm(seen=certificate.version), 200
    if form.is_submitted():
        seen, reason = form.seen_version, form.reason.data or ""
        status = attempt(form, lambda: actions.revoke(certificate, reason, seen=seen, **_acting()))
        if status == 200:
            flash(_("Certificate %(number)s is revoked; the public page says so.", number=certificate.written_number))
            return redirect(url_for(".of_class", class_id=certificate.class_id), 303)
    return _act_page("revoke", certificate, form, status), status


def _acting() -> dict[str, Any]:
    return {"actor": current_user, "now": clock.now()}


def _place() -> str:
    place: str = current_app.config["PR_TRACKER_PLACE"]
    return place


def _wake() -> None:
    """Begin at once; where nobody hears it, the minute's pass finds the run."""
    if current_app.testing:
        return
    try:
        background.wake()
    except Exception:  # the run is on record: a queue that is down must not undo the act
        current_app.logger.exception("the background worker could not be woken")


def _entry(certificate: Certificate, form: ReissueForm) -> Entry:
    who = certificate.participant
    names = form.full_name.data or "", form.title.data or "", form.agency_name.data or ""
    return Entry(*names, who.phone, who.email, person_id=who.person_id)


def _act_page(act: str, certificate: Certificate, form: ReissueForm | RevokeForm, status: int) -> str:
    if status == 409:
        db.session.refresh(certificate)
        form.show(certificate.version)
    return render_template(
        "certificates/act.html",
        act=act,
        form=form,
        certificate=certificate,
        training_class=certificate.training_class,
        until=until_words(certificate.valid_until),
        valid=certificate.status is Status.VALID,
        status=STATUSES[certificate.status],
    )


def _page(one: TrainingClass, form: IssueForm, chosen: set[int] | None) -> str:
    candidates, holding = standing.candidates_of(one), register.holders(one.id)
    run, now = register.latest_run(one.id), clock.now()
    running = run is not None and run.finished_at is None
    given = register.certificates_of(one.id)
    return render_template(
        "certificates/of_class.html",
        training_class=one,
        course=one.course,
        form=form,
        rule=rule_words(standing.rule_of(one.course)),
        candidates=candidates,
        earned=[each for each in candidates if each.standing.qualifies and each.id not in holding],
        lacking=[each for each in candidates if not each.standing.qualifies],
        holding=holding,
        chosen=chosen,
        open_sessions=candidates[0].standing.record.open if candidates else 0,
        given=given,
        valid=sum(row.status is Status.VALID for row in given),
        run=run,
        running=running,
        progress=_progress(run, now) if run and running else None,
        reason_words=reason_words,
        open_words=open_words,
        until_words=until_words,
        statuses=STATUSES,
        former={row.participant_id: row for row in given if row.status is not Status.VALID},
    )


def _progress(run: CertificateRun, now: datetime) -> dict[str, Any]:
    """Issuing and drawing are one bar: each person is two steps of it."""
    total, drawn = len(run.people), register.count_drawn(run.id)
    finished = run.finished_at is not None
    waiting = run.begun_at is None
    if waiting:
        words = _("Waiting for the background worker, which begins within a minute.")
        if (now - run.asked_at).total_seconds() > SLOW_SECONDS:
            words = _("The background worker does not seem to run. Tell an administrator; nothing is lost.")
    else:
        words = ngettext("%(drawn)s of %(num)d certificate", "%(drawn)s of %(num)d certificates", total, drawn=drawn)
    steps = run.done + drawn + (run.done - run.issued)
    return {"steps": steps, "of": 2 * total, "words": words, "finished": finished}


def _to_export(class_id: int, form: str) -> tuple[TrainingClass, list[Certificate]]:
    start_writing()
    one = get_class(class_id)
    count = len(register.to_print(class_id, id_of("run")))
    if not count:
        raise NotFound(N_("There is no valid certificate to print."))
    actions.note_export(one, form, count, **_acting())
    db.session.commit()
    return one, list(register.to_print(class_id, id_of("run")))


def _content(certificate: Certificate) -> bytes:
    """The PDF that was kept; drawn anew where it is not drawn yet or is gone from the store."""
    if certificate.file is not None:
        path = upload_folder() / certificate.file.stored_name
        if path.is_file():
            return path.read_bytes()
    out = BytesIO()
    title = f"Giấy chứng nhận {certificate.written_number}"
    write_certificates([certificate], out, base=jobs.public_base(), title=title)
    return out.getvalue()


@list_out(blueprint, "/trainings/classes/<id:class_id>/certificates", P.TRAINING_VIEW, file_name="giay-chung-nhan")
def certificates_table(class_id: int) -> Table:
    """Every certificate ever given in a class, for a spreadsheet."""
    one = get_class(class_id)
    columns: list[Column] = [
        (_("Number"), lambda row: write_number(row.year, row.number)),
        (_("Full name"), lambda row: row.person),
        (_("Agency"), lambda row: row.agency_name),
        (_("Issued on"), lambda row: row.issued_on),
        (_("Counts until"), lambda row: row.valid_until),
        (_("State"), lambda row: STATUSES[row.status]),
        (_("Ended at"), lambda row: row.ended_at),
        (_("Reason"), lambda row: row.ended_because),
    ]
    return of_rows(f"{_('Certificates')}: {one.course.title}, {one.name}", register.certificates_of(class_id), columns)
