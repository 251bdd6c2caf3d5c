"""Pages that belong to no feature: health, language, fonts, shortcuts, and the way home."""

import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import fontpkg_crimson_text
import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.permissions import Permission
from pr_tracker.web import health, samples
from pr_tracker.web.access import public, requires, signed_in
from pr_tracker.web.i18n import LANGUAGES
from pr_tracker.web.readiness import readiness
from pr_tracker.web.security import FOR_EVER

blueprint = Blueprint("web", __name__)
FONTS = Path(fontpkg_crimson_text.__file__).parent / "files"
HOMES = (
    (Permission.INQUIRY_VIEW, "inquiries.queue"),
    (Permission.TRAINING_VIEW, "trainings.index"),
    (Permission.ACCOUNT_MANAGE, "accounts.people"),
)


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """The first screen of the reader's role."""
    for permission, endpoint in HOMES:
        if current_user.may(permission):
            return redirect(url_for(endpoint))
    abort(403)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 when the database answers."""
    db.session.execute(sa.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """200 when everything that an instance needs can be used, else 503; a line for each part, with what is wrong.

    `?exclude=queue` leaves a part out, as Kubernetes' own /readyz does: without its queue the desk works on.
    """
    left_out = set(request.args.getlist("exclude"))
    found = {part: fault for part, fault in readiness().items() if part not in left_out}
    lines = "".join(f"{part}: {fault or 'ok'}\n" for part, fault in found.items())
    return Response(lines, 503 if any(found.values()) else 200, mimetype="text/plain")


@blueprint.get("/health")
@requires(Permission.HEALTH_VIEW)
def health_report() -> str:
    """Every check of the list in factory.py, in words."""
    return render_template("components/health.html", lines=health.report(clock.now()))


@blueprint.get("/bootstrap.css")
@public
def bootstrap() -> Response:
    """Bootstrap's styles without its data: pictures, which the content policy blocks and our styles draw anew."""
    return _kept(Response(_bootstrap_without_pictures(), mimetype="text/css"))


def _kept(response: Response) -> Response:
    """For ever where the address says which version it is, as it does in our own pages."""
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-cache"
    return response


@blueprint.app_template_global()
@cache
def bootstrap_version() -> str:
    """The hash of its content, for its address."""
    return hashlib.sha256(_bootstrap_without_pictures().encode()).hexdigest()[:16]


@cache
def _bootstrap_without_pictures() -> str:
    package = current_app.blueprints["bootstrap"].static_folder
    styles = (Path(str(package)) / "css" / "bootstrap.min.css").read_text()
    return re.sub(r'url\("data:[^"]*"\)', "none", styles)


@blueprint.get("/fonts/<name>.ttf")
@public
def font(name: str) -> Response:
    """The serif face, from its installed package."""
    if name not in {"CrimsonText-Regular", "CrimsonText-SemiBold"}:
        abort(404)
    return _kept(send_file(FONTS / f"{name}.ttf", mimetype="font/ttf", conditional=True))


@blueprint.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Keep the chosen language in the session, and come back to the page."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(local_path(request.form.get("next")), 303)


@blueprint.get("/shortcuts")
@signed_in
def shortcuts() -> str:
    """The keys, as a page of its own for readers without scripts."""
    return render_template("components/shortcuts_page.html")


@blueprint.get("/styleguide")
@signed_in
def styleguide() -> str:
    """Every component in every state; not in production."""
    if current_app.config["PR_TRACKER_ENV"] == "production":
        abort(404)
    return render_template("components/styleguide.html", samples=samples.everything())


def local_path(target: str | None) -> str:
    """A path on this site, never an address elsewhere."""
    try:
        parts = urlsplit((target or "").replace("\\", "/"))
    except ValueError:  # brackets that are no address
        return "/"
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
