"""Fields of the answer: draft, approval, return, release, refusal, withdrawal, closing."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField
from wtforms.fields import SelectChoice

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.forms.handling import LONGEST_TEXT, ActForm, chosen_id, long_text
from pr_tracker.inquiries.labels import ANSWER_FORM, GROUND, GROUND_ARTICLE
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case
from pr_tracker.inquiries.queries.visibility import latest_draft
from pr_tracker.inquiries.rules_kinds import AnswerForm, RefusalGround, grounds_on
from pr_tracker.office_time import office_day
from pr_tracker.web.forms import OfficeDateTimeField, Required


class DraftForm(ActForm):
    """The text of the answer."""

    text = long_text(_l("Text of the answer"), longest=LONGEST_TEXT, rows=18)

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        draft = latest_draft(inquiry)
        self.text.data = draft.text if draft else ""


class ApproveForm(ActForm):
    """Which text was read: its SHA-256."""

    digest = HiddenField()

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.renew(inquiry)

    def renew(self, inquiry: Inquiry) -> None:
        super().renew(inquiry)
        draft = latest_draft(inquiry)
        self.digest.data = draft.digest if draft else ""


class ReturnForm(ActForm):
    """What has to be revised."""

    reason = long_text(_l("What has to be revised"), hint=_l("Reaches whoever wrote it and stands in the history."))


class ReleaseForm(ActForm):
    """How, when and by whom the approved answer was given, and what shows it."""

    answer_form = RadioField(
        _l("Form of speaking"),
        choices=[],
        coerce=AnswerForm,
        validators=[Required(_l("Choose the form."))],
        description=_l("Decree 244/2026/NĐ-CP, Article 5"),
    )
    released_at = OfficeDateTimeField(_l("Given at"), validators=[Required()])
    speaker_id = SelectField(
        _l("Speaker"),
        coerce=chosen_id,
        choices=[],
        validators=[Required(_l("Choose a person from the list."))],
        description=_l("Heads and deputies of the lead agency and of the province."),
    )
    evidence = long_text(
        _l("Evidence"), rows=2, hint=_l("Number and date of the dispatch, address of the post, place of the talk.")
    )
    files = MultipleFileField(
        _l("Files as evidence"),
        description=_l("PDF, picture, Word, Excel, PowerPoint, MP3 or MP4. No classified content."),
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.answer_form.choices = [SelectChoice(value=form.value, label=str(ANSWER_FORM[form])) for form in AnswerForm]
        self.speaker_id.choices = [SelectChoice(value="", label=_("Choose a person"))] + [
            SelectChoice(value=str(row.id), label=", ".join(filter(None, (row.full_name, row.title, row.agency))))
            for row in case.possible_speakers(inquiry)
        ]

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.released_at.data = now
        self.speaker_id.data = inquiry.responsible_id


class RefuseForm(ActForm):
    """The ground of the law, and the reason as the press is given it."""

    ground = RadioField(_l("Ground"), choices=[], coerce=RefusalGround, validators=[Required(_l("Choose the ground."))])
    reason = long_text(
        _l("Reason given to the press"),
        hint=_l("Word for word, as the press is told (Press Law 2025, Article 31(2))."),
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.ground.choices = [
            SelectChoice(
                value=ground.value,
                label=Markup("<span>{} <small>{}</small></span>").format(GROUND[ground], GROUND_ARTICLE[ground]),
            )
            for ground in grounds_on(office_day(now))
        ]


class WithdrawForm(ActForm):
    """How the press said that it withdraws."""

    reason = long_text(_l("Who withdrew it, and how"), hint=_l("For example: by phone, the journalist."))


class CloseForm(ActForm):
    """What is to be remembered of the case."""

    note = long_text(_l("Closing note"), optional=True, hint=_l("What was published, what is left to remember."))
