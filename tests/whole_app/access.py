"""The table role × route: what each kind of reader gets from each route of the filled demo province.

`python -m tests.whole_app.access` writes access_table.txt anew from the application; read the difference before you
commit it, for it says who may see what.
"""

import sys
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from pr_tracker.db import db
from pr_tracker.demo.people import ROLES
from pr_tracker.web.parameters import LARGEST_ID
from tests.checking_client import CheckingClient
from tests.province import Province, template_in

FILE = Path(__file__).with_name("access_table.txt")
VISITOR = "visitor"
COLUMNS = (VISITOR, *ROLES)  # the demo's sign-ins
HEAD = """\
# Who gets what from which route, in the demo province. Written by `python -m tests.whole_app.access`.
# The columns: a visitor, then the demo's sign-ins: staff of the provincial office (vanthu), staff and head of a
# department (chuyenvien, lanhdao), the chairman of the province (chutich), trainer, supervisor and administrator.
# Pages: 200 shown, 302 sent on, 403 not for this reader, 404 nothing there. A page of an act is tried on an inquiry
# that has come to it, led by that department where the act is the lead agency's.
# Acts (POST) are tried empty, on things that do not exist: `may` let through, 401 sign in first, 403 not this reader.
"""
LED = """
    SELECT i.id AS inquiry_id FROM inquiries i JOIN agencies a ON a.id = i.lead_agency_id
    WHERE a.code = 'SXD' AND i.status = '{}' {} ORDER BY i.id DESC LIMIT 1"""
PART = """
    SELECT i.id AS inquiry_id, p.agency_id FROM inquiry_participations p
    JOIN inquiries i ON i.id = p.inquiry_id JOIN agencies a ON a.id = {}
    WHERE a.code = 'SXD' AND p.part = '{}' AND p.ended_at IS NULL {} ORDER BY i.id DESC LIMIT 1"""
BOX = """
    SELECT i.id AS inquiry_id, p.id AS part_id FROM inquiry_participations p
    JOIN inquiries i ON i.id = p.inquiry_id JOIN agencies a ON a.id = p.agency_id
    WHERE a.code = 'SXD' AND p.part = 'coordinating' AND p.ended_at IS NULL AND i.finished_at IS NULL {}
    ORDER BY i.id DESC LIMIT 1"""
ARTICLE = """
    SELECT r.inquiry_id, r.id AS article_id FROM inquiry_articles r JOIN inquiries i ON i.id = r.inquiry_id
    JOIN agencies a ON a.id = i.lead_agency_id WHERE a.code = 'SXD' AND i.status = 'answered' ORDER BY r.id LIMIT 1"""
LETTER = """
    SELECT l.inquiry_id, l.id AS letter_id FROM inquiry_press_letters l JOIN inquiries i ON i.id = l.inquiry_id
    JOIN agencies a ON a.id = i.lead_agency_id WHERE a.code = 'SXD' AND i.status = 'answered' ORDER BY l.id LIMIT 1"""
DUTY = """
    SELECT d.id AS duty_id FROM duties d JOIN agencies a ON a.id = d.agency_id
    WHERE a.code = 'SXD' AND d.kind = '{}' AND d.done_at {} ORDER BY d.id LIMIT 1"""
ANNUAL = "SELECT id AS version_id{} FROM annual_versions ORDER BY id LIMIT 1"
OF_TEST = "SELECT class_id FROM class_tests ORDER BY id LIMIT 1"
AT_IT = """
    SELECT p.token FROM test_attempts t JOIN participants p ON p.id = t.participant_id
    JOIN feedback_forms f ON f.class_id = p.class_id
    WHERE t.handed_in_at IS NULL ORDER BY t.id DESC LIMIT 1"""
OWN_TRAINEE = """
    SELECT p.{} FROM participants p JOIN agencies a ON a.id = p.agency_id
    WHERE a.code = 'SXD' AND p.active ORDER BY p.class_id DESC, p.id LIMIT 1"""

