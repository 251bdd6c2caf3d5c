"""What the press asks, in words: the demo's stories with their blanks filled so often and so differently as needed.

Every piece of text is kept with its folded form, so that nothing is folded a million times.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from random import Random
from string import Formatter
from typing import NamedTuple

from pr_tracker.demo.stories import Story, demo_stories
from pr_tracker.inquiries.rules_kinds import Kind
from pr_tracker.text import fold

_NO_WORDS = re.compile(r"[\W_]+")


class Phrase(NamedTuple):
    """A text, and its words without marks and with them: what is no word is one space."""

    text: str
    folded: str
    exact: str


def phrase_of(text: str) -> Phrase:
    """A text with its words. All that is filled in is composed already."""
    return Phrase(text, _NO_WORDS.sub(" ", _folded(text)), _NO_WORDS.sub(" ", text.lower()))


def _folded(text: str) -> str:
    """As text.fold, with the spaces at its ends."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return before + fold(text) + after


phrase = cache(phrase_of)


def joined(pieces: Iterable[Phrase], between: str = "") -> Phrase:
    """Several phrases as one; what stands between them is no word."""
    texts, folded, exact = zip(*pieces, strict=True)
    space = " " if between else ""
    return Phrase(between.join(texts), space.join(folded), space.join(exact))


BLANK = Phrase("%s", "%s", "%s")


def words_of_phrases(pieces: Iterable[Phrase]) -> tuple[str, str]:
    """As text.words_in has the words of texts one after the other: without marks, and with them."""
    _texts, folded, exact = zip(*pieces, strict=True)
    return f" {' '.join(' '.join(folded).split())} ", f" {' '.join(' '.join(exact).split())} "


class Template:
    """A text with blanks in braces: three patterns, made once."""

    def __init__(self, text: str) -> None:
        pieces = []
        self.blanks: list[str] = []
        for literal, name, _spec, _conversion in Formatter().parse(text):
            pieces.append(phrase(literal.replace("%", "%%")))
            if name:
                pieces.append(BLANK)
                self.blanks.append(name)
        self.pattern = joined(pieces)

    def fill(self, blanks: dict[str, Phrase]) -> Phrase:
        """The text with its blanks filled."""
        text, folded, exact = self.pattern
        if not self.blanks:
            return Phrase(text % (), folded, exact)
        texts, foldeds, exacts = zip(*[blanks[name] for name in self.blanks], strict=True)
        return Phrase(text % texts, folded % foldeds, exact % exacts)


def words_of(text: str) -> tuple[str, ...]:
    """A list of words, written as a text."""
    return tuple(text.split())


SYLLABLES = words_of(
    "An Ba Bình Bảy Bàu Bến Bông Cái Cả Cây Chợ Cỏ Cồn Cù Dừa Dương Đất Đền Đình Đìa Đông Đồng Gáo Gò Hải Hậu Hòa "
    "Hội Hưng Hương Kè Khánh Kim Lai Láng Lâm Lấp Lò Long Lộc Lung Lương Mã Mỹ Mũi Nam Ngã Nhơn Ninh Ông Phú Phước "
    "Quới Quế Rẫy Sậy Sen Sơn Súng Tà Tân Tây Thạnh Thành Thị Thọ Thới Thuận Thượng Tiên Tràm Trà Trung Trường Tư Vạn "
    "Vàm Vĩnh Vọng Xẻo Xuân Xoài Yên Bửu Cát Châu Diên Giồng Hàm Khoa Liên Mương Nghĩa Nhuận Oai Phong Quang Sa Thiện"
)
THINGS = ("đường", "kênh", "cầu", "chợ", "trạm bơm", "khu dân cư", "trường", "bến phà", "cống", "đê bao")
NAMED = Template("Công trình {vat} {ten} trong phản ánh nêu trên đang được giải quyết đến đâu?")
SEASONS = ("Tết Nguyên đán", "lễ 30/4", "hè", "nghỉ lễ 2/9", "Tết Trung thu", "cuối năm")
CROPS = ("Đông Xuân", "Hè Thu", "Thu Đông")


