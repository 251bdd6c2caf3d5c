"""Issue papers under a code that anybody can check; withdraw them.

Drawing takes seconds, so it comes first and holds no lock; keeping what was drawn takes the audit log's turn.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pr_tracker import pdf
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.codes import new_code, show_code
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.files import PAPERS, keep_file
from pr_tracker.office_time import office_day
from pr_tracker.papers import queries
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import (
    LONGEST_TITLE,
    PURPOSE,
    PaperEvent,
    PaperKind,
    Status,
    base_of,
    beside,
    is_beside,
)
from pr_tracker.papers.signing import Certificate, sign
from pr_tracker.text import fold

Draw = Callable[[BinaryIO, pdf.Check], object]
DrawAt = Callable[[BinaryIO, pdf.Check, datetime], object]
LARGEST = 1000  # megabytes: what we draw ourselves is not limited


@dataclass(frozen=True)
class Desk:
    """What issuing needs of this installation: the key of its codes, its public address, where files are kept."""

    key: str
    base: str
    folder: Path

    def check(self, code: str) -> pdf.Check:
        """How a paper says that it can be checked."""
        return pdf.Check(f"{self.base}/check/{code}", show_code(code))


@dataclass(frozen=True)
class Drawn:
    """A paper that is drawn and not yet issued."""

    code: str
    content: bytes
    again: bool = False  # the very file that is on record under this code

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
    actor: Person | None,
    now: datetime,
    desk: Desk,
    kept: bool = False,
) -> Issued:
    """Draw a paper with its code and put it on record, in a transaction that writes; `agency` stands at its head.

    The same content under the same key is the same paper; other content supersedes it. `kept`: its file stays for good.
    """
    drawn = draw_paper(key, draw, desk=desk)
    return keep_paper(kind, key, title, drawn, agency=agency, actor=actor, now=now, desk=desk, kept=kept)


def draw_paper(key: str, draw: Draw, *, desk: Desk) -> Drawn:
    """The paper under the code of the one that stands, where that gives the very same file; else under a new code."""
    for standing in queries.standing_of(key):
        if same := _drawn_as(standing, draw, desk):
            return same
    return _drawn(draw, new_code(desk.key, PURPOSE), desk)


def find_same(key: str, draw_at: DrawAt, *, now: datetime, desk: Desk) -> Issued | None:
    """The paper of this office day that stands, if drawn as of its own moment it would say the same; writes nothing."""
    for standing in queries.standing_of(key):
        at = standing.issued_at
        if office_day(at) != office_day(now):
            continue
        if same := _drawn_as(standing, partial(_draw_as_of, draw_at, at), desk):
            return Issued(standing, queries.content_of(standing, desk.folder) or same.content)
    return None


def _draw_as_of(draw_at: DrawAt, at: datetime, out: BinaryIO, check: "pdf.Check") -> None:
    draw_at(out, check, at)


def keep_paper(
    kind: PaperKind,
    key: str,
    title: str,
    drawn: Drawn,
    *,
    agency: Agency | None,
    actor: Person | None,
    now: datetime,
    desk: Desk,
    kept: bool = False,
) -> Issued:
    """Put on record what was drawn, in a transaction that writes; see issue().

    What was signed holds until its successor is signed too, or is to be kept: a later print only stands beside it.
    """
    take_turn()
    if drawn.again and (known := queries.find_by_code(drawn.code)):
        return _again(known, drawn, actor, now, desk, kept)
    former, named = queries.find_standing(key), agency.id if agency else None
    if former is not None and former.signed_at is not None and not kept:
        key = beside(key)
        former = queries.find_standing(key)
    _supersede(former, now)
    paper = Paper(
        code=drawn.code,
        kind=kind,
        key=key,
        title=title[:LONGEST_TITLE],
        search_text=fold(f"{title} {drawn.code} {show_code(drawn.code)}"),
        agency_id=named,
        holder_id=actor.agency_id if actor else named,
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


def _supersede(former: Paper | None, now: datetime) -> None:
    if former is not None:
        former.superseded_at = now
        former.version += 1
        db.session.flush()


def withdraw(paper: Paper, reason: str, *, seen: int, actor: Actor | None, now: datetime) -> None:
    """Say that a paper must no longer be used; whoever checks it reads the reason.

    Raises BadInput without a reason, StepNotAllowed when it is withdrawn already, ChangedMeanwhile.
    """
    if not reason:
        raise BadInput(N_("Say why: whoever checks the paper reads it."), field="reason")
    begin(paper, seen)
    paper.withdrawn_at, paper.withdrawn_because = now, reason
    paper.withdrawn_by_id = actor.id if actor else None
    paper.version += 1
    record(PaperEvent.WITHDRAW, paper, actor=actor, now=now, code=paper.code, reason=reason)


def begin(paper: Paper, seen: int | None = None) -> None:
    """Take the log's turn and read the paper anew. Raises StepNotAllowed once it is withdrawn, ChangedMeanwhile."""
    take_turn()
    db.session.refresh(paper)
    if paper.status is Status.WITHDRAWN:
        raise StepNotAllowed(N_("This paper is withdrawn already."))
    if seen is not None and paper.version != seen:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))


