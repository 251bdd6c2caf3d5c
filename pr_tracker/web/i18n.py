"""Which language a reader sees: their own choice, then the session's, then the office's."""

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel
from flask_login import current_user

from pr_tracker.web import catalog

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

babel = Babel()


def reader_language() -> str:
    """vi or en. What the address asks for (?lang=en) wins over a choice made in this session, and that over the one
    kept with the person; commands speak the office's.
    """
    if not has_request_context():
        return current_app.config["PR_TRACKER_LANGUAGE"]
    if (asked := request.args.get("lang")) in LANGUAGES:
        return asked
    if (chosen := session.get("language")) in LANGUAGES:
        return chosen
    if current_user and current_user.is_authenticated and (own := current_user.language) in LANGUAGES:
        if session.get("speaks") != own:  # for the page that says that the database is gone
            session["speaks"] = own
        return own
    if (known := g.get("speaks")) in LANGUAGES:
        return known
    return current_app.config["PR_TRACKER_LANGUAGE"]


def install(app: Flask) -> None:
    """Compile stale catalogues and choose the language of each request."""
    catalog.compile_if_stale()
    babel.init_app(app, locale_selector=reader_language)
