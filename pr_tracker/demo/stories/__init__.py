"""What the press asks in the demo: stories with blanks; place, day and figures fill them, so that no two read alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from string import Formatter

from pr_tracker.demo.reading import cut, read_toml
from pr_tracker.inquiries.rules_kinds import Kind, RefusalGround

HERE = "XA"  # in place of an agency's code: the commune where the story plays


@dataclass(frozen=True)
class Task:
    """What a coordinating agency is asked, and what it sends."""

    agency: str
    task: str
    input_text: str


@dataclass(frozen=True)
class Story:
    """One matter of the press, with blanks in braces."""

    field: str
    lead: str
    kinds: tuple[Kind, ...]
    places: tuple[str, ...]  # codes of communes; none: anywhere
    months: tuple[int, ...]  # when it is asked; none: at any time
    subjects: tuple[str, ...]
    questions: tuple[str, ...]
    answer: tuple[str, ...]  # the paragraphs of the good version
    vague: str  # what the first version says instead of the later paragraphs
    returned: str
    comments: tuple[str, ...]
    tasks: tuple[Task, ...]
    refusal: tuple[RefusalGround, str] | None
    vary: Mapping[str, tuple[str, ...]]

    def figures(self, random: Random) -> dict[str, str]:
        """One choice for each blank that the story itself fills."""
        return {name: random.choice(choices) for name, choices in self.vary.items()}


class _Blanks(Formatter):
    """{ubnd} as it stands, {Ubnd} with its first letter in upper case."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, str]) -> str:
        name = str(key)
        value = kwargs[name[0].lower() + name[1:]]
        return value if name[0].islower() else value[0].upper() + value[1:]


def fill(text: str, blanks: Mapping[str, str]) -> str:
    """The text with its blanks filled. Raises KeyError for one that nobody fills."""
    return _Blanks().vformat(text, (), blanks)


def demo_stories() -> list[Story]:
    """Every story, in the order of the files' names."""
    names = sorted(file.name for file in files("pr_tracker.demo").joinpath("stories").iterdir())
    return [_story(row) for name in names if name.endswith(".toml") for row in read_toml("stories", name)["story"]]


def _story(row: dict) -> Story:
    ground, reason = cut(row.get("refusal", ""), 2)
    return Story(
        field=row["field"],
        lead=row["lead"],
        kinds=tuple(Kind(kind) for kind in row["kinds"]),
        places=tuple(row.get("places", ())),
        months=tuple(row.get("months", ())),
        subjects=tuple(row["subjects"]),
        questions=tuple(row["questions"]),
        answer=tuple(row["answer"]),
        vague=row["vague"],
        returned=row["returned"],
        comments=tuple(row["comments"]),
        tasks=tuple(Task(*cut(line, 3)) for line in row.get("with", ())),
        refusal=(RefusalGround(ground), reason) if ground else None,
        vary={name: _choices(value) for name, value in row["vary"].items()},
    )


def _choices(value: list[str] | str) -> tuple[str, ...]:
    """Words to choose from, or the numbers of "120..340" as Vietnamese writes them: 1.240."""
    if isinstance(value, list):
        return tuple(value)
    low, high = value.split("..")
    return tuple(f"{number:,}".replace(",", ".") for number in range(int(low), int(high) + 1))
