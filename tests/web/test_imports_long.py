"""A long list is looked at and written in the background, a few hundred rows at a time; broken off, it goes on."""

from io import BytesIO

import pytest

from pr_tracker.db import db
from pr_tracker.imports import jobs
from pr_tracker.imports.models import Import
from pr_tracker.imports.rules import GOOD, ImportState
from pr_tracker.imports.views import choosing, showing
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.runs import jobs as runs
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import Cancelled
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province
from tests.factories.ledgers import a_csv, an_import
from tests.factories.outlets import an_outlet

ROWS = [(str(at), "20/01/2026", "Báo Tuổi Trẻ", "", f"Việc {at}", "Sở Xây dựng", "") for at in range(1, 8)]


@pytest.fixture
def province(session, monkeypatch):
    for module in (jobs, choosing, showing):
        monkeypatch.setattr(module, "SMALL", 3)
    monkeypatch.setattr(jobs.batches, "__defaults__", (2,))
    monkeypatch.setattr(jobs, "BATCH", 2)
    province = Province()
    an_outlet("Báo Tuổi Trẻ")
    db.session.commit()
    return province


def written():
    return db.session.scalar(db.select(db.func.count(Inquiry.id)))


def test_a_long_list_goes_through_the_background(province, sign_in, set_clock):
    set_clock(NOW)
    desk = sign_in(province.clerk)
    sent = desk.post("/imports/new/inquiries", data={"file": (BytesIO(a_csv(ROWS)), "so.csv")})
    assert "/runs/" in sent.location
    assert runs.work_off(NOW) == 1
    one = db.session.scalars(db.select(Import)).one()
    db.session.refresh(one)
    assert one.counts == {"new": 7}
    run = db.session.scalars(db.select(Run)).one()
    assert run.leads_to == f"/imports/{one.id}"
    sent = desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version})
    assert "/runs/" in sent.location
    assert "runs" in desk.get(f"/imports/{one.id}").text
    assert runs.work_off(NOW) == 1
    db.session.expire_all()
    assert (one.state, one.written, written()) == (ImportState.DONE, 7, 7)


def test_stopped_half_way_it_keeps_what_is_written_and_goes_on_later(province):
    one = an_import(a_csv(ROWS), actor=province.clerk)
    jobs.actions.confirm(one, GOOD, seen=None, actor=province.clerk, now=NOW)
    db.session.commit()

    def stop_at_the_third(done, _total):
        if done >= 4:
            raise Cancelled

    assert not jobs.write(one.id, actor=province.clerk, now=NOW, progress=stop_at_the_third)
    db.session.refresh(one)
    assert (one.state, one.written, written()) == (ImportState.JUDGED, 4, 4)
    jobs.actions.confirm(one, GOOD, seen=None, actor=province.clerk, now=NOW)
    db.session.commit()
    assert jobs.write(one.id, actor=province.clerk, now=NOW)
    db.session.refresh(one)
    assert (one.state, one.written, written()) == (ImportState.DONE, 7, 7)


def test_a_run_that_was_stopped_before_it_began_leaves_the_preview_to_go_on_with(province, sign_in, set_clock):
    set_clock(NOW)
    one, desk = an_import(a_csv(ROWS), actor=province.clerk), sign_in(province.clerk)
    desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version})
    run = db.session.scalars(db.select(Run)).one()
    assert f"/imports/{one.id}/again" not in desk.get(f"/imports/{one.id}").text, "it is under way"
    assert desk.post(f"/imports/{one.id}/again").status_code == 409
    desk.post(f"/runs/{run.id}/cancel")
    assert f"/imports/{one.id}/again" in desk.get(f"/imports/{one.id}").text
    page = desk.post(f"/imports/{one.id}/again", follow_redirects=True)
    assert page.status_code == 200
    db.session.refresh(one)
    assert (one.state, written()) == (ImportState.JUDGED, 0)
    desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version})
    assert runs.work_off(NOW) == 1
    db.session.expire_all()
    assert (one.state, written()) == (ImportState.DONE, 7)


def test_a_look_that_was_stopped_can_be_had_anew(province, sign_in, set_clock):
    set_clock(NOW)
    one, desk = an_import(a_csv(ROWS), actor=province.clerk), sign_in(province.clerk)
    jobs.actions.begin_judging(one)
    db.session.commit()
    assert "/runs/" in desk.post(f"/imports/{one.id}/again").location
    assert runs.work_off(NOW) == 1
    db.session.refresh(one)
    assert (one.state, one.counts) == (ImportState.JUDGED, {"new": 7})


def test_columns_named_anew_wait_for_their_preview(province, sign_in, set_clock):
    set_clock(NOW)
    one, desk = an_import(a_csv(ROWS), actor=province.clerk), sign_in(province.clerk)
    columns = {f"column_{key}": str(place) for key, place in one.columns.items()} | {"seen": str(one.version)}
    assert "/runs/" in desk.post(f"/imports/{one.id}/columns", data=columns).location
    db.session.refresh(one)
    assert one.state is ImportState.JUDGING, "the old preview is not of these columns"
    assert desk.post(f"/imports/{one.id}/confirm", data={"what": "good", "seen": one.version}).status_code in (409, 422)
    assert runs.work_off(NOW) == 1
    db.session.refresh(one)
    assert (one.state, one.counts) == (ImportState.JUDGED, {"new": 7})


def test_files_and_rows_are_removed_after_a_week(province):
    one = an_import(a_csv(ROWS), actor=province.clerk)
    path = jobs.folder() / one.stored_name
    assert path.is_file()
    assert jobs.remove_old(NOW) == 0
    assert jobs.remove_old(NOW + jobs.actions.KEPT * 1.01) == 1
    db.session.refresh(one)
    assert (one.state, one.stored_name, path.exists()) == (ImportState.DROPPED, None, False)
