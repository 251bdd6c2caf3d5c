"""Fields of approval, return and release: each carries the seal of the text that its page showed."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField
from wtforms.fields import SelectChoice

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.forms.handling import FILES_HINT, ActForm, Boxes, chosen_id, long_text
from pr_tracker.inquiries.forms.voice import LibraryFields
from pr_tracker.inquiries.labels import ANSWER_FORM
from pr_tracker.inquiries.labels_articles import STATED
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.speaking import speakers_between
from pr_tracker.inquiries.queries.visibility import latest_draft, read_draft
from pr_tracker.inquiries.queries.voice import said_on
from pr_tracker.inquiries.rules_articles import RELAYED_KINDS, Stated
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.office_time import office_day
from pr_tracker.spokespersons.labels_names import rights_words
from pr_tracker.spokespersons.rules_authority import Right
from pr_tracker.web.forms import OfficeDateTimeField, Required


class SealedForm(ActForm):
    """Which text was read: the seal of the newest version."""

    digest = HiddenField()

    def renew(self, inquiry: Inquiry) -> None:
        super().renew(inquiry)
        draft = read_draft(inquiry)
        self.digest.data = draft.digest if draft else ""


class ApproveForm(SealedForm):
    """The approval; the head who wrote the text says so."""

    alone = BooleanField(_l("I answer alone as head of the agency: I wrote this text and approve it myself"))


class ReturnForm(ActForm):
    """What has to be revised."""

    reason = long_text(_l("What has to be revised"), hint=_l("Reaches whoever wrote it and stands in the history."))


class SensitiveForm(ActForm):
    """Why the matter needs special care."""

    reason = long_text(_l("Why it is sensitive"), hint=_l("Stands in the history; no classified content."))


class ToldForm(SealedForm):
    """How and when the press was told, and what shows it."""

    answer_form = RadioField(
        _l("Form of speaking"),
        choices=[],
        coerce=AnswerForm,
        validators=[Required(_l("Choose the form."))],
        description=_l("Decree 244/2026/NĐ-CP, Article 5"),
    )
    released_at = OfficeDateTimeField(_l("Given at"), validators=[Required()])
    evidence = long_text(
        _l("Evidence"), rows=2, hint=_l("Number and date of the dispatch, address of the post, place of the talk.")
    )
    files = MultipleFileField(_l("Files as evidence"), description=FILES_HINT)

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.answer_form.choices = [SelectChoice(value=form.value, label=str(ANSWER_FORM[form])) for form in AnswerForm]

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.released_at.data = now


class ReleaseForm(ToldForm, LibraryFields):
    """How, when and by whom the approved answer was given, and the statement it becomes."""

    speaker_id = SelectField(
        _l("Speaker"),
        coerce=chosen_id,
        choices=[],
        validators=[Required(_l("Choose a person from the list."))],
        description=_l(
            "Who may speak at that moment: the head, the permanent spokesperson, whoever the head has authorised "
            "(Decree 244/2026/NĐ-CP, Article 3)."
        ),
    )
    stated = Boxes(
        _l("What the text states"),
        choices=[SelectChoice(value=one.value, label=words) for one, words in STATED.items()],
        coerce=Stated,
        validators=[Required(_l("Mark at least one."))],
        description=_l("At least one, because it is an answer on the press (Press Law 2025, Article 32(1))."),
    )

    @property
    def shown_fields(self) -> list:
        """What the text states after the form, the speaker after the moment, the library last."""
        stated = [self.stated] if "stated" in self else []
        told = [self.answer_form, *stated, self.released_at, self.speaker_id, self.evidence, self.files]
        return [*told, *self.library_fields]

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        super().prepare(inquiry, reader, now)
        if inquiry.kind is not Kind.ANSWER_ON_PRESS:
            del self.stated
        self.speaker_id.choices = [SelectChoice(value="", label=_("Choose a person")), *_speakers(inquiry, now)]
        draft = latest_draft(inquiry)
        self.offer(said_on(inquiry, draft.text if draft else "", office_day(now)))

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        super().preset(inquiry, now)
        if inquiry.kind in RELAYED_KINDS:  # the law wants it written
            self.answer_form.data = AnswerForm.WRITTEN
        self.speaker_id.data = inquiry.responsible_id


def _speakers(inquiry: Inquiry, now: datetime) -> list[SelectChoice]:
    """Whoever might speak since the receipt, once each, with every ground of theirs; the moment itself is checked."""
    rights: dict[int, list[Right]] = {}
    for right in speakers_between(inquiry, inquiry.received_at, now):
        if right.person_id is not None:
            rights.setdefault(right.person_id, []).append(right)
    return [SelectChoice(value=str(person_id), label=rights_words(own)) for person_id, own in rights.items()]
