"""Fields of articles found, and of letters to the press: what they say, how they went, what came of them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from pr_tracker.accounts.models import Person
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.forms.handling import FILES_HINT, LONGEST_TEXT, ActForm, Boxes, long_text
from pr_tracker.inquiries.labels_articles import ASK, OUTCOME, PACE, SENDING_WAY, VERDICT, first_words
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.queries.articles import get_article, get_letter, usual_pace
from pr_tracker.inquiries.rules_articles import (
    ABOUT_WRONG_WORDS,
    ASKS,
    IN_PUBLIC,
    PACES,
    LetterAsk,
    LetterKind,
    LetterText,
    Outcome,
    SendingWay,
    Verdict,
)
from pr_tracker.office_time import office_day
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.outlets.models import Outlet
from pr_tracker.outlets.rules import LONGEST_NAME, OutletKind
from pr_tracker.web.forms import OfficeDateField, OfficeDateTimeField, Required

LONGEST_URL, LONGEST_TITLE = 500, 300


def choices(words: dict[Any, Any], members: Any = None) -> list[SelectChoice]:
    """Labels as choices, of all members or of some."""
    return [SelectChoice(value=one.value, label=words[one]) for one in (members or words)]


def _require_link(_form: Any, field: StringField) -> None:
    """A link of the web, or nothing: nobody is sent to another kind of address."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or any(each.isspace() for each in field.data):
        raise ValidationError(_("“%(typed)s” is not a link. Example: https://example.vn/bai-viet", typed=field.data))


def _link(label: Any, hint: Any = "") -> StringField:
    checks = [Length(max=LONGEST_URL), _require_link]
    return StringField(label, validators=checks, description=hint, render_kw={"inputmode": "url"})


class ArticleForm(ActForm):
    """What is known of an article."""

    outlet = StringField(_l("Press agency"), [Required(), Length(max=LONGEST_NAME)])
    outlet_id = HiddenField()
    outlet_kind = SelectField(
        _l("Kind, if the agency is new"), choices=choices(OUTLET_KINDS), default=OutletKind.ONLINE.value
    )
    title = StringField(_l("Title of the article"), [Required(), Length(max=LONGEST_TITLE)])
    url = _link(_l("Link"), _l("Of print, radio or television: attach a clipping or a recording instead."))
    published_on = OfficeDateField(_l("Published on"), validators=[Required()])
    files = MultipleFileField(_l("Clipping"), description=FILES_HINT)

    article_id: int | None = None  # of the entry that is corrected

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        article = get_article(inquiry, self.article_id) if self.article_id else None
        outlet: Outlet = article.outlet if article else inquiry.outlet
        self.outlet.data, self.outlet_id.data = outlet.name, str(outlet.id)
        self.published_on.data = article.published_on if article else office_day(now)
        if article:
            self.title.data, self.url.data = article.title, article.url


class JudgeForm(ActForm):
    """Whether an article quotes the answer right, and which words are wrong."""

    verdict = RadioField(
        _l("Verdict"),
        choices=choices(VERDICT, (Verdict.RIGHT, Verdict.WRONG, Verdict.NOT_USED)),
        coerce=Verdict,
        validators=[Required(_l("Choose the verdict."))],
    )
    passage = long_text(
        _l("The wrong words"), optional=True, hint=_l("Word for word, as published. Needed when it quotes wrong.")
    )
    note = long_text(_l("Remark"), optional=True, rows=2, hint=_l("Of the article only, never of a person."))

    article_id: int

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        article = get_article(inquiry, self.article_id)
        self.verdict.data = None if article.verdict is Verdict.UNJUDGED else article.verdict
        self.passage.data, self.note.data = article.passage, article.note


class WhyForm(ActForm):
    """A reason, which stands in the history."""

    reason = long_text(_l("Reason"), rows=3, hint=_l("Stands in the history."))


class LetterForm(ActForm):
    """What a letter says; which fields it has depends on its kind."""

    subject = StringField(_l("Subject (V/v)"), [Required(), Length(max=LONGEST_TITLE)])
    text = long_text(_l("Words of the letter"), longest=LONGEST_TEXT, rows=7)
    passage = long_text(_l("The wrong words"), rows=4, hint=_l("Word for word, as published."))
    right = long_text(_l("What is right"), rows=5)
    proof = long_text(_l("What shows it"), rows=3, optional=True, hint=_l("Documents and figures, with their numbers."))
    conclusion = long_text(
        _l("Written conclusion the request stands on"),
        rows=2,
        hint=_l("Number, day and who issued it (Decree 237/2026/NĐ-CP, Article 19(3)). It goes with the letter."),
    )
    asks = Boxes(
        _l("What the press agency is asked to do"),
        choices=[],
        coerce=LetterAsk,
        validators=[Required(_l("Choose what it is asked to do."))],
    )
    pace = RadioField(
        _l("The press agency appears"),
        choices=[],
        coerce=OutletPace,
        validators=[Required(_l("Choose how often it appears."))],
        description=_l("Its term depends on it."),
    )

    kind: LetterKind
    article_id: int | None = None
    letter_id: int | None = None

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.letter = get_letter(inquiry, self.letter_id) if self.letter_id else None
        found = self.letter.article if self.letter else None
        self.article: Article | None = get_article(inquiry, self.article_id) if self.article_id else found
        outlet = self.article.outlet if self.article else inquiry.outlet
        if self.kind not in ABOUT_WRONG_WORDS:
            del self.passage, self.right, self.proof
        if self.kind is not LetterKind.CORRECTION:
            del self.conclusion
        if ASKS[self.kind]:
            self.asks.choices = choices(ASK, ASKS[self.kind])
        else:
            del self.asks
        self.pace.choices = choices(PACE, PACES[outlet.kind])

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        outlet = self.article.outlet if self.article else inquiry.outlet
        if self.letter is not None:
            for name in ("subject", "text", "passage", "right", "proof", "conclusion", "pace"):
                if name in self:
                    self[name].data = getattr(self.letter, name)
            if "asks" in self:
                self.asks.data = [LetterAsk(one) for one in self.letter.asks]
            return
        agency = inquiry.lead_agency or inquiry.intake_agency
        self.subject.data, self.text.data = first_words(self.kind, agency=agency.name, outlet=outlet.name)
        self.pace.data = usual_pace(outlet)
        if "passage" in self and self.article:
            self.passage.data = self.article.passage
        if "asks" in self:
            self.asks.data = list(ASKS[self.kind][:1])

    @property
    def letter_text(self) -> LetterText:
        """The whole of it as a value."""
        typed = {name: self[name].data or "" for name in ("passage", "right", "proof", "conclusion") if name in self}
        asks = tuple(self.asks.data or ()) if "asks" in self else ()
        return LetterText(self.subject.data, self.text.data, asks=asks, pace=self.pace.data, **typed)


