"""One voice: where a draft says otherwise than what the province said before, sentence beside sentence.

Only sentences about the same thing are compared: they share most of their telling words, name no different place and
speak of the same time. What is open, about so much, or as of another day is no difference. A text never says
otherwise than itself, and A against B finds what B against A finds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from pr_tracker.statements.rules_facts import Difference, Fact, Places, facts_of, other_place, places_of, topic_shared
from pr_tracker.statements.rules_likeness import EMPTY_WORDS, Matter, words_of
from pr_tracker.text import fold, nfc

MOST_SENTENCES = 120  # of one text; nobody answers the press at greater length
WORDS_BEFORE, WORDS_AFTER = 6, 4  # around a fact, in its clause: what it is about
SHARE_NEAR, SHARE_SENTENCE, SHARE_DENIED = 0.6, 0.4, 0.6
SHARE_TOPIC = 0.55
FEWEST_NEAR, FEWEST_SENTENCE, FEWEST_DENIED = 2, 3, 3
DENIED_WORDS = 3  # behind a negation


Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Otherwise:
    """A sentence of the one text that says otherwise than a sentence of the other; what differs is marked."""

    differences: tuple[Difference, ...]
    ours: Pieces
    theirs: Pieces


@dataclass(frozen=True)
class _Stated:
    """A fact with what it is about: the telling words beside it in its clause, of an amount on which side."""

    fact: Fact
    near: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Denial:
    """A negation: where it stands, and the first words it denies."""

    start: int
    end: int
    denied: tuple[str, ...]
    not_yet: bool  # chưa: what is still to come does not contradict it


@dataclass(frozen=True)
class _Sentence:
    text: str
    words: frozenset[str]
    counted: frozenset[str]  # what its amounts count: người, hộ
    places: Places
    stated: tuple[_Stated, ...] = ()
    as_of: tuple[Fact, ...] = ()  # the time a sentence speaks of
    denials: tuple[_Denial, ...] = ()
    denied: frozenset[str] = field(default=frozenset())
    still_to_come: bool = False
    as_it_stands: bool = False


_END = re.compile(r"(?<=[.!?…;])\s+(?=[^\W\d_]|[\"“(\d])|\n+")
_ABBREVIATION = re.compile(r"(?:^|\s)(?:TP|Tp|tp|ThS|TS|PGS|GS|BS|KTS|Ths|Ts|Bs|\w)\.$")
_WORD = re.compile(r"[\w%]+(?:-\w+)*|[^\w\s]")
_CUTS = frozenset(",;:()–—") | {"và", "còn", "riêng", "nhưng"}
_YEAR = re.compile(r"năm\s+(\d{4})")
# A sentence with these tells how things stood when it was said; another figure later is no contradiction.
_AS_IT_STANDS = re.compile(r"đến nay|hiện nay|hiện tại|hiện có|hiện còn|cùng kỳ|tuần qua|tháng qua|đến thời điểm này")
_AS_OF = words_of("đến tính tới từ đầu hết cuối trong vào tại thời điểm qua nay riêng sáng chiều tối đêm")
_DEADLINE = frozenset(["trước", "sau", "nhất"])  # trước ngày, chậm nhất ngày
_NEGATIONS = tuple(
    tuple(words.split())
    for words in (
        *("chấm dứt", "bác bỏ", "hủy bỏ", "huỷ bỏ", "đình chỉ", "tạm dừng", "không còn", "không có", "chưa có"),
        *("không", "chưa", "chẳng", "ngừng"),
    )
)
# Words that only sound like a negation.
_NO_NEGATION = words_of(
    "không khí|không gian|không quá|không chỉ|không những|không dưới|không ngừng|không dừng|không phận|"
    "không lưu|không kể|không để|không ít|không riêng|không phải|không thể|chưa kể|chưa từng|chưa chắc",
    "|",
)
_NOT_BEHIND = words_of("hàng trên số có")  # hàng không, trên không, số không, có không
_IF = words_of("nếu khi để trường tránh dù liệu")
_TO_COME = words_of("sẽ dự phấn kế đang trước chậm muộn cuối")
_PLAIN = frozenset(fold("ngày tháng năm quý giờ phút đồng sẽ đã đang dự kiến khoảng số").split())


def says_otherwise(ours: Matter, theirs: Matter) -> tuple[Otherwise, ...]:
    """Where the one says otherwise than the other, in the order of ours."""
    if not same_matter(ours.topic, theirs.topic):
        return ()
    here, there = _read(ours.text), _read(theirs.text)
    found = []
    for mine, yours in product(here, there):
        marks = [*_other_facts(mine, yours, here, there), *_denied(mine, yours, here, there)]
        if marks:
            kinds = tuple(dict.fromkeys(kind for kind, _a, _b in marks))
            found.append(
                Otherwise(
                    kinds,
                    _pieces(mine.text, [own for _kind, own, _other in marks]),
                    _pieces(yours.text, [other for _kind, _own, other in marks]),
                )
            )
    return tuple(found)


def same_matter(one: str, other: str) -> bool:
    """Whether two topics are about one thing: no different place, occasion or year; most telling words shared."""
    if other_place(_circumstances(one), _circumstances(other)):
        return False
    return topic_shared(one, other) >= SHARE_TOPIC


def _circumstances(topic: str) -> Places:
    return places_of(topic) | {("year", year) for year in _YEAR.findall(topic.lower())}


def sentences_of(text: str) -> list[str]:
    """The sentences of a text; a line break ends one, the dot of an abbreviation or a number does not."""
    whole: list[str] = []
    for piece in _END.split(nfc(text)):
        if whole and _ABBREVIATION.search(whole[-1]):
            whole[-1] += f" {piece.strip()}"
        elif piece.strip():
            whole.append(piece.strip())
    return whole


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[_Sentence, ...]:
    return tuple(_sentence(one) for one in sentences_of(text)[:MOST_SENTENCES] if not one.endswith("?"))


def _sentence(text: str) -> _Sentence:
    facts = facts_of(text)
    tokens = _tokens(text, facts)
    as_of = [fact for fact in facts if fact.kind is Difference.DAY and _is_as_of(fact, tokens)]
    denials = tuple(_denials(tokens))
    return _Sentence(
        text,
        frozenset(token.folded for token in tokens if token.telling),
        frozenset(token.folded for token in tokens if token.in_fact and token.word.isalpha()),
        places_of(text),
        tuple(_Stated(fact, _near(fact, tokens)) for fact in facts if fact not in as_of),
        tuple(as_of),
        denials,
        frozenset(word for denial in denials for word in denial.denied),
        any(token.word in _TO_COME for token in tokens),
        _AS_IT_STANDS.search(text.lower()) is not None,
    )


@dataclass(frozen=True)
class _Token:
    word: str  # in lower case, marks kept
    folded: str
    start: int
    end: int
    clause: int
    in_fact: bool

    @property
    def telling(self) -> bool:
        return not self.in_fact and self.folded not in EMPTY_WORDS | _PLAIN and self.word[0].isalnum()


def _tokens(text: str, facts: Sequence[Fact]) -> list[_Token]:
    tokens, clause = [], 0
    for match in _WORD.finditer(text):
        word, in_fact = match[0].lower(), any(fact.start <= match.start() < fact.end for fact in facts)
        clause += word in _CUTS and not in_fact
        tokens.append(_Token(word, fold(word), match.start(), match.end(), clause, in_fact))
    return tokens


def _near(fact: Fact, tokens: Sequence[_Token]) -> frozenset[tuple[str, str]]:
    clause = next((token.clause for token in tokens if token.start >= fact.start), 0)
    telling = [token for token in tokens if token.telling]
    own = [token for token in telling if token.clause == clause] or telling
    before = [token.folded for token in own if token.end <= fact.start][-WORDS_BEFORE:]
    after = [token.folded for token in own if token.start >= fact.end][:WORDS_AFTER]
    left, right = ("<", ">") if fact.kind is Difference.AMOUNT else ("", "")
    return frozenset([*((left, word) for word in before), *((right, word) for word in after)])


def _is_as_of(fact: Fact, tokens: Sequence[_Token]) -> bool:
    """Whether a day says what time the sentence speaks of: it opens it, or stands after "tính đến", "thời điểm"."""
    before = [token for token in tokens if token.end <= fact.start]
    last = {token.word for token in before[-4:]}
    if _DEADLINE & {token.word for token in before[-2:]}:
        return False
    opens = not any(token.telling and token.word not in _AS_OF for token in before)
    goes_on = any(token.telling for token in tokens if token.start >= fact.end)
    return goes_on and (opens or "tính" in last or "điểm" in last)


def _other_facts(
    mine: _Sentence, yours: _Sentence, here: Sequence[_Sentence], there: Sequence[_Sentence]
) -> Iterator[tuple[Difference, tuple[int, int], tuple[int, int]]]:
    """Facts about the same thing with different values, where neither text says the other's value as well."""
    if not _may_compare(mine, yours):
        return
    for own, other in product(mine.stated, yours.stated):
        if not own.fact.comparable(other.fact) or own.fact.agrees(other.fact):
            continue
        if not _same_thing(own, other, mine, yours):
            continue
        if not _confirmed(own, mine, there) and not _confirmed(other, yours, here):
            yield own.fact.kind, (own.fact.start, own.fact.end), (other.fact.start, other.fact.end)


