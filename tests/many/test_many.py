"""An office on several machines: nothing twice, nothing lost that was confirmed, whatever is restarted or killed.

The moments of the kills are seen, not waited for: a worker is frozen while it has the file of its run open. Leases run
out by hand. Seen red: with a queue named by the database's address, with counts in memory, with a lease of no length.
"""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.security import hashed
from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.certificates.models import Certificate
from pr_tracker.config import office_mark, read
from pr_tracker.db import db
from pr_tracker.files import KeptFile
from pr_tracker.imports.models import Import
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState
from pr_tracker.permissions import Role
from pr_tracker.runs.jobs import results_folder
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import RunState
from tests.conftest import must_not_skip
from tests.factories.accounts import a_person
from tests.factories.certificates import a_held_class, a_run
from tests.factories.inquiries import Province
from tests.factories.ledgers import a_csv, an_import, written
from tests.factories.notices import told
from tests.factories.outlets import an_outlet
from tests.many.machines import Machines, installed, until
from tests.many.visitor import PASSWORD, Visitor, typed

NOTICES, ROWS, PEOPLE = 45, 2_100, 40
OLD_ROWS = [(f"T{at}", "20/01/2025", "Báo Tuổi Trẻ", "", f"Việc cũ {at}", "Sở Xây dựng", "") for at in range(ROWS)]
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
CLERK, STRANGER = "vanthu@angiang.example", "nguoikhac@angiang.example"


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """PostgreSQL, Redis, three web instances, three workers; mail waits before the workers begin."""
    if not installed() and not must_not_skip():
        pytest.skip("no Redis on this machine")
    with Machines(tmp_path_factory.mktemp("many")) as machines:
        with machines.app.app_context():
            _people()
            people = [a_person(now=clock.now()) for _ in range(5)]
            for number in range(NOTICES):
                told(people[number % 5], now=clock.now(), key=f"n{number}", data={"code": f"ĐN-2026-{number:04}"})
            db.session.commit()
        machines.start_desks(3)
        machines.start_workers(3)
        yield machines


def _people():
    province = Province()
    province.clerk.email, province.stranger.email = CLERK, STRANGER
    for person in (province.clerk, province.stranger):
        person.password = hashed(PASSWORD)
    a_person("Quản Trị", agency=province.office, roles=(Role.ADMIN,))
    an_outlet("Báo Tuổi Trẻ")
    db.session.commit()


@pytest.fixture(scope="module")
def clerk(machines):
    """Signed in at the first instance; each request goes to another."""
    clerk = Visitor(machines.desks)
    assert clerk.sign_in(CLERK).status == 302
    return clerk


@pytest.fixture
def ledger(machines):
    """Enough inquiries of the year before for a register that is drawn in the background."""
    with machines.app.app_context():
        if not asked(db.session, sa.select(Inquiry.id).where(Inquiry.subject == "Việc cũ 1")):
            actor = db.session.scalars(sa.select(Person).where(Person.email == CLERK)).one()
            written(an_import(a_csv(OLD_ROWS), actor=actor), actor=actor)


@pytest.fixture
def office(machines):
    """The office's database, for looking."""
    with machines.app.app_context():
        yield db.session


def asked(session, query):
    """What it finds now, in a transaction that ends at once."""
    found = list(session.scalars(query))
    session.rollback()
    return found


def numbers_are_whole(session):
    for year in asked(session, sa.select(Inquiry.year).distinct()):
        numbers = asked(session, sa.select(Inquiry.number).where(Inquiry.year == year).order_by(Inquiry.number))
        assert numbers == list(range(1, len(numbers) + 1))
    assert list(faults_in_chain()) == []
    session.rollback()


def test_three_workers_send_each_notice_once(machines, office):
    def all_sent():
        return set(asked(office, sa.select(Notice.mail_state))) == {MailState.SENT}

    until(all_sent, what="the last notice")
    assert len(machines.letterbox.names) == len(set(machines.letterbox.names)) == NOTICES


def test_who_signed_in_at_one_machine_is_signed_in_at_all_and_signed_out_of_all(machines, clerk):
    assert [clerk.get("/queue", desk=desk).status for desk in machines.desks] == [200, 200, 200]
    elsewhere = Visitor(machines.desks)
    elsewhere.sign_in(CLERK)
    assert clerk.post("/account/end-sessions", desk=machines.desks[1]).status == 303
    assert [elsewhere.get("/queue", desk=desk).status for desk in machines.desks] == [302, 302, 302]
    assert clerk.get("/queue").status == 200


