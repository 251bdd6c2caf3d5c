"""What the press of the demo made of the answers: articles right, wrong and unused, letters in every state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import read_toml
from pr_tracker.demo.stories import fill
from pr_tracker.inquiries.actions import articles, letters
from pr_tracker.inquiries.actions.articles import Found
from pr_tracker.inquiries.actions.letters import Receipt
from pr_tracker.inquiries.labels_articles import first_words
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_articles import LetterAsk, LetterKind, LetterText, Outcome, SendingWay, Verdict
from pr_tracker.office_time import office_day
from pr_tracker.outlets.models import Outlet

DESK = "SXD"  # the department whose staff and head the demo signs in as
LEAST = timedelta(days=6)  # between an answer and the moment, so that a story has room
MOST = timedelta(days=100)
ONLINE, ONLINE_2, DAILY, DAILY_2, TELEVISION, MAGAZINE = 0, 2, 1, 5, 3, 4  # places in outlets.toml
K, V, P = LetterKind, Verdict, OutletPace


@dataclass
class _Life:
    """One case after its answer; `at(part)` is the minute after that part of the office time until the demo's day."""

    case: Inquiry
    since: datetime  # when something was done with the case last
    office: Office
    hours: Hours
    moment: datetime
    texts: dict

    def at(self, part: float) -> datetime:
        return self.hours.along(self.since, self.moment, part)

    @property
    def officer(self) -> Person:
        assert self.case.officer is not None
        return self.case.officer

    @property
    def head(self) -> Person:
        assert self.case.responsible is not None
        return self.case.responsible

    def words(self, name: str) -> str:
        assert self.case.lead_agency is not None
        return fill(self.texts["words"][name], {"donvi": self.case.lead_agency.name})

    def find(self, part: float, verdict: Verdict, place: int) -> Article:
        """An article, judged a little later."""
        outlet, _journalists = self.office.press[place]
        titles = self.texts["titles"][verdict.value]
        title = titles[(self.case.number + place) % len(titles)]
        slug = f"{verdict.value.replace('_', '-')}-{self.case.year}-{self.case.number}.html"
        found = Found(outlet, title, office_day(self.at(part)), f"{outlet.website}/bai/{slug}")
        article = articles.add_article(self.case, found, actor=self.officer, now=self.at(part))
        if verdict is not V.UNJUDGED:
            passage = self.words("passage") if verdict is V.WRONG else ""
            note = self.words("note_not_used") if verdict is V.NOT_USED else ""
            judged: dict[str, Any] = {
                "passage": passage,
                "note": note,
                "actor": self.officer,
                "now": self.at(part + 0.02),
            }
            articles.judge_article(self.case, article, verdict, **judged)
        return article

    def write(self, part: float, kind: LetterKind, article: Article, pace: OutletPace) -> PressLetter:
        """A letter about an article, to be approved."""
        text = self._text(kind, article.outlet, pace)
        return letters.draft_letter(self.case, kind, text, article=article, actor=self.officer, now=self.at(part))

    def _text(self, kind: LetterKind, outlet: Outlet, pace: OutletPace) -> LetterText:
        assert self.case.lead_agency is not None
        subject, opening = first_words(kind, agency=self.case.lead_agency.name, outlet=outlet.name)
        if kind is K.ANSWER_US:
            return LetterText(subject, f"{opening}\n{self.words('ask_us')}", pace=pace)
        asks = (LetterAsk.PUBLISH,) if kind is K.FEEDBACK else (LetterAsk.CORRECT, LetterAsk.APOLOGISE)
        facts: dict[str, Any] = {name: self.words(name) for name in ("passage", "right", "proof")}
        conclusion = self.words("conclusion") if kind is K.CORRECTION else ""
        return LetterText(subject, opening, **facts, conclusion=conclusion, asks=asks, pace=pace)

    def approve(self, part: float, letter: PressLetter) -> None:
        letters.approve_letter(self.case, letter, letter.digest, actor=self.head, now=self.at(part))

    def dispatch(self, part: float, letter: PressLetter) -> None:
        """Approved and sent the same day."""
        self.approve(part, letter)
        at = self.at(part + 0.01)
        assert self.case.lead_agency is not None
        number = f"{200 + letter.id}/{self.case.lead_agency.code}-VP"
        sent: dict[str, Any] = {"number": number, "dated_on": office_day(at), "sent_at": at, "way": SendingWay.NETWORK}
        letters.send_letter(self.case, letter, **sent, actor=self.officer, now=at)

    def receive(self, part: float, letter: PressLetter, *, next_issue_days: int = 0) -> None:
        at = self.at(part)
        issue = office_day(self.moment) + timedelta(days=next_issue_days) if next_issue_days else None
        letters.receive_letter(self.case, letter, Receipt(at, letter.pace, issue), actor=self.officer, now=at)

    def end(self, part: float, letter: PressLetter, outcome: Outcome) -> None:
        at, url = self.at(part), f"{letter.outlet.website}/phan-hoi-{letter.id}.html"
        facts: dict[str, Any] = {"published_at": at, "url": url, "note": self.words(outcome.value)}
        letters.record_outcome(self.case, letter, outcome, **facts, actor=self.officer, now=at)


