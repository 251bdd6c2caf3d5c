"""Long work in the background: who gets it, what a second click, a kill, a fault and a week do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db, start_writing, will_write
from pr_tracker.errors import BadInput
from pr_tracker.permissions import Permission, Role
from pr_tracker.runs import actions, jobs
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import LEASE, MOST_ATTEMPTS, RESULT_KEPT, Cancelled, Kind, Released, RunEvent, RunState
from tests.factories.accounts import NOW, a_person


@pytest.fixture
def kinds(app, tmp_path, monkeypatch):
    """kinds[code] = Kind(…): known while the test lasts; results lie in a folder of the test."""
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path / "uploads"))
    known = {}
    monkeypatch.setitem(app.extensions, "run_kinds", known)
    return known


@pytest.fixture
def folder(kinds, app):
    with app.app_context():
        return jobs.results_folder()


def a_file(running):
    """Work that writes what was asked."""
    running.name("ket-qua.txt", "text/plain")
    for number, word in enumerate(running.counted(running.asked["words"], 2)):
        running.out.write(f"{number} {word}\n".encode())


@pytest.fixture
def person(session):
    person = a_person(roles={Role.STAFF})
    session.commit()
    return person


def asked(person, kind="file", *, words=("một", "hai"), now=NOW, **facts):
    run = actions.ask(kind, {"words": list(words)}, title="Sổ theo dõi", language="vi", actor=person, now=now, **facts)
    db.session.commit()
    return run


def reread(run):
    db.session.expire_all()
    found = db.session.get(Run, run.id)
    db.session.refresh(found)
    return found


def test_a_run_is_worked_off_and_its_result_handed_to_who_asked_and_to_nobody_else(session, kinds, person, sign_in):
    kinds["file"] = Kind("Tệp", a_file)
    run, other = asked(person), a_person()
    session.commit()
    assert jobs.work_off(NOW) == 1
    run = reread(run)
    assert run.state is RunState.DONE
    assert run.finished_at is not None
    session.commit()
    answer = sign_in(person).get(f"/runs/{run.id}/result")
    assert answer.data.decode() == "0 một\n1 hai\n"
    assert "ket-qua.txt" in answer.headers["Content-Disposition"]
    assert "ket-qua.txt" in sign_in(person).get(f"/runs/{run.id}").text
    client = sign_in(other)
    for path in ("", "/progress", "/result"):
        assert client.get(f"/runs/{run.id}{path}").status_code == 404
    assert client.post(f"/runs/{run.id}/cancel").status_code == 404
    events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("run:%"))).all()
    assert events == [RunEvent.ASK, RunEvent.TAKE]


def test_a_second_click_finds_the_run_of_the_first_until_it_is_finished(session, kinds, person):
    kinds["file"] = Kind("Tệp", a_file)
    first = asked(person)
    assert asked(person).id == first.id
    assert asked(person, words=("ba",)).id != first.id
    assert asked(a_person()).id != first.id, "of somebody else"
    jobs.work_off(NOW)
    assert asked(person).id != first.id, "what has changed since is drawn anew"


def test_a_worker_that_was_killed_is_followed_by_another_once_its_lease_has_run_out(session, kinds, person, folder):
    kinds["file"] = Kind("Tệp", a_file)
    run = asked(person)
    claimed = actions.claim_next(NOW)
    left = folder / f"{run.id}-{claimed.claim}.part"
    left.write_bytes(b"half")
    session.commit()
    assert jobs.work_off(NOW + LEASE - timedelta(seconds=30)) == 0, "it may still be at work"
    assert jobs.work_off(NOW + LEASE + timedelta(seconds=1)) == 1
    assert reread(run).state is RunState.DONE
    assert not left.exists()
    assert len(list(folder.iterdir())) == 1


def test_what_a_worker_does_after_it_lost_the_run_leaves_nothing(session, kinds, person, folder):
    def slow(running):
        a_file(running)
        start_writing()
        db.session.execute(sa.update(Run).values(claim="other"))
        db.session.commit()
        running.actor.title = "nothing of this stays"

    kinds["file"] = Kind("Tệp", slow)
    run = asked(person)
    assert jobs.work_off(NOW) == 0
    run = reread(run)
    assert (run.state, run.claim) == (RunState.RUNNING, "other")
    assert session.get(type(person), person.id).title == ""
    assert list(folder.iterdir()) == []


def test_a_run_that_kills_each_worker_is_given_up(session, kinds, person):
    kinds["file"] = Kind("Tệp", a_file)
    run, now = asked(person), NOW
    for _ in range(MOST_ATTEMPTS):
        assert actions.claim_next(now) is not None
        session.commit()
        now += LEASE + timedelta(seconds=1)
    jobs.work_off(now)
    run = reread(run)
    assert run.state is RunState.FAILED
    assert "3 lần" in run.fault


def test_who_asked_may_stop_it_while_it_waits_and_while_it_runs(session, kinds, person, sign_in, folder):
    waiting = asked(person, words=("ba",))
    client = sign_in(person)
    assert client.post(f"/runs/{waiting.id}/cancel").status_code == 303
    assert reread(waiting).state is RunState.CANCELLED

    def stopped_midway(running):
        running.progress(1, 10)
        running.out.write(b"half")
        reading = will_write.set(True)  # as somebody else's request
        with db.engine.begin() as beside:
            beside.execute(sa.update(Run).where(Run.state == RunState.RUNNING).values(cancel_asked_at=NOW))
        will_write.reset(reading)
        running.progress(10, 10)
        raise AssertionError("the work goes on")

    kinds["file"] = Kind("Tệp", stopped_midway)
    run = asked(person)
    assert jobs.work_off(NOW) == 1
    assert reread(run).state is RunState.CANCELLED
    assert list(folder.iterdir()) == []


def test_progress_is_told_while_the_work_goes_on_also_where_it_writes(session, kinds, person):
    seen = []

    def writing(running):
        running.progress(30, 120)
        with db.engine.begin() as beside:
            seen.append(beside.execute(sa.select(Run.done, Run.total)).one())
        start_writing()
        running.actor.title = "Chuyên viên chính"
        db.session.flush()
        running.progress(120, 120)  # holds the lock of the database: must not wait for itself
        running.lead_to("/absences")

    kinds["file"] = Kind("Tệp", writing)
    run = asked(person)
    assert jobs.work_off(NOW) == 1
    assert seen == [(30, 120)]
    run = reread(run)
    assert (run.state, run.leads_to, run.stored_name) == (RunState.DONE, "/absences", None)
    session.refresh(person)
    assert person.title == "Chuyên viên chính"


def test_a_refusal_is_told_in_the_words_of_who_asked_and_a_fault_without_its_details(session, kinds, person):
    def refusing(running):
        raise BadInput("There is no such work, or somebody else asked for it.")

    def broken(running):
        raise ZeroDivisionError("secret")

    kinds |= {"refusing": Kind("Tệp", refusing), "broken": Kind("Tệp", broken)}
    first, second = asked(person, "refusing"), asked(person, "broken")
    assert jobs.work_off(NOW) == 2, "one that fails does not keep the others waiting"
    assert "Không có việc này" in reread(first).fault
    assert reread(second).state is RunState.FAILED
    assert "secret" not in reread(second).fault


def test_who_has_lost_the_right_or_the_account_gets_nothing(session, kinds, person, sign_in):
    kinds["file"] = Kind("Tệp", a_file, Permission.ACCOUNT_MANAGE)
    run = asked(person)
    jobs.work_off(NOW)
    assert reread(run).state is RunState.FAILED
    kinds["file"] = Kind("Tệp", a_file)
    run = asked(person)
    jobs.work_off(NOW)
    kinds["file"] = Kind("Tệp", a_file, Permission.ACCOUNT_MANAGE)
    assert sign_in(person).get(f"/runs/{run.id}/result").status_code == 404


def test_a_result_is_deleted_after_a_week_and_the_row_stays(session, kinds, person, sign_in, folder, set_clock):
    kinds["file"] = Kind("Tệp", a_file)
    run = asked(person)
    jobs.work_off(NOW)
    session.commit()
    later = NOW + RESULT_KEPT
    assert jobs.remove_old(later - timedelta(minutes=1)) == 0
    assert jobs.remove_old(later + timedelta(minutes=1)) == 1
    assert list(folder.iterdir()) == []
    assert reread(run).removed_at is not None
    session.commit()
    client = sign_in(person)
    assert client.get(f"/runs/{run.id}/result").status_code == 404
    assert "đã bị xóa" in client.get(f"/runs/{run.id}").text


def test_a_worker_that_is_told_to_stop_puts_the_run_back(session, kinds, person, monkeypatch):
    def told_to_stop(running):
        jobs.stopping.set()
        running.progress(1, 2)

    kinds["file"] = Kind("Tệp", told_to_stop)
    run = asked(person)
    try:
        jobs.work_off(NOW)
    finally:
        jobs.stopping.clear()
    run = reread(run)
    assert (run.state, run.attempts, run.claim) == (RunState.WAITING, 0, None)
    assert issubclass(Released, Exception)
    assert issubclass(Cancelled, Exception)


def test_the_page_shows_how_far_it_is_also_without_script(session, kinds, person, sign_in):
    kinds["file"] = Kind("Tệp", a_file)
    run = asked(person)
    page = sign_in(person).get(f"/runs/{run.id}").text
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    assert sign_in(person).get(f"/runs/{run.id}/progress").json["finished"] is False
    assert f"/runs/{run.id}" in sign_in(person).get("/runs").text