def _may_compare(one: _Sentence, other: _Sentence) -> bool:
    """No different place or occasion, not as of different days, and not how things stood when each was said."""
    if other_place(one.places, other.places) or one.as_it_stands or other.as_it_stands:
        return False
    pairs = list(product(one.as_of, other.as_of))
    return not pairs or any(first.agrees(second) for first, second in pairs)


def _same_thing(own: _Stated, other: _Stated, mine: _Sentence, yours: _Sentence) -> bool:
    shared = len(own.near & other.near)
    smaller = min(len(own.near), len(other.near))
    if not smaller or shared / smaller < SHARE_NEAR:
        return False
    return shared >= FEWEST_NEAR or _alike(mine.words, yours.words, FEWEST_SENTENCE, SHARE_SENTENCE)


def _alike(one: frozenset[str], other: frozenset[str], fewest: int, share: float) -> bool:
    shared = len(one & other)
    return shared >= fewest and shared >= share * min(len(one), len(other))


def _confirmed(own: _Stated, mine: _Sentence, there: Sequence[_Sentence]) -> bool:
    """Whether the other text says the same value of the same thing somewhere."""
    return any(
        own.fact.comparable(other.fact) and own.fact.agrees(other.fact) and _same_thing(own, other, mine, sentence)
        for sentence in there
        for other in sentence.stated
    )