def follow_answers(office: Office, hours: Hours, moment: datetime) -> None:
    """Articles and letters of recent cases, each of another story."""
    texts, used, latest = read_toml("afterwards.toml"), set[int](), _latest()
    for of_desk, story in STORIES:
        case = next(_cases(office, moment, used, latest, of_desk=of_desk), None)
        if case is not None:
            used.add(case.id)
            story(_Life(case, latest[case.id], office, hours, moment, texts))


def _cases(
    office: Office, moment: datetime, used: set[int], latest: dict[int, datetime], *, of_desk: bool
) -> Iterator[Inquiry]:
    """Answered cases with a head who did not work on them, the latest first; closed files come last."""
    desk = office.agencies[DESK].id
    answered = [case for case in office.cases.values() if case.status is Status.ANSWERED]
    for case in sorted(answered, key=lambda case: (case.closed_at is None, case.finished_at, case.id), reverse=True):
        is_free = LEAST <= moment - latest[case.id] <= MOST and case.id not in used
        has_two = case.officer is not None and case.responsible_id != case.officer_id
        if is_free and has_two and (case.lead_agency_id == desk or not of_desk):
            yield case


def _latest() -> dict[int, datetime]:
    """When something was done with each case last."""
    query = sa.select(HistoryEntry.inquiry_id, sa.func.max(HistoryEntry.at)).group_by(HistoryEntry.inquiry_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _read_only(verdict: Verdict, place: int, life: _Life) -> None:
    life.find(0.3, verdict, place)


def _waits_for_approval(life: _Life) -> None:
    article = life.find(0.6, V.WRONG, DAILY)
    life.find(0.7, V.UNJUDGED, ONLINE_2)
    life.write(0.9, K.FEEDBACK, article, P.DAILY)


def _waits_for_the_document_office(life: _Life) -> None:
    article = life.find(0.5, V.WRONG, TELEVISION)
    life.approve(0.9, life.write(0.7, K.FEEDBACK, article, P.DAILY))


def _overdue(life: _Life) -> None:
    article = life.find(0.2, V.WRONG, ONLINE)
    letter = life.write(0.3, K.CORRECTION, article, P.ONLINE)
    life.dispatch(0.5, letter)
    life.receive(0.55, letter)


def _runs(kind: LetterKind, place: int, pace: OutletPace, days: int, life: _Life) -> None:
    article = life.find(0.4, V.NOT_USED if kind is K.ANSWER_US else V.WRONG, place)
    letter = life.write(0.6, kind, article, pace)
    life.dispatch(0.9, letter)
    life.receive(0.97, letter, next_issue_days=days)


def _two_rounds(life: _Life) -> None:
    article = life.find(0.1, V.WRONG, ONLINE_2)
    life.find(0.12, V.RIGHT, DAILY_2)
    first = life.write(0.2, K.FEEDBACK, article, P.ONLINE)
    life.dispatch(0.25, first)
    life.receive(0.3, first)
    life.end(0.35, first, Outcome.INSUFFICIENT)
    second = life.write(0.45, K.FEEDBACK, article, P.ONLINE)
    life.dispatch(0.5, second)
    life.receive(0.55, second)
    life.end(0.6, second, Outcome.PUBLISHED)


def _corrected_in_time(life: _Life) -> None:
    article = life.find(0.1, V.WRONG, DAILY)
    letter = life.write(0.2, K.CORRECTION, article, P.DAILY)
    life.dispatch(0.3, letter)
    life.receive(0.31, letter)
    life.end(0.33, letter, Outcome.PUBLISHED)


Story = Callable[[_Life], None]
# Whether a story plays at the desk the demo signs in at, and the story.
STORIES: tuple[tuple[bool, Story], ...] = (
    (True, _waits_for_approval),
    (True, _overdue),
    (True, _two_rounds),
    (True, partial(_runs, K.FEEDBACK, DAILY, P.DAILY, 0)),
    (True, _waits_for_the_document_office),
    (False, _corrected_in_time),
    (False, partial(_runs, K.CORRECTION, MAGAZINE, P.MAGAZINE, 9)),
    (False, partial(_runs, K.ANSWER_US, ONLINE, P.ONLINE, 0)),
    *((False, partial(_read_only, V.RIGHT, place)) for place in (ONLINE, DAILY, TELEVISION, ONLINE_2, DAILY_2)),
    *((False, partial(_read_only, V.NOT_USED, place)) for place in (ONLINE, MAGAZINE)),
    (False, partial(_read_only, V.UNJUDGED, DAILY)),
)
