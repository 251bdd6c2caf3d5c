"""Articles and letters to the press for tests, made by the office's own actions."""

from datetime import timedelta

from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.actions import articles, letters
from pr_tracker.inquiries.actions.articles import Found
from pr_tracker.inquiries.actions.letters import Receipt
from pr_tracker.inquiries.rules_articles import LetterAsk, LetterKind, LetterText, SendingWay, Verdict
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW

MINUTE = timedelta(minutes=1)
LINK = "https://bao.example/bai"
WRONG_WORDS = "Sở cho biết sẽ không khơi thông thoát nước."


def an_article(
    province, inquiry, *, verdict=Verdict.WRONG, outlet=None, url="https://bao.example/bai", now=NOW, **facts
):
    """An article about an answered case, judged unless told otherwise."""
    title, on = facts.pop("title", "Đường vẫn ngập"), facts.pop("on", office_day(now))
    found = Found(outlet or inquiry.outlet, title, on, url)
    article = articles.add_article(inquiry, found, actor=province.drafter, now=now)
    if verdict is not Verdict.UNJUDGED:
        passage = WRONG_WORDS if verdict is Verdict.WRONG else ""
        articles.judge_article(inquiry, article, verdict, passage=passage, actor=province.drafter, now=now)
    return article


def words(kind=LetterKind.FEEDBACK, *, pace=OutletPace.ONLINE, **facts):
    """What a letter says, with all that its kind needs."""
    asks = {
        LetterKind.FEEDBACK: (LetterAsk.PUBLISH,),
        LetterKind.CORRECTION: (LetterAsk.CORRECT, LetterAsk.APOLOGISE),
    }
    whole = {
        "subject": "phản hồi thông tin đăng trên báo",
        "text": "Sở Xây dựng có ý kiến như sau:",
        "passage": WRONG_WORDS,
        "right": "Sở khơi thông trước ngày 30/11/2026.",
        "conclusion": "Kết luận số 12/KL-TTr ngày 18/11/2026" if kind is LetterKind.CORRECTION else "",
        "asks": asks.get(kind, ()),
        "pace": pace,
    }
    return LetterText(**{**whole, **facts})


def a_letter(province, inquiry, article=None, *, kind=LetterKind.FEEDBACK, until="draft", now=NOW, **facts):
    """A letter that has come to a state: draft, approved, sent or received."""
    receipt = {name: facts.pop(name) for name in ("next_issue_on",) if name in facts}
    text = words(kind, **facts)
    letter = letters.draft_letter(inquiry, kind, text, article=article, actor=province.drafter, now=now)
    if until == "draft":
        return letter
    letters.approve_letter(inquiry, letter, letter.digest, actor=province.head, now=now)
    if until == "approved":
        return letter
    sent = {"number": "215/SXD-VP", "dated_on": office_day(now), "sent_at": now, "way": SendingWay.NETWORK}
    letters.send_letter(inquiry, letter, **sent, actor=province.drafter, now=now)
    if until == "sent":
        return letter
    letters.receive_letter(inquiry, letter, Receipt(now, text.pace, **receipt), actor=province.drafter, now=now)
    return letter
