"""One press agency is one row, however its name is typed; a journalist is known by name and press card."""

import threading

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile
from pr_tracker.outlets import actions, queries
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.outlets.rules import OutletFacts, OutletKind
from tests.factories.accounts import NOW
from tests.factories.outlets import a_journalist, an_outlet

BY_SYSTEM = {"actor": None, "now": NOW}


def named(name, kind=OutletKind.ONLINE):
    return actions.outlet_named(name, kind, **BY_SYSTEM)


def events():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))


def test_a_name_typed_without_marks_or_capitals_finds_the_agency(session):
    known = an_outlet("Báo Đồng Bằng", kind=OutletKind.PRINT)
    assert named("bao  dong bang") is known
    assert named("BÁO ĐỒNG BẰNG") is known
    assert known.kind is OutletKind.PRINT
    assert events() == ["outlet:add"]


def test_a_name_that_is_not_known_makes_a_new_agency(session):
    made = named(" Thời báo  Cửu Long ")
    assert (made.name, made.kind, made.active) == ("Thời báo Cửu Long", OutletKind.ONLINE, True)
    assert named("Thời báo Cửu Long") is made


def test_a_retired_agency_that_asks_again_is_in_use_again(session):
    known = an_outlet("Báo Đồng Bằng")
    actions.set_outlet_active(known, False, **BY_SYSTEM)
    assert named("Báo Đồng Bằng").active
    assert events() == ["outlet:add", "outlet:retire", "outlet:restore"]


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 201])
def test_an_empty_or_endless_name_is_refused_beside_its_field(session, name):
    with pytest.raises(BadInput) as refused:
        named(name)
    assert refused.value.field == "outlet"


def test_two_people_adding_one_agency_at_once_get_the_same_row(app):
    with app.app_context():
        an_outlet("Báo Đầu Tiên")
        db.session.commit()
    start, ids, failures = threading.Barrier(2), [], []

    def add():
        try:
            with app.app_context():
                start.wait(60)
                ids.append(named("Báo Cùng Lúc").id)
                db.session.commit()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert len(set(ids)) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(Outlet.name == "Báo Cùng Lúc")) == 1


def test_the_database_itself_refuses_the_same_name_twice(session):
    an_outlet("Báo Đồng Bằng")
    row = Outlet(name="Bao Dong Bang", kind=OutletKind.PRINT, created_at=NOW, name_key="bao dong bang")
    row.sort_key = row.search_text = row.exact_text = "x"
    session.add(row)
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_journalist_is_found_again_by_name_with_or_without_marks(session):
    outlet = an_outlet()
    known = a_journalist("Đoàn Nhật Vy", outlet=outlet)
    assert actions.journalist_named("Đoàn Nhật Vy", outlet, **BY_SYSTEM) is known
    assert actions.journalist_named("doan nhat vy", outlet, **BY_SYSTEM) is known


def test_names_that_differ_only_by_marks_are_two_journalists(session):
    outlet = an_outlet()
    hung = a_journalist("Nguyễn Văn Hùng", outlet=outlet)
    other = actions.journalist_named("Nguyễn Văn Hưng", outlet, **BY_SYSTEM)
    assert other is not hung
    assert other.full_name == "Nguyễn Văn Hưng"


def test_a_card_typed_later_completes_the_journalist(session):
    outlet = an_outlet()
    known = a_journalist("Đoàn Nhật Vy", outlet=outlet)
    assert actions.journalist_named("Đoàn Nhật Vy", outlet, card="NB-012", phone="0900 000 001", **BY_SYSTEM) is known
    assert (known.press_card, known.phone, known.version) == ("NB-012", "0900 000 001", 2)


def test_the_same_name_with_another_card_is_another_person(session):
    outlet = an_outlet()
    first = a_journalist("Đoàn Nhật Vy", outlet=outlet, press_card="NB-012")
    assert actions.journalist_named("Đoàn Nhật Vy", outlet, card="NB-013", **BY_SYSTEM) is not first


def test_the_holder_of_the_card_has_moved_to_the_agency_that_asks(session):
    known = a_journalist("Đoàn Nhật Vy", press_card="NB-012")
    elsewhere = an_outlet()
    assert actions.journalist_named("Đoàn Nhật Vy", elsewhere, card="NB-012", **BY_SYSTEM) is known
    assert known.outlet_id == elsewhere.id


def test_somebody_elses_card_is_refused_by_name(session):
    known = a_journalist("Đoàn Nhật Vy", press_card="NB-012")
    with pytest.raises(BadInput, match="Đoàn Nhật Vy") as refused:
        actions.journalist_named("Trần Văn Khác", known.outlet, card="NB-012", **BY_SYSTEM)
    assert refused.value.field == "card"
    assert session.scalar(sa.select(sa.func.count(Journalist.id))) == 1


