"""Issue papers under a code that anybody can check; withdraw them.

Drawing takes seconds, so it comes first and holds no lock; keeping what was drawn takes the audit log's turn.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pr_tracker import pdf
from pr_tracker.accounts.models import Agency
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.codes import new_code, show_code
from pr_tracker.db import db
from pr_tracker.files import PAPERS, keep_file
from pr_tracker.papers import queries
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PURPOSE, PaperEvent, PaperKind

Draw = Callable[[BinaryIO, "pdf.Check"], object]
LARGEST = 1000  # megabytes: what we draw ourselves is not limited


@dataclass(frozen=True)
class Desk:
    """What issuing needs of this installation: the key of its codes, its public address, where files are kept."""

    key: str
    base: str
    folder: Path

    def check(self, code: str) -> "pdf.Check":
        """How a paper says that it can be checked."""
        return pdf.Check(f"{self.base}/check/{code}", show_code(code))


@dataclass(frozen=True)
class Drawn:
    """A paper that is drawn and not yet issued."""

    code: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Issued:
    """A paper on record and the bytes of its file, signed where it is signed."""

    paper: Paper
    content: bytes


def issue(
    kind: PaperKind,
    key: str,
    title: str,
    draw: Draw,
    *,
    agency: Agency | None,
    actor: Actor | None,
    now: datetime,
    desk: Desk,
    kept: bool = False,
) -> Issued:
    """Draw a paper with its code and put it on record, in a transaction that writes.

    The same content under the same key is the same paper; other content supersedes it. `kept`: its file stays for good.
    """
    drawn = draw_paper(key, draw, desk=desk)
    return keep_paper(kind, key, title, drawn, agency=agency, actor=actor, now=now, desk=desk, kept=kept)


def draw_paper(key: str, draw: Draw, *, desk: Desk) -> Drawn:
    """The paper under the code of the one that stands, where that gives the very same file; else under a new code."""
    standing = queries.find_standing(key)
    if standing is not None:
        again = _drawn(draw, standing.code, desk)
        if again.digest == standing.digest:
            return again
    return _drawn(draw, new_code(desk.key, PURPOSE), desk)


def keep_paper(
    kind: PaperKind,
    key: str,
    title: str,
    drawn: Drawn,
    *,
    agency: Agency | None,
    actor: Actor | None,
    now: datetime,
    desk: Desk,
    kept: bool = False,
) -> Issued:
    """Put on record what was drawn, in a transaction that writes; see issue()."""
    take_turn()
    known = queries.find_by_code(drawn.code)
    if known is not None:
        return _again(known, drawn, actor, now, desk, kept)
    former = queries.find_standing(key)
    if former is not None:
        former.superseded_at = now
        former.version += 1
        db.session.flush()
    paper = Paper(
        code=drawn.code,
        kind=kind,
        key=key,
        title=title[:400],
        agency_id=agency.id if agency else None,
        digest=drawn.digest,
        size=len(drawn.content),
        issued_at=now,
        issued_by_id=actor.id if actor else None,
        replaces_id=former.id if former else None,
        withdrawn_because="",
        signed_as="",
        kept=kept,
        version=1,
    )
    _keep_content(paper, drawn.content, actor, now, desk)
    db.session.add(paper)
    replaces = {"replaces": former.code} if former else {}
    record(
        PaperEvent.ISSUE, paper, actor=actor, now=now, kind=kind.value, code=paper.code, digest=paper.digest, **replaces
    )
    return Issued(paper, drawn.content)


def _drawn(draw: Draw, code: str, desk: Desk) -> Drawn:
    out = BytesIO()
    draw(out, desk.check(code))
    return Drawn(code, out.getvalue())


def _again(paper: Paper, drawn: Drawn, actor: Actor | None, now: datetime, desk: Desk, kept: bool) -> Issued:
    """The very same paper once more: its file as it is kept; what was drawn where it no longer is."""
    content = queries.content_of(paper, desk.folder)
    if content is None:
        _keep_content(paper, drawn.content, actor, now, desk)
    paper.kept = paper.kept or kept
    return Issued(paper, content or drawn.content)


def _keep_content(paper: Paper, content: bytes, actor: Actor | None, now: datetime, desk: Desk) -> None:
    by, name = actor.id if actor else None, f"{paper.kind.replace('_', '-')}-{paper.code}.pdf"
    paper.file = keep_file(name, content, folder=desk.folder, largest=LARGEST, by=by, now=now, types=PAPERS)