def rare_name(random: Random) -> Phrase:
    """Two or three syllables; a few names come often, most of them hardly ever."""
    count = len(SYLLABLES)
    words = [SYLLABLES[int(count * random.random() ** 2)] for _ in range(2 if random.random() < 0.8 else 3)]
    return joined([phrase(word) for word in words], " ")


class Blanks(dict[str, Phrase]):
    """What fills the blanks of one case; chosen when first asked for."""

    def __init__(self, theme: "Theme", random: Random, known: dict[str, Phrase]) -> None:
        super().__init__(known)
        self.theme, self.random = theme, random

    def __missing__(self, name: str) -> Phrase:
        plain = name[0].lower() + name[1:]
        if plain != name:
            whole = self[plain].text
            self[name] = phrase(whole[0].upper() + whole[1:])
            return self[name]
        choices = self.theme.choices.get(name) or GENERAL[name]
        self[name] = found = choices[int(self.random.random() * len(choices))]
        return found


GENERAL = {
    "dip": tuple(map(phrase, SEASONS)),
    "vu": tuple(map(phrase, CROPS)),
    "gio": tuple(phrase(str(hour)) for hour in range(1, 24)),
    "vat": tuple(map(phrase, THINGS)),
}


@dataclass(frozen=True)
class Theme:
    """A story of the demo, ready to be told many times."""

    lead: str
    kinds: frozenset[Kind]
    subjects: tuple[Template, ...]
    questions: tuple[Template, ...]
    answer: tuple[Template, ...]
    vague: Template
    returned: str
    comments: tuple[str, ...]
    tasks: tuple[tuple[str, str, Template], ...]  # agency's code, what it is asked, what it sends
    refusal: tuple[str, str] | None
    choices: dict[str, tuple[Phrase, ...]]


def _theme(story: Story) -> Theme:
    return Theme(
        lead=story.lead,
        kinds=frozenset(story.kinds),
        subjects=tuple(map(Template, story.subjects)),
        questions=tuple(map(Template, story.questions)),
        answer=tuple(map(Template, story.answer)),
        vague=Template(story.vague),
        returned=story.returned,
        comments=story.comments,
        tasks=tuple((task.agency, task.task, Template(task.input_text)) for task in story.tasks),
        refusal=(story.refusal[0].value, story.refusal[1]) if story.refusal else None,
        choices={name: tuple(map(phrase, choices)) for name, choices in story.vary.items()},
    )


def themes_by_kind() -> dict[Kind, list[Theme]]:
    """Every story of the demo by the kinds of inquiry it fits; every kind has some."""
    themes = [_theme(story) for story in demo_stories()]
    general = [theme for theme in themes if Kind.QUESTION in theme.kinds]
    return {kind: [theme for theme in themes if kind in theme.kinds] or general for kind in Kind}


class Matter(NamedTuple):
    """What one case is about."""

    theme: Theme
    blanks: Blanks
    subject: Phrase
    questions: list[Phrase]


def matter(themes: list[Theme], known: dict[str, Phrase], random: Random) -> Matter:
    """A matter of one of the themes; those at the front of the list come most often."""
    theme = themes[int(len(themes) * random.random() ** 1.6)]
    blanks = Blanks(theme, random, known)
    subject = theme.subjects[int(random.random() * len(theme.subjects))].fill(blanks)
    if not subject.text[0].isupper():
        subject = subject._replace(text=subject.text[0].upper() + subject.text[1:])
    count = 2 if random.random() < 0.3 else 1
    questions = [template.fill(blanks) for template in theme.questions[:count]]
    if random.random() < 0.2:
        blanks["ten"] = rare_name(random)
        questions.append(NAMED.fill(blanks))
    return Matter(theme, blanks, subject, questions)
