"""Vietnamese text: NFC at the border, search without marks, the order of names."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import NamedTuple

_STRANGE = re.compile(r"[^\x00-\x7f\u0300-\u034e\u0350-\u036f]")  # neither plain nor a mark that goes
_WORDS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# The order of the Vietnamese alphabet, and of the five tone marks in a dictionary.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def nfc(value: str) -> str:
    """The composed form in which all text is stored and drawn."""
    return unicodedata.normalize("NFC", value)


def fold(value: str) -> str:
    """Lower case without marks, single spaces: what search compares ("Đường" and "duong" are the same)."""
    parts = unicodedata.normalize("NFKD", value.replace("đ", "d").replace("Đ", "D"))
    if _STRANGE.search(parts) is None:
        plain = parts.encode("ascii", "ignore").decode()
    else:
        plain = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(plain.lower().split())


def lower_nfc(value: str) -> str:
    """Lower case with marks kept: what ranks an exactly typed word first."""
    return " ".join(nfc(value).lower().split())


def words_in(value: str) -> str:
    """The words of a folded or lower-case text between single spaces, one at each end: what search looks through."""
    return f" {' '.join(_WORDS.findall(value))} "


def sort_key(value: str) -> str:
    """A string that sorts as a Vietnamese dictionary does: letters first, tone marks second."""
    letters, tones = [], []
    for char in lower_nfc(value):
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[p] for p in parts if p in _TONES), 0)
        letter = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        at = _LETTERS.find(letter)
        letters.append(chr(0x41 + at) if at >= 0 else ("!" if letter == " " else letter))
        tones.append(str(tone))
    return "".join(letters) + "\x01" + "".join(tones)


def name_sort_key(full_name: str) -> str:
    """As sort_key, by the given name first: the last word of a Vietnamese name."""
    words = full_name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


class Change(NamedTuple):
    """A run of text that two versions share ("same"), or that only one has ("gone", "new")."""

    kind: str
    text: str


MOST_PAIRS = 4_000_000  # of words; beyond that a comparison word by word takes seconds and nobody reads it


def word_changes(old: str, new: str) -> list[Change]:
    """What turns one text into the other, word by word; paragraphs that did not change are not looked into."""
    changes: list[Change] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        gone, added = "".join(before[a:b]), "".join(after[c:d])
        changes += [Change("same", gone)] if tag == "equal" else _within(gone, added)
    return changes


def _within(old: str, new: str) -> list[Change]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > MOST_PAIRS:
        return [Change("gone", old), Change("new", new)]
    changes: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        gone, added = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            changes.append(Change("same", gone))
            continue
        changes += [Change("gone", gone), Change("new", added)]
    return _phrases(changes)


def _phrases(changes: list[Change]) -> list[Change]:
    """Replaced words that only a space parts, as one phrase: easier to read than every second word."""
    phrases: list[Change] = []
    gone = added = ""
    for kind, text in [*changes, Change("same", "")]:
        if kind == "gone":
            gone += text
        elif kind == "new":
            added += text
        elif gone and added and text == " ":
            gone, added = gone + text, added + text
        else:
            phrases += [Change("gone", gone), Change("new", added), Change("same", text)]
            gone = added = ""
    return [change for change in phrases if change.text]
