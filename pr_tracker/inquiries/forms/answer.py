"""Fields of the answer: the text of a version and its files, the ground of a refusal, withdrawal, closing."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import MultipleFileField, RadioField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.forms.handling import FILES_HINT, LONGEST_TEXT, ActForm, long_text
from pr_tracker.inquiries.labels import GROUND, GROUND_ARTICLE
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case
from pr_tracker.inquiries.queries.visibility import latest_draft, read_draft
from pr_tracker.inquiries.rules_kinds import RefusalGround, grounds_on
from pr_tracker.office_time import office_day
from pr_tracker.web.forms import Required


class BoxesField(SelectMultipleField):
    """Several of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DraftForm(ActForm):
    """The text of the answer, and which of the case's files go with it."""

    text = long_text(_l("Text of the answer"), longest=LONGEST_TEXT, rows=18)
    file_ids = BoxesField(_l("Files that go with it"), coerce=int, choices=[])
    files = MultipleFileField(_l("New files to go with it"), description=FILES_HINT)

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.file_ids.choices = boxes_of(case.attachments_of(inquiry))

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        draft = read_draft(inquiry)
        if draft is not None and draft.ground is None:
            self.text.data = draft.text
            self.file_ids.data = [file.id for file in draft.files]


def boxes_of(attachments: Sequence[sa.Row]) -> list[SelectChoice]:
    """Files of the case to choose from."""
    return [SelectChoice(value=row.id, label=row.file_name) for row in attachments]


class RefusalForm(ActForm):
    """The ground of the law, and the reason as the press will be given it."""

    ground = RadioField(_l("Ground"), choices=[], coerce=RefusalGround, validators=[Required(_l("Choose the ground."))])
    text = long_text(
        _l("Reason given to the press"),
        hint=_l("Word for word, as the press is told (Press Law 2025, Article 31(2))."),
        rows=8,
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.ground.choices = [
            SelectChoice(
                value=ground.value,
                label=Markup("<span>{} <small>{}</small></span>").format(GROUND[ground], GROUND_ARTICLE[ground]),
            )
            for ground in grounds_on(office_day(now))
        ]

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        draft = latest_draft(inquiry)
        if draft is not None and draft.ground is not None:
            self.ground.data, self.text.data = draft.ground, draft.text


class WithdrawForm(ActForm):
    """How the press said that it withdraws."""

    reason = long_text(_l("Who withdrew it, and how"), hint=_l("For example: by phone, the journalist."))


class CloseForm(ActForm):
    """What is to be remembered of the case."""

    note = long_text(_l("Closing note"), optional=True, hint=_l("What was published, what is left to remember."))