def test_a_second_editor_of_an_agency_is_refused_and_nothing_is_overwritten(session):
    outlet = an_outlet("Báo Đồng Bằng")
    actions.change_outlet(outlet, OutletFacts("Báo Đồng Bằng", OutletKind.PRINT, phone="1"), version=1, **BY_SYSTEM)
    with pytest.raises(ChangedMeanwhile):
        actions.change_outlet(outlet, OutletFacts("Báo Đồng Bằng", OutletKind.PRINT, phone="2"), version=1, **BY_SYSTEM)
    assert outlet.phone == "1"


def test_a_change_that_changes_nothing_is_not_recorded(session):
    outlet = an_outlet("Báo Đồng Bằng")
    actions.change_outlet(outlet, OutletFacts("Báo Đồng Bằng", OutletKind.PRINT), version=1, **BY_SYSTEM)
    assert (outlet.version, events()) == (1, ["outlet:add"])


def test_an_agency_may_not_take_the_name_of_another(session):
    an_outlet("Báo Đồng Bằng")
    other = an_outlet("Báo Khác")
    with pytest.raises(BadInput, match="Báo Đồng Bằng"):
        actions.change_outlet(other, OutletFacts("bao dong bang", OutletKind.PRINT), version=1, **BY_SYSTEM)


def test_a_retired_journalist_keeps_the_name_but_no_contacts(session):
    journalist = a_journalist("Đoàn Nhật Vy", phone="0900 000 001", email="vy@bao.example", press_card="NB-012")
    actions.set_journalist_active(journalist, False, **BY_SYSTEM)
    session.flush()
    assert (journalist.phone, journalist.email, journalist.press_card) == ("", "", "NB-012")


def test_the_audit_log_holds_no_contact_of_a_journalist(session):
    journalist = a_journalist("Đoàn Nhật Vy", phone="0900 000 001")
    facts = actions.facts_of_journalist(journalist)
    changed = type(facts)(**{**vars(facts), "phone": "0900 000 002"})
    actions.change_journalist(journalist, changed, version=1, **BY_SYSTEM)
    data = list(session.scalars(sa.select(AuditEntry.data)))
    assert "0900" not in str(data)
    assert data[-1]["changed"] == ["phone"]


def test_two_letters_without_marks_find_an_agency(session):
    for name in ("Báo Nhịp sống Miền Tây", "Tạp chí Kinh tế Ven biển", "Đài Phát thanh Nhà Bè"):
        an_outlet(name)
    found = [row.name for row in queries.suggested_outlets("nh")]
    assert found == ["Báo Nhịp sống Miền Tây", "Đài Phát thanh Nhà Bè", "Tạp chí Kinh tế Ven biển"]
    assert [row.name for row in queries.suggested_outlets("n")] == []


def test_word_starts_rank_first_and_exact_marks_before_others(session):
    for name in ("Báo Dương Minh", "Báo Đường sắt", "Báo Dường Xa", "Sađường"):
        an_outlet(name)
    assert [row.name for row in queries.suggested_outlets("đường")] == [
        "Báo Đường sắt",
        "Báo Dương Minh",
        "Báo Dường Xa",
        "Sađường",
    ]


def test_a_short_name_finds_its_agency(session):
    an_outlet("Thông tấn xã Thử nghiệm", short_name="TTXTN")
    assert [row.name for row in queries.suggested_outlets("ttx")] == ["Thông tấn xã Thử nghiệm"]


def test_the_first_letters_of_each_word_find_a_journalist(session):
    a_journalist("Đoàn Nhật Vy")
    a_journalist("Phan Thị Mỹ Duyên")
    assert [row.full_name for row in queries.suggested_journalists("do vy")] == ["Đoàn Nhật Vy"]


def test_wildcards_typed_are_only_letters(session):
    an_outlet("Báo 100% Việt")
    an_outlet("Báo Khác_Lạ")
    assert [row.name for row in queries.suggested_outlets("0%")] == ["Báo 100% Việt"]
    assert [row.name for row in queries.suggested_outlets("c_")] == ["Báo Khác_Lạ"]


def test_retired_names_are_not_offered(session):
    outlet = an_outlet("Báo Đồng Bằng")
    journalist = a_journalist("Đoàn Nhật Vy", outlet=outlet)
    actions.set_outlet_active(outlet, False, **BY_SYSTEM)
    actions.set_journalist_active(journalist, False, **BY_SYSTEM)
    session.flush()
    assert not queries.suggested_outlets("dong")
    assert not queries.suggested_journalists("vy nhat")


def test_an_agencys_journalists_are_offered_before_any_letter_by_given_name(session):
    outlet = an_outlet()
    for name in ("Trần Văn Út", "Lê Thị Ánh", "Nguyễn Văn Đức", "Phạm Văn Dũng"):
        a_journalist(name, outlet=outlet)
    a_journalist("Người Báo Khác")
    names = [row.full_name for row in queries.suggested_journalists("", outlet.id)]
    assert names == ["Lê Thị Ánh", "Phạm Văn Dũng", "Nguyễn Văn Đức", "Trần Văn Út"]