class LetterActForm(ActForm):
    """An act on one letter."""

    letter_id: int

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.letter: PressLetter = get_letter(inquiry, self.letter_id)


class ApproveLetterForm(LetterActForm):
    """Which text was read: its SHA-256."""

    digest = HiddenField()

    def renew(self, inquiry: Inquiry) -> None:
        super().renew(inquiry)
        self.digest.data = get_letter(inquiry, self.letter_id).digest


class LetterWhyForm(LetterActForm):
    """A reason about one letter."""

    reason = long_text(_l("Reason"), rows=3, hint=_l("Stands in the history."))


class SendForm(LetterActForm):
    """The document office's number, and how the letter left the house."""

    number = StringField(
        _l("Number of the letter"), [Required(), Length(max=60)], description=_l("For example 215/SXD-VP.")
    )
    dated_on = OfficeDateField(_l("Date of the letter"), validators=[Required()])
    sent_at = OfficeDateTimeField(_l("Sent at"), validators=[Required()])
    way = RadioField(_l("How"), choices=choices(SENDING_WAY), coerce=SendingWay, validators=[Required()])

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.dated_on.data, self.sent_at.data, self.way.data = office_day(now), now, SendingWay.NETWORK


class ReceiptFields(ActForm):
    """When the press agency received it, how often it appears, its next issue."""

    received_at = OfficeDateTimeField(
        _l("The press agency received it at"),
        validators=[Required()],
        description=_l("Its term runs from here. As its receipt, its answer or the network shows."),
    )
    pace = RadioField(
        _l("The press agency appears"),
        choices=[],
        coerce=OutletPace,
        validators=[Required(_l("Choose how often it appears."))],
    )
    next_issue_on = OfficeDateField(
        _l("Its next issue appears on"),
        validators=[Optional()],
        description=_l("Only of weeklies and magazines whose term ends with the next issue."),
    )


class ReceiveForm(ReceiptFields):
    """The receipt of one letter."""

    letter_id: int

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.letter: PressLetter = get_letter(inquiry, self.letter_id)
        self.pace.choices = choices(PACE, PACES[self.letter.outlet.kind])

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.received_at.data, self.pace.data = self.letter.received_at or now, self.letter.pace


class RelayForm(ReceiptFields):
    """Which written answer of ours the press agency received, and when."""

    number = StringField(
        _l("Number of our written answer"), [Required(), Length(max=60)], description=_l("For example 215/SXD-VP.")
    )
    dated_on = OfficeDateField(_l("Date of the answer"), validators=[Required()])

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.pace.choices = choices(PACE, PACES[inquiry.outlet.kind])

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.received_at.data, self.pace.data = now, usual_pace(inquiry.outlet)
        self.dated_on.data = office_day(inquiry.released_at) if inquiry.released_at else office_day(now)

    @property
    def shown_fields(self) -> list[Any]:
        return [self.number, self.dated_on, self.received_at, self.pace, self.next_issue_on]


class OutcomeForm(LetterActForm):
    """What came of a letter, and what shows it."""

    outcome = RadioField(
        _l("What came of it"),
        choices=choices(OUTCOME),
        coerce=Outcome,
        validators=[Required(_l("Choose what came of it."))],
    )
    published_at = OfficeDateTimeField(
        _l("Published or answered at"), validators=[Optional()], description=_l("When something was published.")
    )
    url = _link(_l("Link to what was published"))
    files = MultipleFileField(_l("Evidence as a file"), description=FILES_HINT)
    note = long_text(
        _l("What is missing, or why"), optional=True, rows=3, hint=_l("Needed unless it was done as asked.")
    )

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        letter = get_letter(inquiry, self.letter_id)
        self.outcome.data, self.note.data, self.url.data = letter.outcome, letter.outcome_note, letter.evidence_url
        self.published_at.data = letter.published_at

    @property
    def in_public(self) -> bool:
        """Whether something was published."""
        return self.outcome.data in IN_PUBLIC
