"""How alike two matters are, without marks: a subject being typed and an older one, a draft and what was said."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from pr_tracker.text import fold


def words_of(text: str, between: str | None = None) -> frozenset[str]:
    """A set of words, written as a text."""
    return frozenset(text.split(between))


# Words that say nothing of the matter.
EMPTY_WORDS = frozenset(
    fold(
        "và của các những là có cho tại trong về với đề nghị đến từ ở bao giờ nào không được bị do này khi ra sao vì "
        "sau trước thế gì ai một hai ba"
    ).split()
)
LIKELY_SHARE = 0.5
LIKELY_SHARE_SAME_SOURCE = 0.3
FEWEST_SHARED = 2

TOPIC_PAIR, TOPIC_WORD, TEXT_PAIR = 3, 1, 1  # what a term weighs by where it stands
MOST_TERMS = 64  # of a matter; the topic's first, then what the text says more than once
ALIKE_FROM = 0.22  # the cosine from which two matters are worth showing side by side
_CLAUSE = re.compile(r"[^\w\s/-]+|\n")
_EDGES = "-/_"


@dataclass(frozen=True)
class Likeness:
    """How alike an older subject is to what is being typed: its words, marked where they occur there."""

    pieces: tuple[tuple[str, bool], ...]
    shared: int
    share: float  # of the shorter text's telling words

    def counts(self, *, same_source: bool) -> bool:
        """Whether it is worth showing."""
        enough = LIKELY_SHARE_SAME_SOURCE if same_source else LIKELY_SHARE
        return self.shared >= FEWEST_SHARED and self.share >= enough


def likeness(typed: str, subject: str) -> Likeness:
    """How much of an older subject is in what is being typed, without marks."""
    there = telling_words(typed)
    words = subject.split()
    telling = [_bare(word) for word in words]
    here = {word for word in telling if word and word not in EMPTY_WORDS}
    shared = len(here & there)
    pieces = tuple((word, bare in there) for word, bare in zip(words, telling, strict=True))
    return Likeness(pieces, shared, shared / max(1, min(len(here), len(there))))


def telling_words(text: str) -> set[str]:
    """The words of a text that say something of the matter, without marks."""
    return {word for word in map(_bare, text.split()) if word and word not in EMPTY_WORDS}


def _bare(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())


@dataclass(frozen=True)
class Matter:
    """What a text is about: its topic in a line, and the text itself."""

    topic: str
    text: str = ""


@lru_cache(maxsize=512)
def terms_of(matter: Matter) -> Mapping[str, int]:
    """What tells of a matter, and how much: pairs of neighbouring telling words (most Vietnamese words have two
    syllables), and the single words of the topic. At most MOST_TERMS, those that weigh most.
    """
    weights = {word: TOPIC_WORD for run in _runs(matter.topic) for word in run}
    weights |= dict.fromkeys(_pairs(matter.topic), TOPIC_PAIR)
    said = Counter(pair for pair in _pairs(matter.text) if pair not in weights)
    topic = sorted(weights, key=lambda term: -weights[term])
    terms = [*topic, *(pair for pair, _count in said.most_common())][:MOST_TERMS]
    return {term: weights.get(term, TEXT_PAIR) for term in terms}


def alike(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """How alike two matters are by their terms: the cosine, 0 for nothing in common, 1 for the same terms."""
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(terms: Mapping[str, int]) -> float:
    return sqrt(sum(weight * weight for weight in terms.values()))


def rarity(hits: int) -> float:
    """What a term that stands in so many statements says of one of them: 1 for a single one, less and less then."""
    return 1 / hits


def _pairs(text: str) -> Iterator[str]:
    for run in _runs(text):
        yield from (f"{first} {second}" for first, second in pairwise(run))


def _runs(text: str) -> Iterator[list[str]]:
    """The telling words of a text in order, cut where a clause or an empty word stands between them."""
    for clause in _CLAUSE.split(text):
        run: list[str] = []
        for word in fold(clause).split():
            bare = word.strip(_EDGES)
            if not bare or bare in EMPTY_WORDS:
                yield run
                run = []
            else:
                run.append(bare)
        yield run
