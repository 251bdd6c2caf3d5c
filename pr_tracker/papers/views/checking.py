"""For anybody who holds a paper or its file: is it ours, does it still hold? What is handed in here is never kept."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from werkzeug.datastructures import FileStorage

from pr_tracker.accounts.limits import Rate, TooManyAttempts, limited, note_failure, too_many_failures
from pr_tracker.codes import CODE_LETTERS, LENGTH, is_ours, read_code, show_code
from pr_tracker.errors import N_, BadInput
from pr_tracker.papers import queries
from pr_tracker.papers.forms import CheckForm
from pr_tracker.papers.labels import KINDS, VERDICTS, fingerprint
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import PRIVATE_TITLES, PURPOSE, Verdict, verdict_of
from pr_tracker.web.access import only_reads, public
from pr_tracker.web.files import largest_file
from pr_tracker.web.parameters import text_of

blueprint = Blueprint("paper_check", __name__)
WRONG_CODES = "120 per hour"  # an office of a hundred people may share one address
UPLOADS = Rate("120 per hour", "120 per hour", every=True)
CHUNK = 256 * 1024
_CODE_INSIDE = re.compile(rb"/check/([%s]{%d})" % (CODE_LETTERS.encode(), LENGTH))


@dataclass(frozen=True)
class Door:
    """Other papers of the house that have codes: what their codes are good for, their page, their code by SHA-256."""

    purpose: str
    endpoint: str
    code_of: Callable[[str], str | None]


@dataclass(frozen=True)
class Seen:
    """What was learnt of a file while it passed by: its SHA-256, the codes in it, whether it begins as a PDF does."""

    digest: str
    codes: tuple[str, ...]
    is_pdf: bool


def install(app: Flask, doors: Sequence[Door]) -> None:
    """Let the one page for checking lead to every paper that has a code."""
    app.extensions["code_doors"] = tuple(doors)


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/check")
@public
def ask() -> ResponseReturnValue:
    """Type the code of a paper, or hand in its file."""
    code = read_code(text_of("code"))
    if code:
        return redirect(url_for("paper_check.show", code=code))
    return render_template("papers/ask.html", form=CheckForm())


@blueprint.get("/check/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Valid, superseded, withdrawn or unknown; what it is, whose, of which day, and the fingerprint of its file."""
    read, key = read_code(code)[: LENGTH + 1], current_app.config["SECRET_KEY"]
    for door in _doors():
        if is_ours(read, key, door.purpose):
            return redirect(url_for(door.endpoint, code=read))
    counted = WRONG_CODES, "paper_check", get_remote_address()
    if too_many_failures(*counted):
        raise TooManyAttempts(N_("Too many attempts. Try again in %(minutes)s minutes."), minutes=60)
    found = queries.find_by_code(read)
    if found is None:
        note_failure(*counted)  # a code that only we can have made was not mistyped
        return _page(Verdict.ALTERED if is_ours(read, key, PURPOSE) else Verdict.UNKNOWN, None), 404
    return _page(verdict_of(found.status, whole=queries.is_whole(found)), found)


@only_reads
@public
def check_file() -> ResponseReturnValue:
    """Whether a file is byte for byte one that was issued here, and what has become of that paper."""
    form = CheckForm()
    try:
        seen = _handed_in(form)
    except BadInput as refusal:
        form.add_problem(refusal)
        return render_template("papers/ask.html", form=form), 422
    found = queries.find_by_digest(seen.digest)
    if found is not None:
        verdict = verdict_of(found.status, whole=queries.is_whole(found))
        return _page(verdict, found, seen)
    for door in _doors():
        if code := door.code_of(seen.digest):
            return redirect(url_for(door.endpoint, code=code), 303)
    meant = next(filter(None, map(queries.find_by_code, seen.codes)), None)
    return _page(Verdict.CHANGED_FILE if meant else Verdict.UNKNOWN_FILE, meant, seen)


blueprint.add_url_rule("/check", "check_file", limited(check_file, UPLOADS), methods=["POST"])


def _doors() -> tuple[Door, ...]:
    doors: tuple[Door, ...] = current_app.extensions["code_doors"]
    return doors


def _handed_in(form: CheckForm) -> Seen:
    """Read what was handed in, a piece at a time. Raises BadInput: no token, no file, too large, no PDF."""
    if not form.validate():
        raise BadInput(N_("This form was open for too long. Choose the file again."))
    file = form.file.data
    if not isinstance(file, FileStorage) or not file.filename:
        raise BadInput(N_("Choose a PDF file."), field="file")
    seen = _seen(file.stream, most=largest_file() * 1024 * 1024)
    if seen is None:
        raise BadInput(N_("The file is larger than %(largest)s MB."), field="file", largest=largest_file())
    if not seen.is_pdf:
        raise BadInput(N_("This is not a PDF file. What this office issues for checking is always PDF."), field="file")
    return seen


def _seen(stream: IO[bytes], *, most: int) -> Seen | None:
    """None for a stream that is longer than `most` octets."""
    whole, tail, size, head = hashlib.sha256(), b"", 0, b""
    codes: dict[str, None] = {}
    while chunk := stream.read(CHUNK):
        size, head = size + len(chunk), head or chunk[:1024]
        if size > most:
            return None
        whole.update(chunk)
        codes |= dict.fromkeys(found[1].decode() for found in _CODE_INSIDE.finditer(tail + chunk))
        tail = chunk[-64:]
    return Seen(whole.hexdigest(), tuple(codes)[:20], b"%PDF-" in head)


def _page(verdict: Verdict, paper: Paper | None, seen: Seen | None = None) -> str:
    return render_template(
        "papers/check.html",
        verdict=verdict,
        words=VERDICTS[verdict],
        paper=paper if verdict is not Verdict.ALTERED else None,
        facts=_public_facts(paper) if paper and verdict is not Verdict.ALTERED else {},
        seen=seen,
        fingerprint=fingerprint,
        is_signed_file=bool(seen and paper and seen.digest == paper.signed_digest),
    )


def _public_facts(paper: Paper) -> dict[str, Any]:
    """What anybody may learn of a paper: never a person, never what the press asked."""
    return {
        "kind": KINDS[paper.kind],
        "title": "" if paper.kind in PRIVATE_TITLES else paper.title,
        "agency": paper.agency.name if paper.agency else "",
        "code": show_code(paper.code),
    }