def _denials(tokens: Sequence[_Token]) -> Iterator[_Denial]:
    """The negations of a sentence; not those of a clause with two of them, nor of a condition."""
    by_clause: dict[int, list[_Denial]] = {}
    for at, token in enumerate(tokens):
        words = _negation_at(tokens, at)
        clause = [other for other in tokens if other.clause == token.clause]
        if not words or _IF & {other.word for other in clause if other.start < token.start}:
            continue
        behind = [other for other in clause if other.start >= tokens[at + len(words) - 1].end and other.telling]
        behind = behind[:DENIED_WORDS]
        if behind:
            denied = tuple(other.folded for other in behind)
            denial = _Denial(token.start, behind[-1].end, denied, words[0] == "chưa")
            by_clause.setdefault(token.clause, []).append(denial)
    for denials in by_clause.values():
        if len(denials) == 1:
            yield denials[0]


def _negation_at(tokens: Sequence[_Token], at: int) -> tuple[str, ...]:
    here = [token.word for token in tokens[at : at + 2]]
    before = tokens[at - 1].word if at else ""
    behind = tokens[at - 2].word if at > 1 else ""
    if " ".join(here) in _NO_NEGATION or before in _NOT_BEHIND or (behind, before) == ("chấm", "dứt"):
        return ()
    if at and (before,) in _NEGATIONS and (before, here[0]) in _NEGATIONS:
        return ()
    return next((words for words in _NEGATIONS if tuple(here[: len(words)]) == words), ())


def _denied(
    mine: _Sentence, yours: _Sentence, here: Sequence[_Sentence], there: Sequence[_Sentence]
) -> Iterator[tuple[Difference, tuple[int, int], tuple[int, int]]]:
    """What the one denies and the other says, where neither text says the other's as well."""
    if not _may_compare(mine, yours):
        return
    for one, other, texts, flipped in ((mine, yours, (here, there), False), (yours, mine, (there, here), True)):
        for denial in one.denials:
            if _contradicts(denial, one, other) and not _said_in_both(denial, one, other, *texts):
                own, said = (denial.start, denial.end), _place_of(denial.denied, other)
                yield Difference.DENIAL, *((said, own) if flipped else (own, said))


def _contradicts(denial: _Denial, one: _Sentence, other: _Sentence) -> bool:
    if not _says(denial, other) or (denial.not_yet and other.still_to_come):
        return False
    return _about_the_same(one, other)


def _says(denial: _Denial, sentence: _Sentence) -> bool:
    """Whether a sentence says, undenied, what the denial denies."""
    return set(denial.denied[:2]) <= (sentence.words | sentence.counted) - sentence.denied


def _about_the_same(one: _Sentence, other: _Sentence) -> bool:
    mine, yours = one.words | one.counted, other.words | other.counted
    return _alike(mine, yours, min(FEWEST_DENIED, len(mine), len(yours)), SHARE_DENIED)


def _said_in_both(
    denial: _Denial, one: _Sentence, other: _Sentence, own: Sequence[_Sentence], others: Sequence[_Sentence]
) -> bool:
    """Whether the other text denies it too somewhere, or the denying text says it too."""
    denies_too = any(set(denial.denied[:2]) & each.denied and _about_the_same(one, each) for each in others)
    return denies_too or any(_says(denial, each) and _about_the_same(other, each) for each in own)


def _place_of(denied: tuple[str, ...], sentence: _Sentence) -> tuple[int, int]:
    """Where the words that the other denies stand here."""
    tokens = [token for token in _tokens(sentence.text, ()) if token.folded in denied]
    return tokens[0].start, tokens[min(len(denied), len(tokens)) - 1].end


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> Pieces:
    """A sentence in runs, those that differ marked."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(set(marks)):
        if start < at:
            continue
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in [*pieces, (text[at:], False)] if piece[0])