def test_attempts_to_sign_in_are_counted_over_all_machines_and_not_over_offices(machines):
    guesser, answers = Visitor(machines.desks), Counter()
    guesser.get("/sign-in")
    for _ in range(22):
        answers[guesser.post("/sign-in", email=STRANGER, password="wrong").status] += 1
    assert answers == {422: 20, 429: 2}, "20 in 15 minutes, whichever machine is asked"
    with machines.office("neighbour").app_context():
        a_person(email=STRANGER, password=PASSWORD)
        db.session.commit()
    neighbours = machines.start_desks(1, "neighbour")
    machines.desks.remove(neighbours[0])
    try:
        assert Visitor(neighbours).sign_in(STRANGER).status == 302, "an office of the same name on the same Redis"
    finally:
        neighbours[0].process.kill()
        neighbours[0].process.wait()
    marks = {office_mark(read(machines.environment(name))) for name in ("office", "neighbour")}
    assert {key for key in machines.redis.all_keys() if not any(mark in key for mark in marks)} == set()


def test_what_is_attached_at_one_machine_is_handed_out_by_the_others(machines, clerk):
    case = clerk.post("/inquiries/new", **typed(subject="Có tệp")).location
    clerk.get(case)
    assert clerk.post(f"{case}/files", file=("files", "cong-van.pdf", PAPER), desk=machines.desks[0]).status == 303
    with machines.app.app_context():
        number = db.session.scalar(sa.text("SELECT max(id) FROM inquiry_attachments"))
    for desk in machines.desks:
        assert clerk.get(f"{case}/files/{number}", desk=desk).body == PAPER


def test_clerks_at_three_machines_take_each_number_once(machines, office):
    answers = []

    def log_some(desk):
        clerk = Visitor([desk])
        clerk.sign_in(CLERK)
        answers.extend(clerk.post("/inquiries/new", **typed()) for _ in range(6))

    clerks = [threading.Thread(target=log_some, args=(desk,)) for desk in machines.desks * 2]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    refused = [(answer.status, answer.text[:5000]) for answer in answers if answer.status != 303]
    assert (len(answers), refused) == (36, [])
    numbers_are_whole(office)


def killed_in_the_middle(machines, office, run_id):
    """The worker that has this run is killed half-way and its lease runs out; another goes on to the end."""
    worker = until(lambda: machines.freeze(f"/{run_id}-"), what="the worker at its run")
    machines.kill(worker)
    run = office.get(Run, run_id)
    office.refresh(run)
    assert run.state is RunState.RUNNING, "the kill came too late"
    run.lease_until = clock.now() - timedelta(seconds=1)
    office.commit()
    machines.start_workers(1)  # as systemd does
    until(lambda: asked(office, sa.select(Run.finished_at).where(Run.id == run_id))[0], what="the end of the run")
    office.refresh(run)
    office.rollback()
    return run


def run_of(answer):
    assert "/runs/" in answer.location, (answer.status, answer.text[:2000])
    return int(answer.location.rsplit("/", 1)[1])


def test_an_import_whose_worker_is_killed_is_written_to_the_end_and_once(machines, office, clerk):
    before = asked(office, sa.select(sa.func.count(Inquiry.id)))[0]
    clerk.get("/imports/new/inquiries")
    judging = run_of(clerk.post("/imports/new/inquiries", file=("file", "so.csv", a_csv(OLD_ROWS))))
    assert killed_in_the_middle(machines, office, judging).state is RunState.DONE
    one = asked(office, sa.select(Import))[0]
    assert one.counts == {"new": ROWS}
    writing = run_of(clerk.post(f"/imports/{one.id}/confirm", what="good", seen=one.version))
    until(lambda: asked(office, sa.select(sa.func.count(Inquiry.id)))[0] > before, what="the first rows")
    run = killed_in_the_middle(machines, office, writing)
    assert (run.state, run.attempts) == (RunState.DONE, 2)
    rows = Counter(asked(office, sa.select(Inquiry.subject).where(Inquiry.subject.like("Việc cũ %"))))
    assert len(rows) == ROWS
    assert set(rows.values()) == {1}
    assert asked(office, sa.select(Import.written))[0] == ROWS


def test_a_report_whose_worker_is_killed_is_drawn_by_another_and_there_is_one(machines, office, clerk, ledger):
    run_id = run_of(clerk.get("/reports/register.pdf?from=2025-01-01&to=2025-12-31"))
    run = killed_in_the_middle(machines, office, run_id)
    assert (run.state, run.attempts) == (RunState.DONE, 2), run.fault
    with machines.app.app_context():
        left = [path.name for path in results_folder().iterdir()]
    assert left == [run.stored_name]
    paper = clerk.get(f"/runs/{run_id}/result")
    assert paper.status == 200
    with (results_folder_of(machines) / run.stored_name).open("rb") as file:
        assert len(PdfReader(file).pages) > 50


def results_folder_of(machines):
    with machines.app.app_context():
        return results_folder()


