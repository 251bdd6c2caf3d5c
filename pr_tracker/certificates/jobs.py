"""In the background: the certificates of a class are issued a few at a time, then drawn; each step is kept at once.

Any number of workers may do it at the same time; one that is killed leaves nothing that another cannot go on with.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flask import current_app

from pr_tracker.certificates import actions
from pr_tracker.certificates.documents import sheet_of
from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.queries import register
from pr_tracker.db import db
from pr_tracker.files import KeptFile, store
from pr_tracker.notices.jobs import stopping
from pr_tracker.notices.mail import DEVELOPMENT
from pr_tracker.pdf.certificate import Sheet, build_certificates

DRAWN_AT_ONCE = 10
log = logging.getLogger(__name__)


def issue(now: datetime) -> int:
    """Work off every run that waits; returns how many certificates are new. Commits each few by itself."""
    runs = register.unfinished_runs()
    db.session.rollback()
    issued, faults = 0, list[Exception]()
    for run_id in runs:
        try:
            issued += _work_off(run_id, now)
        except Exception as fault:  # one class must not keep the others waiting
            db.session.rollback()
            log.exception("The certificates of run %s could not be issued", run_id)
            faults.append(fault)
    if faults:
        raise faults[0]
    return issued


def draw(certificate: Certificate) -> KeptFile:
    """The PDF of a certificate, put into the folder of kept files; its row is not yet in the database."""
    return _drawn(_to_draw(certificate))


def public_base() -> str:
    """The address of the site, under which a code is looked up."""
    base: str = current_app.config["PR_TRACKER_PUBLIC_URL"]
    return base or DEVELOPMENT


def _work_off(run_id: int, now: datetime) -> int:
    key, issued = current_app.config["SECRET_KEY"], 0
    while not stopping.is_set() and register.people_left(run_id):
        issued += actions.issue_next(run_id, key=key, now=now)
        db.session.commit()
    while not stopping.is_set() and _draw_next(run_id):
        pass
    actions.finish(run_id, now=now)
    db.session.commit()
    return issued


@dataclass(frozen=True)
class ToDraw:
    """What drawing needs: no transaction is open while it is done."""

    certificate_id: int
    number: str
    issued_at: datetime
    sheet: Sheet


def _to_draw(one: Certificate) -> ToDraw:
    return ToDraw(one.id, one.written_number, one.issued_at, sheet_of(one, public_base()))


def _draw_next(run_id: int) -> bool:
    """Draw a few; False when there is nothing left to draw."""
    waiting = [_to_draw(one) for one in register.undrawn_of(run_id, DRAWN_AT_ONCE)]
    db.session.rollback()
    drawn = [(one.certificate_id, _drawn(one)) for one in waiting]
    for certificate_id, file in drawn:
        stored_name = file.stored_name
        if not actions.keep_drawn(certificate_id, file):
            (_folder() / stored_name).unlink(missing_ok=True)
    db.session.commit()
    return bool(drawn)


def _drawn(one: ToDraw) -> KeptFile:
    out = BytesIO()
    build_certificates([one.sheet], out, title=f"Giấy chứng nhận {one.number}")
    name = f"giay-chung-nhan-{one.number.replace('/', '-')}.pdf"
    largest = current_app.config["PR_TRACKER_MAX_UPLOAD_MB"]
    stored = store(name, out.getvalue(), folder=_folder(), largest=largest)
    return KeptFile(file_name=name, **vars(stored), kept_at=one.issued_at)


def _folder() -> Path:
    return Path(current_app.config["PR_TRACKER_UPLOAD_FOLDER"])
