"""Templates write values as Jinja's own escaping does."""

from flask_babel import lazy_gettext
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from pr_tracker.web.environment import _Written, written

TEMPLATE = (
    "{% macro bold(words) %}<b>{{ words }}</b>{% endmacro %}{{ value }}|{{ bold(value) }}|{{ value ~ '<' }}|"
    "{% autoescape false %}{{ value }}{% endautoescape %}|{% set kept %}{{ value }}{% endset %}{{ kept }}|{{ '<i>' }}"
)


class Ours(Environment):
    """As in web/environment.py, but that Flask's own wants an application."""

    code_generator_class = _Written
    written = staticmethod(written)


@given(st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none(), st.text().map(lazy_gettext)))
def test_a_value_is_escaped_exactly_once(value):
    theirs, ours = Environment(autoescape=True), Ours(autoescape=True)
    assert ours.from_string(TEMPLATE).render(value=value) == theirs.from_string(TEMPLATE).render(value=value)
