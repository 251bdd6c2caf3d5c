"""Refusals, and letters about wrong articles, as papers: drawn at once for a page, a long list later by the worker."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.queries import refusals as refused
from pr_tracker.inquiries.queries.articles import letters_about_wrong_words
from pr_tracker.inquiries.queries.refusals import Wanted
from pr_tracker.inquiries.rules_kinds import RefusalGround
from pr_tracker.papers.actions import Issued
from pr_tracker.papers.jobs import issue_on_reading
from pr_tracker.papers.rules import PaperKind, key_of
from pr_tracker.permissions import Permission
from pr_tracker.reports import actions
from pr_tracker.reports.documents import lists
from pr_tracker.reports.jobs import MEDIA, place_of_office
from pr_tracker.reports.rules import Period
from pr_tracker.runs.rules import Kind, Running

CODE = "list_papers"


@dataclass(frozen=True)
class Asked:
    """Which list, of which period, narrowed to what."""

    kind: PaperKind
    since: date
    until: date
    agency_id: int | None = None
    ground: str = ""

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return f"{self.kind.value}-{self.since:%Y%m%d}-{self.until:%Y%m%d}.pdf"

    def facts(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return asdict(self) | {"kind": self.kind.value, "since": str(self.since), "until": str(self.until)}


def read_asked(facts: Mapping[str, Any]) -> Asked:
    """What facts() gave."""
    days = {name: date.fromisoformat(facts[name]) for name in ("since", "until")}
    return Asked(PaperKind(facts["kind"]), **days, agency_id=facts["agency_id"], ground=facts["ground"])


def listed_for(asked: Asked, reader: Person, now: datetime) -> lists.Listed:
    """The rows of a list that the reader may see."""
    period = Period(asked.since, asked.until)
    if asked.kind is PaperKind.REFUSALS:
        ground = RefusalGround(asked.ground) if asked.ground else None
        wanted = Wanted(period.since, period.until, asked.agency_id, ground)
        return lists.refusals(db.session.execute(refused.table(wanted, reader)).all(), period, wanted)
    query = letters_about_wrong_words(reader, period.since, period.until, asked.agency_id)
    return lists.corrections(db.session.execute(query).all(), period, now, asked.agency_id)


def issue_list(asked: Asked, listed: lists.Listed, *, actor: Person, now: datetime) -> Issued:
    """Draw the paper, put it on record and note who took it; whoever calls this commits."""
    keeper, place = actor.agency, place_of_office()
    narrowed = {"since": str(asked.since), "until": str(asked.until), "ground": asked.ground}
    issued = issue_on_reading(
        asked.kind,
        key_of(asked.kind, keeper=keeper.id, agency=asked.agency_id, **narrowed),
        listed.title,
        lambda out, check: lists.write_list(listed, out, check, keeper=keeper, place=place, now=now),
        agency=keeper,
        actor=actor,
        now=now,
    )
    noted = {**narrowed, "agency": asked.agency_id}
    actions.note_list(asked.kind.value, noted, len(listed.rows), actor=actor, now=now)
    return issued


def draw(running: Running) -> None:
    """The list that was asked for."""
    asked = read_asked(running.asked)
    listed = listed_for(asked, running.actor, running.now)
    running.out.write(issue_list(asked, listed, actor=running.actor, now=running.now).content)
    running.name(asked.file_name, MEDIA["pdf"])


def kinds(words: Any) -> dict[str, Kind]:
    """What of it may run in the background."""
    return {CODE: Kind(words, draw, Permission.INQUIRY_VIEW)}
