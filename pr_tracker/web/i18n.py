"""Which language a reader sees: their own choice, then the session's, then the office's; and its words, quickly."""

from typing import Any

import flask_babel
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from pr_tracker.web import catalog

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

babel = Babel()


class Words(flask_babel.Domain):
    """The catalogue of a request, looked up once: a page asks for hundreds of words.

    It is kept where force_locale() and refresh() forget it.
    """

    def get_translations(self) -> Translations | NullTranslations:
        """The reader's catalogue; without an application none."""
        try:
            kept = g._get_current_object().__dict__.get("_flask_babel")
        except RuntimeError:  # no application at all
            return NullTranslations()
        found = kept and kept.__dict__.get("babel_translations")
        if found is None:
            found = super().get_translations()
            g._flask_babel.babel_translations = found
        return found


WORDS = Words()


@pass_eval_context
def words_in_template(context: EvalContext, said: str, **values: Any) -> str:
    """As Jinja's own gettext, which in a loop first copies all that a template knows."""
    found = WORDS.get_translations().ugettext(said)
    return (Markup(found) if context.autoescape else found) % values  # noqa: S704 - our own catalogue


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
    flask_babel.get_domain = lambda: WORDS  # its own goes through four proxies a word
    app.jinja_env.globals.update(_=words_in_template, gettext=words_in_template)
