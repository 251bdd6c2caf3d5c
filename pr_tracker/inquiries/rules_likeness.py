"""How alike a subject that is being typed is to an older one: possible duplicates, without marks."""

from dataclasses import dataclass

from pr_tracker.text import fold

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
    there = _telling(typed)
    words = subject.split()
    telling = [_bare(word) for word in words]
    here = {word for word in telling if word and word not in EMPTY_WORDS}
    shared = len(here & there)
    pieces = tuple((word, bare in there) for word, bare in zip(words, telling, strict=True))
    return Likeness(pieces, shared, shared / max(1, min(len(here), len(there))))


def _telling(text: str) -> set[str]:
    return {word for word in map(_bare, text.split()) if word and word not in EMPTY_WORDS}


def _bare(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())
