"""Fields of coordination: whom to ask what by when; a version of the input, its approval and return; using it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.inquiries.forms.answer import DraftForm
from pr_tracker.inquiries.forms.handling import FILES_HINT, LONGEST_REASON, LONGEST_TEXT, ActForm, long_text
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.models_parts import Contribution
from pr_tracker.inquiries.queries import parts as queries
from pr_tracker.inquiries.queries.plan import part_due_at
from pr_tracker.inquiries.rules_parts import BoxState
from pr_tracker.office_time import write_moment
from pr_tracker.web.forms import LinesField, OfficeDateTimeField, Required

MOST_QUESTIONS = 30
OWN_TERM = _l("For example 16:00 27/11/2026. Empty: the agency's own internal term.")


def _questions() -> LinesField:
    return LinesField(
        _l("Questions, one per line"),
        validators=[Required(_l("Write at least one question.")), _short_enough],
        render_kw={"rows": 4},
        description=_l("For example: number of households affected. Each line is one numbered question."),
    )


def _boxes(label: Any, check: Any) -> SelectMultipleField:
    """Several of a list, each a box to tick."""
    widgets = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, coerce=int, choices=[], validators=[check], **widgets)


def _short_enough(_form: Any, field: LinesField) -> None:
    lines = field.data or []
    if len(lines) > MOST_QUESTIONS or max(map(len, lines), default=0) > LONGEST_REASON:
        raise ValidationError(
            _("At most %(most)s questions of %(longest)s characters.", most=MOST_QUESTIONS, longest=LONGEST_REASON)
        )


def _planned(inquiry: Inquiry, now: datetime) -> str:
    """By when the plan wants a part that has no time of its own."""
    planned = part_due_at(inquiry, now)
    if planned is None:
        return str(OWN_TERM)
    return _(
        "Empty: the agency's own internal term, but not later than %(planned)s, which leaves the lead agency a third "
        "of the draft's time.",
        planned=write_moment(planned),
    )


class AskPartsForm(ActForm):
    """Which agencies are asked, what, and by when: all by the same time, or some by their own."""

    agency_ids = _boxes(_l("Agencies"), Required(_l("Choose at least one agency.")))
    questions = _questions()
    due_at = OfficeDateTimeField(_l("Due"), validators=[Optional()], description=OWN_TERM)
    note = long_text(_l("Note for the agencies"), optional=True, rows=2)

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.due_at.description = _planned(inquiry, now)
        self.agencies = queries.askable_agencies(inquiry)
        self.agency_ids.choices = [SelectChoice(value=row.id, label=row.name) for row in self.agencies]
        for row in self.agencies:
            name = f"due_{row.id}"
            label = _("Own due time of %(agency)s", agency=row.name)
            unbound = OfficeDateTimeField(label, validators=[Optional()])
            self._fields[name] = field = self.meta.bind_field(self, unbound, {"name": name, "prefix": ""})
            field.process(request.form)

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """The agencies to choose from with their own due times: those of the province, then the communes."""
        boxes = dict(zip((row.id for row in self.agencies), self.agency_ids, strict=True))
        province = [row for row in self.agencies if row.kind is not AgencyKind.COMMUNE]
        communes = [row for row in self.agencies if row.kind is AgencyKind.COMMUNE]
        named = [
            (_("Departments and agencies of the province"), province),
            (_("Communes, wards, special zones"), communes),
        ]
        return [(name, [(boxes[row.id], self[f"due_{row.id}"]) for row in rows]) for name, rows in named if rows]

    @property
    def own_due(self) -> dict[int, datetime]:
        """The times typed for single agencies."""
        typed = {row.id: self[f"due_{row.id}"].data for row in self.agencies}
        return {agency_id: due_at for agency_id, due_at in typed.items() if due_at}


class AskAgainForm(ActForm):
    """Further questions to one agency, or questions about what it sent."""

    questions = _questions()
    back = BooleanField(
        _l("These questions are about what the agency sent (it comes back to the agency)"), render_kw={"role": "switch"}
    )
    due_at = OfficeDateTimeField(_l("Due"), validators=[Optional()])
    note = long_text(_l("Note for the agency"), optional=True, rows=2)

    part_id: int

    @classmethod
    def about(cls, part_id: int) -> Callable[[], "AskAgainForm"]:
        """The form for one part."""

        def make() -> AskAgainForm:
            form = cls()
            form.part_id = part_id
            return form

        return make

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        """By when it is due if nothing is typed; only what was sent can be asked back."""
        part = queries.get_part(inquiry, self.part_id)
        self.due_at.description = _planned(inquiry, now) if part.sent_at else _("Empty: the present due time stays.")
        if part.box is not BoxState.SENT:
            del self.back


class MergeForm(DraftForm):
    """What is typed of the answer so far, to which an agency's input is added; it may be nothing yet."""

    text = long_text(_l("Text of the answer"), longest=LONGEST_TEXT, rows=18, optional=True)


class BoxForm(ActForm):
    """An act in an agency's own box; `seen` is the version of the box. Alone, it asks nothing but to be sent."""

    def of(self, part: Participation, newest: Contribution | None) -> None:
        """The box the form is about, before it is read."""

    def fill(self, part: Participation, newest: Contribution | None) -> None:
        """What is likely, before anything was typed."""

    def renew_box(self, part: Participation, newest: Contribution | None) -> None:
        """The box as it is now is what the reader has before them."""
        self.seen.data = str(part.box_version)


class WriteForm(BoxForm):
    """The words of a version, and the files that go with it."""

    text = long_text(_l("Our part"), longest=LONGEST_TEXT, rows=14)
    kept = _boxes(_l("Files that go with it"), Optional())
    files = MultipleFileField(_l("Add files"), description=FILES_HINT)

    def of(self, part: Participation, newest: Contribution | None) -> None:
        files = newest.files if newest else []
        self.kept.choices = [SelectChoice(value=file.id, label=file.file_name) for file in files]
        if not files:
            del self.kept

    def fill(self, part: Participation, newest: Contribution | None) -> None:
        self.text.data = newest.text if newest else ""
        if "kept" in self and newest:
            self.kept.data = [file.id for file in newest.files]

    @property
    def kept_ids(self) -> set[int]:
        """The files of the version before that stay."""
        return set(self.kept.data or []) if "kept" in self else set()


class ApprovePartForm(BoxForm):
    """Which text was read: its seal."""

    digest = HiddenField(validators=[Length(max=64)])

    def renew_box(self, part: Participation, newest: Contribution | None) -> None:
        super().renew_box(part, newest)
        self.digest.data = newest.digest if newest else ""


class ReturnPartForm(BoxForm):
    """What has to be revised."""

    reason = long_text(_l("What has to be revised"), hint=_l("Stays inside the agency: whoever wrote it reads it."))
