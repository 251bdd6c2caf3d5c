"""The workshop of 8 August 2024 in Kiên Giang with its invented roster, as workshop.toml has it (domain.md §10)."""

from dataclasses import dataclass
from datetime import date, time

from pr_tracker.demo.reading import cut, read_toml


@dataclass(frozen=True)
class Topic:
    """One session of the morning."""

    title: str
    starts: time
    ends: time
    lecturer: str


@dataclass(frozen=True)
class Participant:
    """Somebody invented; `mark` is present, excused or absent."""

    full_name: str
    title: str
    agency: str
    mark: str


@dataclass(frozen=True)
class Workshop:
    """The class, its morning and who was invited."""

    course: str
    title: str
    venue: str
    on: date
    topics: tuple[Topic, ...]
    roster: tuple[Participant, ...]


def demo_workshop() -> Workshop:
    """The one class of 2024."""
    data = read_toml("workshop.toml")
    roster = [
        Participant(name, title, body["name"], mark or "present")
        for body in data["body"]
        for title, name, mark in (cut(line, 3) for line in body["people"])
    ]
    topics = [
        Topic(row["title"], time.fromisoformat(row["from"]), time.fromisoformat(row["to"]), row["lecturer"])
        for row in data["topic"]
    ]
    return Workshop(data["course"], data["title"], data["venue"], data["on"], tuple(topics), tuple(roster))
