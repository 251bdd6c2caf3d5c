"""Fields of the annual report: section II, the note of a version."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from pr_tracker.reports.rules_annual import LONGEST_NOTE, LONGEST_TEXT, SectionTwo
from pr_tracker.web.forms import SeenForm


class SectionTwoForm(SeenForm):
    """Difficulties and proposals, as the annex asks for them."""

    difficulties = TextAreaField(_l("Difficulties and obstacles"), [Length(max=LONGEST_TEXT)])
    proposals = TextAreaField(_l("Proposals and recommendations"), [Length(max=LONGEST_TEXT)])

    def text(self) -> SectionTwo:
        """What was typed."""
        return SectionTwo(self.difficulties.data or "", self.proposals.data or "")


class FixForm(SeenForm):
    """Why a version is fixed, or fixed again."""

    note = StringField(_l("Note"), [Length(max=LONGEST_NOTE)])