# What a route is tried with. An argument `inquiry_id` is the first row of the table `inquiries`, unless named here
# (by the route's endpoint or by the argument): a statement whose columns have the names of the arguments.
STATEMENTS: dict[str, str] = {
    "person_id": "SELECT id AS person_id FROM people ORDER BY id LIMIT 1",
    **dict.fromkeys(("imports.new", "imports.template"), "SELECT 'inquiries' AS kind"),
    "class_id": "SELECT id AS class_id FROM training_classes ORDER BY id LIMIT 1",
    "material_id": "SELECT id AS material_id FROM session_materials ORDER BY id LIMIT 1",
    "session_id": "SELECT id AS session_id FROM class_sessions ORDER BY id LIMIT 1",
    "code": "SELECT 'CFHJKLMNPQRTVX34' AS code",  # of no certificate: forged
    "token": "SELECT token FROM participants WHERE active ORDER BY id LIMIT 1",  # the personal page
    **dict.fromkeys(
        ("assessments.show", "assessments.new_question", "assessments.paste", "assessments.answers"), OF_TEST
    ),
    **dict.fromkeys(("feedback.show", "feedback.edit", "marks.show", "marks.export", "papers.task"), OF_TEST),
    **dict.fromkeys(("taking.show", "taking.review", "own_assessments.paper", "own_assessments.feedback"), AT_IT),
    "paper_id": (
        "SELECT id AS paper_id FROM papers WHERE kind = 'register' AND superseded_at IS NULL"
        " AND withdrawn_at IS NULL ORDER BY id LIMIT 1"
    ),
    "question_id": "SELECT id AS question_id FROM test_questions ORDER BY id LIMIT 1",
    "attempt_id": "SELECT id AS attempt_id FROM test_attempts ORDER BY id LIMIT 1",
    "papers.show": "SELECT participant_id FROM final_papers ORDER BY id LIMIT 1",
    "papers.download": "SELECT id AS paper_id FROM final_papers WHERE file_id IS NOT NULL ORDER BY id LIMIT 1",
    **dict.fromkeys(
        ("nominations.show", "nominations.staff", "nominations.new", "nominations.lines"),
        OWN_TRAINEE.format("class_id"),
    ),
    "nominations.nominees_table": OWN_TRAINEE.format("class_id, 'xlsx' AS form"),
    **dict.fromkeys(
        ("nominations.edit", "nominations.remove", "replies.apologise", "replies.substitute"),
        OWN_TRAINEE.format("id AS participant_id"),
    ),
    "letters.agency": OWN_TRAINEE.format("class_id, p.agency_id"),
    "rules.withdraw": "SELECT id AS version_id FROM clock_versions ORDER BY id LIMIT 1",
    "form": "SELECT 'xlsx' AS form",  # of a list's table
    "key": "SELECT 'internal_input' AS key",
    "scan_id": "SELECT id AS scan_id FROM session_scans ORDER BY id LIMIT 1",
    "year": "SELECT 2026 AS year",
    "rollcall.correct": (
        "SELECT s.id AS session_id, p.id AS participant_id FROM class_sessions s JOIN participants p"
        " ON p.class_id = s.class_id ORDER BY s.closed_at IS NULL, s.id, p.id LIMIT 1"
    ),
    "inquiry_id": LED.format("in_review", ""),
    "inquiries.assign": "SELECT id AS inquiry_id FROM inquiries WHERE status = 'received' ORDER BY id LIMIT 1",
    "inquiries.take_over": "SELECT id AS inquiry_id FROM inquiries WHERE status = 'received' ORDER BY id LIMIT 1",
    "inquiries.acknowledge": LED.format("drafting", "AND acknowledged_at IS NULL"),
    "inquiries.ask_take_over": LED.format("assigned", ""),
    "inquiries.officer": LED.format("drafting", ""),
    "inquiries.coordinate": LED.format("drafting", ""),
    "inquiries.draft": LED.format("drafting", ""),
    "inquiries.submit": LED.format("drafting", ""),
    "inquiries.refuse": LED.format("drafting", ""),
    "inquiries.withdraw": LED.format("drafting", ""),
    "inquiries.release": LED.format("approved", ""),
    "inquiries.close": LED.format("answered", "AND closed_at IS NULL"),
    "inquiries.archive": LED.format("answered", "AND closed_at IS NOT NULL"),
    "inquiries.answer_request": PART.format("p.agency_id", "asked", "").replace(", p.agency_id FROM", " FROM"),
    **dict.fromkeys(("inquiries.part", "inquiries.write_part", "inquiries.ask_again"), BOX.format("")),
    "inquiries.part_difference": BOX.format("")
    .replace(" FROM", ", 1 AS old, 1 AS new FROM", 1)
    .replace("WHERE", "JOIN inquiry_contributions c ON c.participation_id = p.id WHERE"),
    **dict.fromkeys(("inquiries.approve_part", "inquiries.return_part"), BOX.format("AND p.box = 'submitted'")),
    "inquiries.part_file": (
        "SELECT p.inquiry_id, p.id AS part_id, f.file_id FROM inquiry_contribution_files f"
        " JOIN inquiry_contributions c ON c.id = f.contribution_id"
        " JOIN inquiry_participations p ON p.id = c.participation_id ORDER BY f.file_id LIMIT 1"
    ),
    "inquiries.end_coordination": PART.format("i.lead_agency_id", "coordinating", "AND i.status = 'drafting'"),
    "inquiries.end_watch": PART.format("i.lead_agency_id", "watching", ""),
    "inquiries.difference": (
        "SELECT inquiry_id, 1 AS old, 2 AS new FROM inquiry_drafts WHERE number = 2 ORDER BY inquiry_id LIMIT 1"
    ),
    "spokespersons.agency": "SELECT id AS agency_id FROM agencies WHERE code = 'SXD'",
    "decision_id": (
        "SELECT d.id AS decision_id FROM spokesperson_decisions d JOIN agencies a ON a.id = d.agency_id"
        " WHERE a.code = 'SXD' AND d.ended_at IS NULL ORDER BY d.id LIMIT 1"
    ),
    "authorisation_id": (
        "SELECT t.id AS authorisation_id FROM authorisations t JOIN agencies a ON a.id = t.agency_id"
        " WHERE a.code = 'SXD' ORDER BY t.id LIMIT 1"
    ),
    "incident_id": "SELECT id AS incident_id FROM incidents WHERE closed_at IS NULL ORDER BY id LIMIT 1",
    "incidents.reopen": "SELECT id AS incident_id FROM incidents ORDER BY closed_at IS NULL, id LIMIT 1",
    "incidents.join": LED.format("drafting", "AND i.incident_id IS NULL"),
    "incidents.leave": "SELECT id AS inquiry_id FROM inquiries WHERE incident_id IS NOT NULL ORDER BY id LIMIT 1",
    "incidents.drop_task": (
        "SELECT incident_id, id AS task_id FROM incident_tasks ORDER BY done_at IS NOT NULL, id LIMIT 1"
    ),
    "inquiries.new_article": LED.format("answered", ""),
    "inquiries.relay": LED.format("answered", ""),
    "inquiries.new_letter": ARTICLE.replace("AS article_id", "AS article, 'feedback' AS kind"),
    "inquiries.judge_article": ARTICLE,
    "inquiries.correct_article": ARTICLE,
    "inquiries.withdraw_article": ARTICLE,
    **dict.fromkeys(
        (
            "inquiries.letter",
            "inquiries.letter_pdf",
            "inquiries.revise_letter",
            "inquiries.approve_letter",
            "inquiries.return_letter",
            "inquiries.drop_letter",
            "inquiries.send_letter",
            "inquiries.receive_letter",
            "inquiries.letter_outcome",
        ),
        LETTER,
    ),
    "duty_id": DUTY.format("press_conference_notice", "IS NULL"),
    "duties.evidence": DUTY.format("spokesperson_publication", "IS NOT NULL"),
    "duties.reopen": DUTY.format("spokesperson_publication", "IS NOT NULL"),
    "conferences.reopen": (
        "SELECT id AS conference_id FROM press_conferences WHERE held_at IS NOT NULL ORDER BY starts_at DESC LIMIT 1"
    ),
    "conference_id": (
        "SELECT c.id AS conference_id FROM press_conferences c JOIN agencies a ON a.id = c.agency_id"
        " WHERE a.code = 'SXD' AND c.held_at IS NULL AND c.cancelled_at IS NULL ORDER BY c.id LIMIT 1"
    ),
    "inquiries.download": "SELECT inquiry_id, id AS file_id FROM inquiry_attachments ORDER BY id LIMIT 1",
    "briefing_id": (
        "SELECT b.id AS briefing_id FROM press_briefings b JOIN agencies a ON a.id = b.agency_id"
        " WHERE a.code = 'SXD' ORDER BY b.id LIMIT 1"
    ),
    "annual.behind": "SELECT 3 AS number",
    "annual.file": "SELECT 'xlsx' AS kind",
    "annual.list_file": "SELECT 3 AS number, 'csv' AS kind",
    "annual.version": ANNUAL.format(""),
    "annual.version_behind": ANNUAL.format(", 3 AS number"),
    "annual.version_file": ANNUAL.format(", 'xlsx' AS kind"),
}
VALUES = {
    "incidents.complete_authority": {"incident_id": 1, "authorisation_id": LARGEST_ID},
    "incidents.revoke_authority": {"incident_id": 1, "authorisation_id": LARGEST_ID},
    "static": {"filename": "css/base.css"},
    "bootstrap.static": {"filename": "css/bootstrap.min.css"},
    "security.static": {"filename": "js/webauthn.js"},
    "security.reset_password": {"token": "nothing"},
    "notices.calendar": {"token": "nothing"},
    "my_class.material": {"token": "nothing", "material_id": LARGEST_ID},
    "arrivals.scanned": {"code": "nothing"},
    "web.font": {"name": "CrimsonText-Regular"},
}