def signed_content(paper: Paper, certificate: Certificate, *, visible: bool, now: datetime, desk: Desk) -> bytes:
    """The paper's file with a signature behind it; nothing is written yet. Raises StepNotAllowed unless it is valid,
    unsigned and its file is kept, and for a certificate that does not count now."""
    if not certificate.is_good(now):
        raise StepNotAllowed(N_("The certificate for signing has expired, or does not count yet."))
    _require_signable(paper)
    content = queries.content_of(paper, desk.folder)
    if content is None:
        raise StepNotAllowed(N_("The file of this paper is no longer kept. Issue it again, then sign it."))
    return sign(content, certificate, visible=visible, now=now)


def keep_signed(
    paper: Paper, content: bytes, *, name: str, seen: int, actor: Actor | None, now: datetime, desk: Desk
) -> str | None:
    """Put the signed file in the place of the unsigned one, whose bytes it begins with; `name` is who signed.

    Returns the stored name of the former file, to be removed after the commit. Raises as begin() and signed_content().
    """
    begin(paper, seen)
    _require_signable(paper)
    former = paper.file
    if is_beside(paper.key):
        _take_place(paper, now)
    _keep_content(paper, content, actor, now, desk)
    paper.signed_digest, paper.signed_at, paper.signed_as = hashlib.sha256(content).hexdigest(), now, name
    paper.signed_by_id = actor.id if actor else None
    paper.version += 1
    record(PaperEvent.SIGN, paper, actor=actor, now=now, code=paper.code, digest=paper.signed_digest, signed_as=name)
    if former is None:
        return None
    db.session.delete(former)
    return former.stored_name


def _take_place(paper: Paper, now: datetime) -> None:
    """A print that stood beside the signed paper is signed itself: now it is the one."""
    signed = queries.find_standing(base_of(paper.key))
    _supersede(signed, now)
    paper.key = base_of(paper.key)
    if signed is not None and paper.replaces_id is None:
        paper.replaces_id = signed.id


def forget_files(before: datetime, most: int) -> list[str]:
    """No longer keep the files of unsigned papers issued before a moment; what is on record of them stays.

    Returns the stored names of the files, to be removed after the commit.
    """
    names = []
    for paper in queries.loose_files(before, most):
        former, paper.file = paper.file, None
        if former is not None:
            names.append(former.stored_name)
            db.session.flush()
            db.session.delete(former)
    return names


def _require_signable(paper: Paper) -> None:
    if paper.signed_at is not None:
        raise StepNotAllowed(N_("This paper is signed already."))
    if paper.status is not Status.VALID:
        raise StepNotAllowed(N_("Only a paper that is valid can be signed."))


def note_taken(paper: Paper, *, actor: Actor | None, now: datetime) -> None:
    """Keep in the audit log who downloaded a paper (Law 91/2025/QH15)."""
    record(PaperEvent.TAKE, paper, actor=actor, now=now, code=paper.code)


def _drawn_as(standing: Paper, draw: Draw, desk: Desk) -> Drawn | None:
    """The paper drawn under the code of the one that stands, if that is the very same file."""
    again = _drawn(draw, standing.code, desk)
    return replace(again, again=True) if again.digest == standing.digest else None


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
