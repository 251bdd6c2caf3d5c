"""How the certificates of a course look: its texts, and a sample of what they make."""

from io import BytesIO

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.certificates import actions, jobs
from pr_tracker.certificates.documents import write_sample
from pr_tracker.certificates.forms import LayoutForm
from pr_tracker.certificates.labels import PLACEHOLDER_WORDS
from pr_tracker.certificates.queries import standing
from pr_tracker.certificates.rules_layout import PLACEHOLDERS, Layout, require_layout
from pr_tracker.errors import BadInput
from pr_tracker.office_time import office_day
from pr_tracker.permissions import Permission
from pr_tracker.trainings.models import Course
from pr_tracker.trainings.queries.plan import get_course
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.parameters import text_of
from pr_tracker.web.views_saving import attempt

blueprint = Blueprint("certificate_layouts", __name__)
P = Permission


@blueprint.route("/trainings/courses/<id:course_id>/certificate", methods=["GET", "POST"])
@requires(P.TRAINING_EDIT)
def edit(course_id: int) -> ResponseReturnValue:
    """Change how the certificates of a course look; `from=ordinary` begins anew."""
    course = get_course(course_id)
    version = standing.layout_version(course_id)
    begun = standing.ordinary_layout if text_of("from") == "ordinary" else standing.layout_of
    form, status = LayoutForm(obj=begun(course, _place()), version=version), 200
    if form.is_submitted():
        seen, now = form.version.data or 0, clock.now()
        status = attempt(
            form, lambda: actions.keep_layout(course, form.layout(), version=seen, actor=current_user, now=now)
        )
        if status == 200:
            flash(_("The layout is saved. Certificates already issued stay as they are."))
            return redirect(url_for("certificate_layouts.edit", course_id=course_id), 303)
        if status == 409:
            form.version.data, form.version.raw_data = standing.layout_version(course_id), None
    return _page(course, form), status


@blueprint.route("/trainings/courses/<id:course_id>/certificate/sample.pdf", methods=["GET", "POST"])
@requires(P.TRAINING_VIEW)
@only_reads
def sample(course_id: int) -> ResponseReturnValue:
    """A sheet for somebody invented: of the layout on record, or of what was typed and is not saved yet."""
    course = get_course(course_id)
    if request.method == "GET":
        return _sample(course, standing.layout_of(course, _place()))
    form = LayoutForm()
    try:
        if form.validate():
            require_layout(form.layout())
            return _sample(course, form.layout())
    except BadInput as refusal:
        form.add_problem(refusal)
    return _page(course, form), 422


def _page(course: Course, form: LayoutForm) -> str:
    back = standing.latest_class(course.id)
    words = {written: PLACEHOLDER_WORDS[stands_for] for written, stands_for in PLACEHOLDERS.items()}
    return render_template(
        "certificates/layout.html", course=course, form=form, placeholders=words, training_class=back
    )


def _sample(course: Course, layout: Layout) -> Response:
    today, out = office_day(clock.now()), BytesIO()
    one = standing.latest_class(course.id)
    values = standing.class_values(one) if one else standing.course_values(course)
    write_sample(layout, values, today, out, base=jobs.public_base())
    out.seek(0)
    return send_file(out, mimetype="application/pdf", download_name="giay-chung-nhan-xem-thu.pdf")


def _place() -> str:
    place: str = current_app.config["PR_TRACKER_PLACE"]
    return place
