"""How long certificates for a class of 300 take: issued and drawn by the worker, then taken out as files."""

import time
from collections.abc import Iterator

from pr_tracker.certificates import jobs
from pr_tracker.certificates.queries import register
from pr_tracker.db import db
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, a_person
from tests.factories.certificates import a_held_class, a_run
from tests.province import Province

PEOPLE = 300


def timed_certificates(province: Province) -> Iterator[tuple[float, str]]:
    """Seconds, and what was done in them."""
    with province.app.app_context():
        trainer = a_person(roles={Role.TRAINER})
        one = a_held_class(*(f"Nguyễn Thị Hoàng Khánh Ngọc Số {number:03d}" for number in range(PEOPLE)))
        run = a_run(one)
        run_id, class_id, session_id = run.id, one.id, trainer.fs_uniquifier
        db.session.commit()
        started = time.perf_counter()
        assert jobs.issue(NOW) == PEOPLE
        yield time.perf_counter() - started, f"{PEOPLE} certificates issued, numbered and drawn, each kept as a file"
        assert register.count_drawn(run_id) == PEOPLE
    client = province.app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": session_id, "_fresh": True, "fs_cc": "set", "identity": session_id})
    for name, words in (("all.zip", "in one ZIP"), ("joint.pdf", "in one PDF for printing")):
        started = time.perf_counter()
        answer = client.get(f"/trainings/classes/{class_id}/certificates/{name}")
        assert answer.status_code == 200
        size = len(answer.data) // 1024
        yield time.perf_counter() - started, f"{PEOPLE} certificates {words}, {size} kB"