@dataclass
class Row:
    """One route and method; `kind` says what comes back: page, part of a page, data, file or act."""

    method: str
    endpoint: str
    kind: str
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"

    @property
    def readers(self) -> list[str]:
        """The demo's sign-ins that are shown the page."""
        return [name for name in ROLES if self.cells[name] == "200"]


def read() -> dict[str, Row]:
    """The table as it stands in the file, by method and endpoint."""
    rows = {}
    for line in FILE.read_text().splitlines():
        if line and not line.startswith(("#", "method")):
            method, endpoint, kind, *cells = line.split()
            rows[f"{method} {endpoint}"] = Row(method, endpoint, kind, dict(zip(COLUMNS, cells, strict=True)))
    return rows


def written(rows: dict[str, Row]) -> str:
    """The table as text."""
    lines = [["method", "endpoint", "kind", *COLUMNS]]
    for _, row in sorted(rows.items(), key=_order):
        lines.append([row.method, row.endpoint, row.kind, *(row.cells[column] for column in COLUMNS)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [" ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return HEAD + "".join(line.rstrip() + "\n" for line in padded)


def _order(item: tuple[str, Row]) -> tuple[str, str]:
    return item[1].endpoint, item[1].method


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every route with each method that a reader uses."""
    return [(method, rule) for rule in app.url_map.iter_rules() for method in ("GET", "POST") if method in rule.methods]


def address(app: Flask, method: str, rule: Rule) -> str:
    """Where to try a route: a page on what the demo has, an act on what nobody has."""
    arguments = {
        name: "nothing" if rule._converters[name].__class__.__name__ != "IdConverter" else LARGEST_ID
        for name in rule.arguments - set(rule.defaults or ())
    }
    if method == "GET":
        arguments |= sample(rule)
    with app.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **arguments)


def sample(rule: Rule) -> dict[str, object]:
    """Arguments that exist. Raises LookupError with what to mend."""
    if rule.endpoint in VALUES:
        return VALUES[rule.endpoint]
    if rule.endpoint in STATEMENTS:
        return first(STATEMENTS[rule.endpoint])
    found: dict[str, object] = {}
    for name in rule.arguments - set(rule.defaults or ()):
        found |= first(STATEMENTS.get(name) or _statement(name, rule))
    return found


def first(statement: str) -> dict[str, object]:
    """The first row of a statement. Raises LookupError when the demo has none."""
    row = db.session.execute(sa.text(statement)).mappings().first()
    if row is None:
        raise LookupError(f"the demo has nothing for {' '.join(statement.split())}")
    return dict(row)


def _statement(argument: str, rule: Rule) -> str:
    thing = argument.removesuffix("_id")
    tables = {f"{thing}s", f"{thing}es", f"{thing.removesuffix('y')}ies"} & set(db.metadata.tables)
    if len(tables) != 1:
        raise LookupError(f"{rule.endpoint}: say in tests/whole_app/access.py which “{argument}” it is tried with")
    return f"SELECT id AS {argument} FROM {tables.pop()} ORDER BY id LIMIT 1"


def let_in(row: Row) -> list[str]:
    """One of those whom the table lets in, always the same one: a fair share of readers over all routes."""
    those = [column for column, cell in row.cells.items() if cell in ("200", "may")] or list(COLUMNS)
    return [those[zlib.crc32(row.name.encode()) % len(those)]]


def observed(province: Province, readers: dict[str, list[str]] | None = None) -> tuple[dict[str, Row], list[str]]:
    """The table as the application behaves, and the faults of pages met on the way; `readers` of each row, or all."""
    rows: dict[str, Row] = {}
    faults: list[str] = []
    for method, rule in routes(province.app):
        row = Row(method, rule.endpoint, "act" if method == "POST" else "-")
        rows.setdefault(row.name, row)
        try:
            with province.app.app_context():
                path = address(province.app, method, rule)
            for column in COLUMNS if readers is None else readers[row.name]:
                _try(province, row, column, path)
        except (AssertionError, LookupError) as fault:
            faults.append(f"{row.name}: {str(fault)[:3000]}")
            row.cells = dict.fromkeys(COLUMNS, "fault") | row.cells
    return rows, faults


def _try(province: Province, row: Row, column: str, path: str) -> None:
    answer = _answer(province, column, row.method, path)
    row.cells[column] = _cell(row.method, answer)
    if row.method == "GET" and answer.status_code == 200:
        row.kind = _kind(answer)


def client_of(province: Province, reader: str) -> CheckingClient:
    """A client that is signed in as one of the demo's people, or a visitor's."""
    client = CheckingClient(province.app, province.app.response_class)
    if reader != VISITOR:
        with client.session_transaction() as session:
            session.update(province.session_of(reader))
    return client


def _answer(province: Province, column: str, method: str, path: str):
    client = client_of(province, column)
    return client.open(path) if method == "GET" else client.post(path)


def _cell(method: str, answer) -> str:
    status = 302 if answer.status_code == 303 else answer.status_code
    return "may" if method == "POST" and status not in (401, 403) else str(status)


def _kind(answer) -> str:
    if answer.mimetype == "text/html":
        return "page" if "<html" in answer.text else "part"
    return "data" if answer.mimetype == "application/json" else "file"


def main() -> None:
    """Write the file; say what is wrong with pages on the way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Province(template_in(Path(folder)), Path(folder) / "copy") as province,
    ):
        rows, faults = observed(province)
    FILE.write_text(written(rows))
    sys.stderr.write("\n\n".join(faults))


if __name__ == "__main__":
    main()