def test_certificates_go_on_after_every_worker_was_killed(machines, office):
    for worker in list(machines.workers):
        machines.kill(worker)
    run = a_run(a_held_class(*(f"Nguyễn Văn Số {at}" for at in range(PEOPLE))), actor=None)
    run_id = run.id
    office.commit()
    drawn = sa.select(Certificate.file_id).where(Certificate.file_id.is_not(None))
    with db.engine.connect() as before_the_first, db.engine.connect() as before_the_last:
        before_the_first.execute(sa.text("LOCK TABLE kept_files IN SHARE MODE"))
        machines.start_workers(1)
        until(lambda: len(asked(office, sa.select(Certificate.id))) == PEOPLE, what="the last number")
        before_the_last.execute(sa.select(Certificate.id).order_by(Certificate.id.desc()).limit(1).with_for_update())
        before_the_first.rollback()
        until(lambda: asked(office, drawn), what="the first certificate")
        machines.kill(machines.workers[0])
    assert 0 < len(asked(office, drawn)) < PEOPLE
    machines.start_workers(3)
    finished = sa.text("SELECT finished_at FROM certificate_runs WHERE id = :run").bindparams(run=run_id)
    until(lambda: asked(office, finished)[0], what="the end of the run")
    issued = office.execute(sa.select(Certificate.number, Certificate.participant_id, Certificate.file_id)).all()
    for column in zip(*issued, strict=True):
        assert len(set(column)) == PEOPLE
    assert sorted(number for number, *_ in issued) == list(range(1, PEOPLE + 1))
    for stored_name, size in office.execute(sa.select(KeptFile.stored_name, KeptFile.size)):
        assert (machines.folder / "uploads" / stored_name).stat().st_size == size
    office.rollback()


class Load:
    """Clerks who log one inquiry after the other and look at pages; what they were told."""

    def __init__(self, machines, clerks=4):
        self.confirmed, self.statuses, self.faults, self.ends = {}, Counter(), [], threading.Event()
        self.clerks = [threading.Thread(target=self._work, args=(machines.desks, at)) for at in range(clerks)]

    def _work(self, desks, at):
        clerk, number = Visitor(desks), 0
        clerk.sign_in(CLERK)
        while not self.ends.is_set():
            number += 1
            subject = f"Dưới tải {at}-{number}"
            for answer in (clerk.post("/inquiries/new", **typed(subject=subject)), clerk.get("/queue")):
                self.statuses[answer.status] += 1
                if answer.status == 303:
                    self.confirmed[int(answer.location.rsplit("/", 1)[1])] = subject
                if answer.status == 503:
                    self._must_be_clear(answer, subject)

    def _must_be_clear(self, answer, subject):
        if "retry-after" not in answer.headers or "Hệ thống tạm thời chưa trả lời được" not in answer.text:
            self.faults.append(answer.text)
        if "Gửi lại" in answer.text and subject not in answer.text:
            self.faults.append(answer.text)

    def __enter__(self):
        for one in self.clerks:
            one.start()
        self.grows()
        return self

    def __exit__(self, *_):
        self.ends.set()
        for one in self.clerks:
            one.join()

    def grows(self):
        """Until another inquiry or two of every clerk is confirmed."""
        more = len(self.confirmed) + 2 * len(self.clerks)
        until(lambda: len(self.confirmed) >= more, what="another confirmation")


def test_redis_and_postgresql_restarted_under_load_cost_a_try_again_page_at_worst(machines, office):
    before = len(asked(office, sa.select(Inquiry.id)))
    with Load(machines) as load:
        machines.redis.restart()
        load.grows()
        assert set(load.statuses) == {200, 303}, "nobody notices that Redis was away"
        for how in ("fast", "immediate"):
            machines.restart_database(how)
            load.grows()
    assert set(load.statuses) <= {200, 303, 503}, load.statuses
    assert load.faults == []
    stored = dict(
        office.execute(sa.select(Inquiry.id, Inquiry.subject).where(Inquiry.subject.like("Dưới tải %"))).all()
    )
    assert {number: stored.get(number) for number in load.confirmed} == load.confirmed
    assert len(asked(office, sa.select(Inquiry.id))) == before + len(stored)
    numbers_are_whole(office)
    assert [worker.poll() for worker in machines.workers] == [None] * len(machines.workers)


def test_without_redis_people_sign_in_limits_hold_and_the_minutes_pass_does_the_work(machines, office, ledger):
    for worker in list(machines.workers):
        machines.kill(worker)
    machines.redis.stop()
    clerk, guesser = Visitor(machines.desks), Visitor(machines.desks[:1])
    assert clerk.sign_in(CLERK).status == 302
    guesser.get("/sign-in")
    answers = Counter(guesser.post("/sign-in", email="ai@angiang.example", password="x").status for _ in range(21))
    assert answers == {422: 20, 429: 1}
    run_id = run_of(clerk.get("/reports/register.pdf?from=2025-01-01&to=2025-12-30"))
    machines.start_workers(1)
    until(lambda: asked(office, sa.select(Run.finished_at).where(Run.id == run_id))[0], what="the end of the run")
    assert machines.workers[0].poll() is None
    machines.redis.start()
    # The queue is heard again: the next run begins at once, and not at the next minute.
    run_id = run_of(clerk.get("/reports/register.pdf?from=2025-01-01&to=2025-12-29"))
    until(lambda: asked(office, sa.select(Run.begun_at).where(Run.id == run_id))[0], seconds=45, what="a worker")
