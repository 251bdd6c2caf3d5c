"""Every list goes out as Excel and CSV: what its filter shows, safe, on record, in the background where it is long."""

import csv
from datetime import datetime
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from pr_tracker import clock
from pr_tracker.audit.models import AuditEntry
from pr_tracker.permissions import Role
from pr_tracker.runs import jobs, rules, views
from pr_tracker.runs.models import Run
from pr_tracker.runs.rules import RunEvent, RunState
from pr_tracker.web import lists
from tests.factories.accounts import a_person, an_agency
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.outlets import a_journalist, an_outlet


@pytest.fixture
def admin(session):
    person = a_person(roles={Role.ADMIN})
    session.commit()
    return person


def rows_of_csv(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def test_the_table_has_what_the_filter_shows_and_it_is_on_record_who_took_it(session, admin, sign_in):
    agency = an_agency("Sở Y tế An Giang")
    a_person("Lê Thị Hoa", agency=agency)
    a_person("Trần Văn Minh")
    session.commit()
    head, *rows = rows_of_csv(sign_in(admin).get(f"/people.csv?agency={agency.id}&after=1&lang=vi"))
    assert head[0] == "Họ và tên"
    assert [row[0] for row in rows] == ["Lê Thị Hoa"]
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == RunEvent.EXPORT)).one()
    assert entry.actor_id == admin.id
    assert entry.data == {
        "list": "accounts.people_table",
        "form": "csv",
        "rows": 1,
        "filter": {"agency": str(agency.id)},
    }


def test_nothing_typed_becomes_a_formula_and_a_phone_number_keeps_its_zero(session, sign_in):
    staff = a_person(roles={Role.STAFF})
    outlet = an_outlet('=HYPERLINK("http://x")', phone="0912345678")
    a_journalist("@Nguyễn Văn An", outlet=outlet)
    session.commit()
    client = sign_in(staff)
    assert "'=HYPERLINK" in client.get("/outlets.csv").text
    assert ",'0912345678," in client.get("/outlets.csv").text
    assert "'@Nguyễn Văn An" in client.get("/journalists.csv").text
    sheet = load_workbook(BytesIO(client.get("/outlets.xlsx").data)).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert cells['=HYPERLINK("http://x")'].data_type == "s"
    assert cells["0912345678"].number_format == "@"


def test_moments_are_moments_of_the_office(session, admin, sign_in):
    rows = list(
        load_workbook(BytesIO(sign_in(admin).get("/audit.xlsx").data)).worksheets[0].iter_rows(values_only=True)
    )
    at = session.scalar(sa.select(AuditEntry.at).order_by(AuditEntry.number).limit(1))
    assert isinstance(rows[-1][1], datetime)
    assert abs((rows[-1][1] - at.replace(tzinfo=None)).total_seconds() - 7 * 3600) < 1


def test_contacts_of_journalists_go_only_to_who_handles_inquiries(session, sign_in):
    a_journalist("Nguyễn Văn An", phone="0912345678")
    supervisor, staff = a_person(roles={Role.SUPERVISOR}), a_person(roles={Role.STAFF})
    session.commit()
    assert "0912345678" in sign_in(staff).get("/journalists.csv").text
    assert "0912345678" not in sign_in(supervisor).get("/journalists.csv").text


def test_a_long_list_is_made_in_the_background_with_the_same_filter_for_the_same_reader(
    app, session, sign_in, monkeypatch, tmp_path
):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)
    staff = a_person(roles={Role.STAFF})
    for name in ("Báo Một", "Báo Hai", "Báo Ba", "Đài Bốn"):
        an_outlet(name)
    session.commit()
    client = sign_in(staff)
    first = client.get("/outlets.csv?q=bao&lang=en")
    assert first.status_code == 303
    assert client.get("/outlets.csv?q=bao&lang=en").headers["Location"] == first.headers["Location"]
    assert rules.MOST_AT_ONCE == 2000
    jobs.work_off(clock.now())
    session.expire_all()
    run = session.scalars(sa.select(Run)).one()
    assert (run.state, run.fault, run.done) == (RunState.DONE, "", 0)
    session.commit()
    head, *rows = rows_of_csv(client.get(f"{first.headers['Location']}/result"))
    assert head[0] == "Name"
    assert sorted(row[0] for row in rows) == ["Báo Ba", "Báo Hai", "Báo Một"]
    counted = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == RunEvent.EXPORT)).one()
    assert counted.data["rows"] == 3


def test_a_long_register_is_drawn_in_the_background(app, session, sign_in, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    province, around = Province(), "from=2026-11-01&to=2026-11-30"
    for _number in range(3):
        an_inquiry(province)
    session.commit()
    client = sign_in(province.clerk)
    assert client.get(f"/reports/register.pdf?{around}").data.startswith(b"%PDF")
    assert len(rows_of_csv(client.get(f"/reports/register.csv?{around}"))) == 4
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)
    asked = client.get(f"/reports/register.pdf?{around}")
    assert asked.status_code == 303
    jobs.work_off(clock.now())
    drawn = client.get(f"{asked.headers['Location']}/result")
    assert drawn.data.startswith(b"%PDF"), client.get(asked.headers["Location"]).text
    assert "so-theo-doi-20261101-20261130.pdf" in drawn.headers["Content-Disposition"]


def test_every_list_of_the_demo_goes_out_whole_in_both_forms_and_both_languages(province_on_each, engine):
    """Seen red once: a column whose words or value cannot be made."""
    province = province_on_each
    from tests.checking_client import CheckingClient
    from tests.whole_app.access import ROLES, address, read

    rules_by_endpoint = {
        rule.endpoint: rule for rule in province.app.url_map.iter_rules() if rule.endpoint in lists._known
    }
    assert set(rules_by_endpoint) == set(lists._known)
    table, wrong = read(), []
    with province.app.app_context():
        places = {each: address(province.app, "GET", rule) for each, rule in sorted(rules_by_endpoint.items())}
    for endpoint, where in places.items():
        reader = next(name for name in ROLES if table[f"GET {endpoint}"].cells[name] in ("200", "302"))
        client = CheckingClient(province.app)
        with client.session_transaction() as session:
            session.update(province.session_of(reader))
        for form in ("csv", "xlsx") if engine == "sqlite" else ("csv",):
            answer = client.get(where.replace(".xlsx", f".{form}") + "?lang=en")
            if answer.status_code not in (200, 303):  # 303: a long one
                wrong.append(f"{endpoint} {form}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
