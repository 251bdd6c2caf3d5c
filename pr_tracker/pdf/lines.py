"""Text into lines: clean it at the border of the paper, measure it, break it where it really ends."""

import re
from collections.abc import Iterable

from reportlab.pdfbase import pdfmetrics

from pr_tracker.text import nfc

# Controls, soft hyphens, zero-width characters, directions, lone surrogates, variation selectors: paper shows none.
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufe00-\ufe0f\ufeff"
)
_SPACES = " \t\v\f\u2000-\u200a\u205f\u3000"
_ENDS = "\r\u0085\u2028\u2029"
_ODD = re.compile(f"[{_UNSEEN}{_SPACES[1:]}{_ENDS}\n\u2010\u2011\u202f]|  ")
_CHANGES = (
    (re.compile(f"[{_UNSEEN}]"), ""),
    (re.compile(f"\r\n|[{_ENDS}]"), "\n"),
    (re.compile(f"[{_SPACES}]+"), " "),
    (re.compile(" ?\n ?"), "\n"),
    (re.compile("[\u2010\u2011]"), "-"),
    (re.compile("\u202f"), "\u00a0"),
)
_KNOWN = 20_000  # words whose width is remembered
_BREAK_AFTER = "/-_.?&=@,;"


def clean(text: str) -> str:
    """Composed text without what a font cannot draw; line ends are \\n, a no-break space stays one."""
    if _ODD.search(text):
        for pattern, by in _CHANGES:
            text = pattern.sub(by, text)
    return nfc(text).strip(" \n")


class Ruler:
    """Real widths, in points, of text in one font at one size."""

    def __init__(self, font: str, size: float) -> None:
        self.font, self.size = font, size
        self._string_width = pdfmetrics.getFont(font).stringWidth
        self._words: dict[str, float] = {}
        self._space = self.width(" ")

    def width(self, text: str) -> float:
        """How wide the text runs in one line."""
        return float(self._string_width(text, self.size))

    def widest(self, text: str) -> float:
        """How wide the text may run with other digits in it: not every typeface has digits of one width."""
        digit = max("0123456789", key=self.width)
        return self.width("".join(digit if char.isdigit() else char for char in text))

    def wrap(self, text: str, limit: float) -> list[str]:
        """Clean text in lines no wider than the limit; a longer word is broken. Empty text has no line."""
        if not text:
            return []
        if "\n" not in text and self.width(text) <= limit:
            return [text]
        return [line for part in text.split("\n") for line in self._wrap_part(part, limit)]

    def balanced(self, text: str, limit: float) -> list[str]:
        """As wrap, the lines of each part as equal as they can be: for what stands centred."""
        return [line for part in text.split("\n") for line in self._balanced_part(part, limit)]

    def _balanced_part(self, text: str, limit: float) -> list[str]:
        lines = self.wrap(text, limit)
        if len(lines) < 2:
            return lines
        low, high = limit / len(lines) / 2, limit
        while high - low > 1:
            middle = (low + high) / 2
            if len(self._words_in_lines(text, middle)) > len(lines):
                low = middle
            else:
                high = middle
        return self._words_in_lines(text, high)

    def _words_in_lines(self, text: str, limit: float) -> list[str]:
        widest = max(self._word_width(word) for word in text.split(" "))
        return self._wrap_part(text, max(limit, widest))

    def _wrap_part(self, part: str, limit: float) -> list[str]:
        lines: list[str] = []
        line, used = "", 0.0
        for word in self._short_words(part.split(" "), limit):
            width = self._word_width(word)
            if line and used + self._space + width > limit:
                lines.append(line)
                line, used = word, width
            elif line:
                line, used = f"{line} {word}", used + self._space + width
            else:
                line, used = word, width
        return [*lines, line]

    def _short_words(self, words: Iterable[str], limit: float) -> Iterable[str]:
        for word in words:
            while self._word_width(word) > limit and len(word) > 1:
                head = self._head(word, limit)
                yield head
                word = word[len(head) :]
            yield word

    def _head(self, word: str, limit: float) -> str:
        """The longest beginning that fits, at least one letter; after a separator if that costs little."""
        fits, over = 1, len(word)
        while over - fits > 1:
            middle = (fits + over) // 2
            if self.width(word[:middle]) <= limit:
                fits = middle
            else:
                over = middle
        for end in range(fits, fits // 2, -1):
            if word[end - 1] in _BREAK_AFTER:
                return word[:end]
        return word[:fits]

    def _word_width(self, word: str) -> float:
        width = self._words.get(word)
        if width is None:
            if len(self._words) >= _KNOWN:
                self._words.clear()
            width = self._words[word] = self.width(word)
        return width
