"""Fields of the acts that say who handles an inquiry; every act's form carries the version its reader saw."""

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries import case
from pr_tracker.inquiries.queries.training import led_by_untrained, untrained
from pr_tracker.web.forms import Form, OfficeDateTimeField, Required

LONGEST_REASON = 4000
LONGEST_TEXT = 30000
FILES_HINT = _l("PDF, picture, Word, Excel, PowerPoint, MP3 or MP4. No classified content.")


def chosen_id(value: Any) -> int | None:
    """A chosen id, None for the empty choice. Raises ValueError for anything else."""
    return None if value in (None, "", "None") else int(value)


def long_text(
    label: Any, *, longest: int = LONGEST_REASON, optional: bool = False, rows: int = 4, hint: Any = ""
) -> Any:
    """Several lines of text, needed unless said otherwise."""
    checks = [Length(max=longest)] if optional else [Required(), Length(max=longest)]
    return TextAreaField(label, validators=checks, render_kw={"rows": rows}, description=hint)


class Boxes(SelectMultipleField):
    """Several choices as boxes in a row."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ActForm(Form):
    """An act on an inquiry; alone, it asks nothing but to be sent."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version of the inquiry that the reader had before them; 0 for garbage."""
        raw = str(self.seen.data or "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0

    @property
    def shown_fields(self) -> list[Any]:
        """What the page lays out, in order."""
        return [field for field in self if not isinstance(field, HiddenField) and field.type != "CSRFTokenField"]

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        """What may be chosen."""

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        """What is likely, before anything was typed."""

    def renew(self, inquiry: Inquiry) -> None:
        """The inquiry as it is now is what the reader has before them."""
        self.seen.data = str(inquiry.version)


class AcknowledgeForm(ActForm):
    """When the journalist was told that the inquiry is received."""

    acknowledged_at = OfficeDateTimeField(_l("The press was told at"), validators=[Required()])

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.acknowledged_at.data = now


class AgencyForm(ActForm):
    """Chooses an agency."""

    agency_id = SelectField(
        _l("Agency"), coerce=chosen_id, choices=[], validators=[Required(_l("Choose an agency from the list."))]
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self._offer(inquiry, case.active_agencies())

    def _offer(self, inquiry: Inquiry, agencies: Any) -> list[SelectChoice]:
        first = SelectChoice(value="", label=_("Choose an agency"))
        offered = [SelectChoice(value=str(row.id), label=row.name) for row in agencies]
        self.agency_id.choices = [first, *offered]
        return offered


class WatcherForm(AgencyForm):
    """Which agency may follow."""


class AssignForm(AgencyForm):
    """Which agency leads; outside the provincial office only the own one."""

    note = long_text(
        _l("What it should take care of"), optional=True, hint=_l("Stands in the history, for the lead agency.")
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        everywhere = reader.agency.kind.sees_whole_province
        agencies: list[Any] = list(case.active_agencies()) if everywhere else [reader.agency]
        lacking = led_by_untrained([row.id for row in agencies], now)
        told = lacking if len(lacking) < len(agencies) else set()  # where all lack it, saying so helps nobody choose
        for choice, row in zip(self._offer(inquiry, agencies), agencies, strict=True):
            if row.id in told:
                choice.label = _("%(agency)s, its head has no valid training certificate", agency=row.name)


class OfficerForm(ActForm):
    """Who of the lead agency works on it."""

    officer_id = SelectField(
        _l("Case officer"), coerce=chosen_id, choices=[], validators=[Required(_l("Choose a person from the list."))]
    )

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        officers = case.officers_of(inquiry)
        lacking = untrained([row.id for row in officers], now)
        told = lacking if len(lacking) < len(officers) else set()
        remark = _("no valid training certificate")
        self.officer_id.choices = [SelectChoice(value="", label=_("Choose a person"))] + [
            SelectChoice(
                value=str(row.id),
                label=", ".join(filter(None, (row.full_name, row.title, remark if row.id in told else ""))),
            )
            for row in officers
        ]

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.officer_id.data = inquiry.officer_id


class AskForm(AgencyForm):
    """Which agency should rather lead, and why."""

    reason = long_text(_l("Reason"), hint=_l("The agency reads it before it accepts or declines."))


class RequestForm(ActForm):
    """The answer of an agency that was asked to lead."""

    reason = long_text(_l("Reason, when declining"), optional=True, hint=_l("Not needed to accept."))

    @property
    def accepts(self) -> bool:
        """Which of the two buttons was pressed; none counts as declining, which asks for a reason."""
        return request.form.get("answer") == "accept"


class UrgeForm(ActForm):
    """A word to the lead agency."""

    note = long_text(
        _l("What is to be done, and by when"), hint=_l("Stands in the history, for everybody who sees it.")
    )


class CommentForm(Form):
    """A remark inside the house."""

    text = long_text(_l("Internal comment"), rows=2)


class FilesForm(ActForm):
    """Files to keep with the inquiry."""

    files = MultipleFileField(_l("Files"), validators=[Required()], description=FILES_HINT)
