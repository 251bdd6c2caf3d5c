"""Articles found after an answer: entered, corrected, judged, withdrawn with a reason; nothing is deleted."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.inquiries.actions.beats import begin, tell
from pr_tracker.inquiries.models import Attachment, Inquiry
from pr_tracker.inquiries.models_articles import Article
from pr_tracker.inquiries.queries.articles import has_letters
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_articles import Verdict
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import require_text
from pr_tracker.office_time import office_day
from pr_tracker.outlets.models import Outlet


@dataclass(frozen=True)
class Found:
    """What is known of an article."""

    outlet: Outlet
    title: str
    published_on: date
    url: str = ""


def add_article(
    inquiry: Inquiry,
    found: Found,
    *,
    actor: Person,
    now: datetime,
    clipping: Attachment | None = None,
    seen: int | None = None,
) -> Article:
    """An article the press published after the answer or refusal; it waits for a verdict.

    Raises BadInput: neither link nor clipping, a day before the answer or to come, a link entered already.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    _require_sound(inquiry, found, now, has_clipping=clipping is not None)
    _require_new(inquiry, found.url, None)
    article = Article(
        inquiry_id=inquiry.id,
        outlet=found.outlet,
        draft_id=inquiry.approved_draft_id,
        title=require_text(found.title, "title"),
        url=found.url.strip(),
        published_on=found.published_on,
        clipping_id=clipping.id if clipping else None,
        found_at=now,
        found_by_id=actor.id,
        verdict=Verdict.UNJUDGED,
    )
    db.session.add(article)
    db.session.flush()
    _tell(inquiry, InquiryEvent.ARTICLE, article, actor=actor, now=now, on=found.published_on.isoformat())
    return article


def correct_article(
    inquiry: Inquiry,
    article: Article,
    found: Found,
    *,
    actor: Person,
    now: datetime,
    clipping: Attachment | None = None,
    seen: int | None = None,
) -> None:
    """Better facts of an entry; the former ones stay in the history. Raises BadInput, StepNotAllowed once withdrawn."""
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    require_standing(article)
    _require_sound(inquiry, found, now, has_clipping=bool(clipping or article.clipping_id))
    _require_new(inquiry, found.url, article)
    if article.outlet_id != found.outlet.id and has_letters(article):
        raise BadInput(N_("A letter went to this press agency: it stays."), field="outlet_id")
    former = {
        "title": article.title,
        "url": article.url,
        "published_on": article.published_on.isoformat(),
        "outlet": article.outlet.name,
    }
    article.outlet, article.title, article.url = found.outlet, require_text(found.title, "title"), found.url.strip()
    article.published_on = found.published_on
    article.clipping_id = clipping.id if clipping else article.clipping_id
    _tell(inquiry, InquiryEvent.ARTICLE_CORRECT, article, actor=actor, now=now, former=former)


def judge_article(
    inquiry: Inquiry,
    article: Article,
    verdict: Verdict,
    *,
    passage: str = "",
    note: str = "",
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Whether an article quotes the answer right; of a wrong one the wrong words are named.

    Raises BadInput: no verdict, wrong without its words, or another verdict although a letter says it is wrong.
    """
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    require_standing(article)
    if verdict is Verdict.UNJUDGED:
        raise BadInput(N_("Choose the verdict."), field="verdict")
    if article.verdict is Verdict.WRONG and verdict is not Verdict.WRONG and has_letters(article):
        raise BadInput(N_("A letter to the press says that this article is wrong: the verdict stays."), field="verdict")
    article.passage = require_text(passage, "passage") if verdict is Verdict.WRONG else ""
    article.verdict, article.note = verdict, note.strip()
    article.judged_at, article.judged_by_id = now, actor.id
    said = {"verdict": verdict, "words": article.passage or article.note}
    _tell(inquiry, InquiryEvent.ARTICLE_JUDGE, article, actor=actor, now=now, **said)


def withdraw_article(
    inquiry: Inquiry, article: Article, reason: str, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """An entry that should not be: it stays readable with the reason. Raises BadInput, or when a letter is about it."""
    begin(inquiry, Step.FOLLOW, actor=actor, seen=seen, now=now)
    require_standing(article)
    if has_letters(article):
        raise StepNotAllowed(N_("A letter to the press is about this article: the entry stays."))
    article.withdrawn_at, article.withdrawn_by_id = now, actor.id
    article.withdrawn_reason = require_text(reason, "reason")
    said = {"reason": article.withdrawn_reason}
    _tell(inquiry, InquiryEvent.ARTICLE_WITHDRAW, article, actor=actor, now=now, **said)


def require_standing(article: Article) -> None:
    """Raises StepNotAllowed for an entry that was withdrawn."""
    if article.withdrawn_at is not None:
        raise StepNotAllowed(N_("This entry has been withdrawn."))


def _require_sound(inquiry: Inquiry, found: Found, now: datetime, *, has_clipping: bool) -> None:
    if not found.url.strip() and not has_clipping:
        raise BadInput(N_("Give the link, or attach a clipping."), field="url")
    if found.published_on > office_day(now):
        raise BadInput(N_("This day is still to come."), field="published_on")
    assert inquiry.finished_at is not None  # FOLLOW is open only then
    if found.published_on < office_day(inquiry.finished_at):
        raise BadInput(N_("This is before the press had its answer."), field="published_on")


def _require_new(inquiry: Inquiry, url: str, own: Article | None) -> None:
    if not url.strip():
        return
    same = sa.select(Article.id).where(
        Article.inquiry_id == inquiry.id, Article.url == url.strip(), Article.withdrawn_at.is_(None)
    )
    found = db.session.scalar(same)
    if found is not None and (own is None or found != own.id):
        raise BadInput(N_("This link is on record already."), field="url")


def _tell(
    inquiry: Inquiry, event: InquiryEvent, article: Article, *, actor: Person, now: datetime, **data: object
) -> None:
    facts = {"article": article.title, "article_id": article.id, "outlet": article.outlet.name}
    tell(inquiry, event, actor=actor, now=now, **facts, **data)
