"""A test pasted as text: questions with their answers, as trainers write them in a Word file."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from pr_tracker.assessments.rules import MOST_QUESTIONS, Kind, Option, QuestionFacts, require_sound
from pr_tracker.errors import N_, BadInput

_OPTION = re.compile(r"^(\*?)\s*([A-Ha-h])\s*[.)/:]\s*(\*?)\s*(\S.*)$")
_ACCEPTED = re.compile(r"^=\s*(\S.*)$")
_KEY = re.compile(r"^(?:đáp án|dap an|trả lời|answers?)(?:\s+đúng)?\s*[:=]\s*(\S.*)$", re.IGNORECASE)
_LETTERS = re.compile(r"^[A-Ha-h](?:\s*[,;/và ]\s*[A-Ha-h])*[.]?$")
_NUMBER = re.compile(r"^(?:câu(?:\s+hỏi)?|question)\s*[0-9]{1,3}\s*[.):/-]?\s*|^[0-9]{1,3}\s*[.)/]\s*", re.IGNORECASE)
_POINTS = re.compile(r"\(\s*([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?:điểm|đ|points?)\s*\)\s*[.:?]?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class PastedQuestion:
    """A question that was pasted: the line it begins on, what it says, and what is to mend in it."""

    line: int
    facts: QuestionFacts
    trouble: BadInput | None = None


@dataclass
class _Block:
    line: int
    words: list[str] = field(default_factory=list)
    options: list[tuple[str, bool, str]] = field(default_factory=list)  # letter, right, text
    accepted: list[str] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)


def read_questions(text: str) -> list[PastedQuestion]:
    """The questions of a text, parted by their numbers, or by empty lines where none has a number.

    Raises BadInput for too many.
    """
    lines = [" ".join(line.split()) for line in text.split("\n")]
    is_numbered = any(_NUMBER.match(line) for line in lines)
    blocks: list[_Block] = []
    fresh = True
    for number, line in enumerate(lines, 1):
        begins = bool(_NUMBER.match(line)) if is_numbered else fresh
        if line and (not blocks or (begins and _is_words(line))):
            blocks.append(_Block(number))
        if line:
            _read(blocks[-1], line)
        fresh = not line
    if len(blocks) > MOST_QUESTIONS:
        raise BadInput(N_("At most %(most)s questions."), field="lines", most=MOST_QUESTIONS)
    return [_asked(block) for block in blocks]


def _is_words(line: str) -> bool:
    return not any(pattern.match(line) for pattern in (_OPTION, _ACCEPTED, _KEY))


def _read(block: _Block, line: str) -> None:
    if found := _KEY.match(line):
        said = found[1]
        if block.options and _LETTERS.match(said):
            block.letters |= {letter.upper() for letter in re.findall(r"\b[A-Ha-h]\b", said)}
        else:
            block.accepted += [part.strip() for part in said.split("|") if part.strip()]
    elif found := _OPTION.match(line):
        block.options.append((found[2].upper(), bool(found[1] or found[3]), found[4]))
    elif found := _ACCEPTED.match(line):
        block.accepted += [part.strip() for part in found[1].split("|") if part.strip()]
    elif block.options:
        letter, right, text = block.options.pop()  # the answer goes on
        block.options.append((letter, right, f"{text} {line}"))
    else:
        block.words.append(line)


def _asked(block: _Block) -> PastedQuestion:
    words, points = _with_points(_NUMBER.sub("", " ".join(block.words), count=1))
    options = tuple(Option(text, right or letter in block.letters) for letter, right, text in block.options)
    right = sum(option.is_right for option in options)
    kind = (Kind.SEVERAL if right > 1 else Kind.SINGLE) if options else Kind.SHORT
    facts = QuestionFacts(kind, words, points, options, () if options else tuple(block.accepted))
    try:
        require_sound(facts)
    except BadInput as trouble:
        return PastedQuestion(block.line, facts, trouble)
    return PastedQuestion(block.line, facts)


def _with_points(words: str) -> tuple[str, Decimal]:
    """The question without "(2 điểm)" at its end, and the points; 1 when none are said."""
    found = _POINTS.search(words)
    if found is None:
        return words, Decimal(1)
    try:
        return words[: found.start()].strip(), Decimal(found[1].replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        return words, Decimal(1)
