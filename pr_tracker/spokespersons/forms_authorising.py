"""Fields of an authorisation to speak, for a page of an inquiry or of an incident; and of its revocation."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from pr_tracker.spokespersons.actions_authorising import Grant
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.rules_authority import LONGEST_WORDS
from pr_tracker.web.forms import OfficeDateField, OfficeDateTimeField, Required


def chosen_person(value: Any) -> int | None:
    """A chosen id, None for the empty choice. Raises ValueError for anything else."""
    return None if value in (None, "", "None") else int(value)


SCAN_HINT = _l("PDF or picture. It may follow later.")


class AuthorityFields:
    """Who may speak, in what, from when until when, by which paper. Mixed into a form; see `offer` and `grant`."""

    person_id = SelectField(
        _l("Who is authorised"),
        coerce=chosen_person,
        choices=[],
        validators=[Required(_l("Choose a person from the list."))],
        description=_l("Speaks in your place; cannot pass it on (Decree 244/2026/NĐ-CP, Article 3(6))."),
    )
    words = TextAreaField(
        _l("What the paper says"),
        [Required(), Length(max=LONGEST_WORDS)],
        render_kw={"rows": 4},
        description=_l("One specific matter (Article 3(5))."),
    )
    from_at = OfficeDateTimeField(_l("From"), validators=[Required()], description=_l("For example 08:00 23/11/2026."))
    until_at = OfficeDateTimeField(
        _l("Until"),
        validators=[Required()],
        description=_l("For example 16:30 27/11/2026. At this minute the matter goes back to the head."),
    )
    number = StringField(
        _l("Number of the document"),
        [Optional(), Length(max=60)],
        description=_l("From the document office. Without number and date this is a draft that gives no right."),
    )
    signed_on = OfficeDateField(_l("Signed on"), validators=[Optional()], description=_l("For example 20/11/2026."))
    scan = FileField(_l("Scan of the document"), description=SCAN_HINT)
    shown_publicly = BooleanField(
        _l("Show it on the public list of spokespersons while it is in force"), false_values=(False, "false", "", "0")
    )

    def offer(self, people: Iterable[Any]) -> None:
        """The people who may be chosen."""
        self.person_id.choices = [  # type: ignore[attr-defined]
            SelectChoice(value="", label=_("Choose a person")),
            *(
                SelectChoice(value=str(row.id), label=", ".join(filter(None, (row.full_name, row.title, row.agency))))
                for row in people
            ),
        ]

    def fill(self, made: Authorisation) -> None:
        """What is prepared already."""
        known: dict[str, Any] = {"words": made.matter_words, "number": made.number, "signed_on": made.signed_on}
        known |= {"person_id": made.person_id, "from_at": made.from_at, "until_at": made.until_at}
        for name, value in (known | {"shown_publicly": made.shown_publicly}).items():
            getattr(self, name).data = value

    def grant(self) -> Grant:
        """What was typed, as the action takes it."""
        typed: dict[str, Any] = {name: getattr(self, name).data for name in Grant.__dataclass_fields__}
        return Grant(**typed | {"number": typed["number"] or "", "words": typed["words"] or ""})
