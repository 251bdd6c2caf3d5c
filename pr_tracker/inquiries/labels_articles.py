"""Life after release in words: verdicts, letters to the press, where they stand, what an answer states."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.rules_terms import OutletPace
from pr_tracker.inquiries.rules_articles import (
    LetterAsk,
    LetterKind,
    LetterState,
    Outcome,
    SendingWay,
    Stated,
    Verdict,
)
from pr_tracker.inquiries.rules_events import InquiryEvent

VERDICT = {
    Verdict.UNJUDGED: _l("Not judged yet"),
    Verdict.RIGHT: _l("Quoted right"),
    Verdict.WRONG: _l("Quoted wrong"),
    Verdict.NOT_USED: _l("Answer not used"),
}
LETTER_KIND = {
    LetterKind.FEEDBACK: _l("Feedback"),
    LetterKind.CORRECTION: _l("Request to correct and apologise"),
    LetterKind.RELAY: _l("Written answer to be published"),
    LetterKind.ANSWER_US: _l("Request that the press agency answers"),
}
# The verb on the button that begins such a letter, and what its page says first.
LETTER_ACT = {
    LetterKind.FEEDBACK: _l("Write feedback"),
    LetterKind.CORRECTION: _l("Ask for a correction and an apology"),
    LetterKind.RELAY: _l("Record that the press agency has our written answer"),
    LetterKind.ANSWER_US: _l("Ask the press agency to answer"),
}
LETTER_LEDE = {
    LetterKind.FEEDBACK: _l("The press agency publishes our text (Decree 237/2026/NĐ-CP, Article 21)."),
    LetterKind.CORRECTION: _l("It stands on a written conclusion (Decree 237/2026/NĐ-CP, Article 19(3))."),
    LetterKind.RELAY: _l("From then on its term to publish the answer runs (Decree 237/2026/NĐ-CP, Article 18(5))."),
    LetterKind.ANSWER_US: _l("The press agency answers within its term (Decree 237/2026/NĐ-CP, Article 18(6))."),
}
LETTER_STATE = {
    LetterState.DRAFT: _l("To be approved"),
    LetterState.RETURNED: _l("Returned for revision"),
    LetterState.APPROVED: _l("Approved, not sent yet"),
    LetterState.SENT: _l("Sent, receipt not recorded yet"),
    LetterState.RUNNING: _l("The press agency's term runs"),
    LetterState.OVERDUE: _l("The press agency is overdue"),
    LetterState.PUBLISHED: _l("Done by the press agency"),
    LetterState.INSUFFICIENT: _l("Published, not sufficient"),
    LetterState.REFUSED: _l("Refused by the press agency"),
    LetterState.CLOSED: _l("No longer followed"),
    LetterState.DROPPED: _l("Not sent, dropped"),
}
OUTCOME = {
    Outcome.PUBLISHED: _l("Published or answered as asked"),
    Outcome.INSUFFICIENT: _l("Published, but not sufficient"),
    Outcome.REFUSED: _l("Refused"),
    Outcome.CLOSED: _l("We no longer follow it"),
}
ASK = {
    LetterAsk.PUBLISH: _l("Publish our text in full"),
    LetterAsk.CORRECT: _l("Correct it"),
    LetterAsk.APOLOGISE: _l("Apologise"),
    LetterAsk.TAKE_DOWN: _l("Take the wrong information down"),
}
SENDING_WAY = {
    SendingWay.NETWORK: _l("Document exchange network"),
    SendingWay.EMAIL: _l("Official e-mail"),
    SendingWay.POST: _l("Post"),
    SendingWay.IN_PERSON: _l("Handed over"),
}
PACE = {
    OutletPace.DAILY: _l("Daily paper, radio, television"),
    OutletPace.ONLINE: _l("Online, content channel"),
    OutletPace.WEEKLY: _l("Weekly"),
    OutletPace.MAGAZINE: _l("Magazine, at least every 30 days"),
    OutletPace.SLOW_MAGAZINE: _l("Magazine, less often than every 30 days"),
}
STATED = {
    Stated.MEASURES: _l("Measures"),
    Stated.DIRECTION: _l("Direction of solving"),
    Stated.RESULT: _l("Result"),
}
ARTICLE_EVENT = {
    InquiryEvent.ARTICLE: _l("Article found"),
    InquiryEvent.ARTICLE_CORRECT: _l("Entry of an article corrected"),
    InquiryEvent.ARTICLE_JUDGE: _l("Article judged"),
    InquiryEvent.ARTICLE_WITHDRAW: _l("Entry of an article withdrawn"),
    InquiryEvent.LETTER: _l("Letter to the press written"),
    InquiryEvent.LETTER_RETURN: _l("Letter to the press returned"),
    InquiryEvent.LETTER_APPROVE: _l("Letter to the press approved"),
    InquiryEvent.LETTER_DROP: _l("Letter to the press dropped"),
    InquiryEvent.LETTER_SEND: _l("Letter to the press sent"),
    InquiryEvent.LETTER_RECEIVE: _l("Receipt by the press agency recorded"),
    InquiryEvent.LETTER_OUTCOME: _l("Outcome of a letter to the press recorded"),
    InquiryEvent.RELAY: _l("Receipt of the written answer recorded"),
}
# One sentence an event; see labels.SENTENCES.
ARTICLE_SENTENCES = {
    InquiryEvent.ARTICLE: _l("%(who)s found an article of %(outlet)s, published on %(on)s: “%(article)s”."),
    InquiryEvent.ARTICLE_CORRECT: _l("%(who)s corrected the entry of the article “%(article)s”, %(outlet)s."),
    InquiryEvent.ARTICLE_JUDGE: _l("%(who)s judged the article “%(article)s”, %(outlet)s: %(verdict)s."),
    InquiryEvent.ARTICLE_WITHDRAW: _l("%(who)s withdrew the entry of the article “%(article)s”, %(outlet)s:"),
    InquiryEvent.LETTER: _l(
        "%(who)s wrote version %(version)s of a letter to %(outlet)s: %(letter)s, round %(round)s."
    ),
    InquiryEvent.LETTER_RETURN: _l("%(who)s returned the letter to %(outlet)s, %(letter)s, round %(round)s:"),
    InquiryEvent.LETTER_APPROVE: _l("%(who)s approved the letter to %(outlet)s: %(letter)s, round %(round)s."),
    InquiryEvent.LETTER_DROP: _l("%(who)s dropped the letter to %(outlet)s, %(letter)s, round %(round)s:"),
    InquiryEvent.LETTER_SEND: _l(
        "%(who)s recorded that the letter to %(outlet)s, %(letter)s, round %(round)s, was sent at %(at)s, "
        "number %(number)s of %(day)s."
    ),
    InquiryEvent.LETTER_RECEIVE: _l("%(outlet)s received the letter, %(letter)s, round %(round)s, at %(at)s."),
    InquiryEvent.LETTER_OUTCOME: _l(
        "%(who)s recorded what came of the letter to %(outlet)s, %(letter)s, round %(round)s: %(outcome)s."
    ),
    InquiryEvent.RELAY: _l("%(outlet)s received our written answer, number %(number)s of %(day)s, at %(at)s."),
}


# --- the words of an official letter: always Vietnamese, whatever language its writer uses -----------------------

ORDINALS = ("", "nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín")
_ABOUT = {
    LetterKind.FEEDBACK: "phản hồi thông tin đăng, phát trên {outlet}",
    LetterKind.CORRECTION: "yêu cầu cải chính, xin lỗi về thông tin đăng, phát trên {outlet}",
    LetterKind.ANSWER_US: "đề nghị {outlet} trả lời",
}
_OPENING = {
    LetterKind.FEEDBACK: (
        "Qua theo dõi, {agency} nhận thấy nội dung nêu trên chưa đúng với thông tin {agency} đã cung cấp. "
        "{agency} có ý kiến phản hồi như sau:"
    ),
    LetterKind.CORRECTION: (
        "Căn cứ kết luận bằng văn bản của cơ quan có thẩm quyền, nội dung nêu trên là thông tin sai sự thật. "
        "{agency} đề nghị cải chính, xin lỗi như sau:"
    ),
    LetterKind.ANSWER_US: "{agency} đề nghị {outlet} trả lời bằng văn bản về các nội dung sau:",
}


def first_words(kind: LetterKind, *, agency: str, outlet: str) -> tuple[str, str]:
    """The subject and the opening that a new letter begins with."""
    names = {"agency": agency, "outlet": outlet}
    return _ABOUT[kind].format(**names), _OPENING[kind].format(**names)


def round_ordinal(number: int) -> str:
    """lần thứ hai; in figures beyond nine."""
    return f"lần thứ {ORDINALS[number]}" if 0 < number < len(ORDINALS) else f"lần thứ {number}"


def letter_title(kind: LetterKind, number: int) -> str:
    """ "Feedback, round 2"; the round is said where there can be several."""
    if kind is LetterKind.RELAY:
        return str(LETTER_KIND[kind])
    return _("%(letter)s, round %(round)s", letter=LETTER_KIND[kind], round=number)
