"""The upgrade: what agencies were asked and sent before they had boxes is their first round and their first version."""

import hashlib
import importlib.util

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from pr_tracker.inquiries.models import Participation
from pr_tracker.inquiries.models_parts import Contribution, PartRound
from pr_tracker.inquiries.queries.parts import rounds_of, sent_to
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_parts import BoxState
from tests.databases import VERSIONS
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part


def migration():
    spec = importlib.util.spec_from_file_location("who_speaks", VERSIONS / "0003_who_speaks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_before(session, operations, words):
    """The tables as they were: the words stood in the part itself. Nothing of this is committed."""
    operations.add_column(
        "inquiry_participations", sa.Column("input_text", sa.Text(), server_default="", nullable=False)
    )
    for part_id, text in words.items():
        statement = "UPDATE inquiry_participations SET box = NULL, input_text = :text WHERE id = :id"
        session.execute(sa.text(statement), {"text": text, "id": part_id})
    for table in ("inquiry_part_rounds", "inquiry_contributions"):
        session.execute(sa.text(f"DELETE FROM {table}"))


def test_parts_asked_and_sent_before_the_upgrade_stand_in_boxes(session):
    province = Province()
    case = an_inquiry(province, status=Status.DRAFTING)
    sent = a_part(case, province.other, "Số hộ?", "Kinh phí?", actor=province.drafter)
    a_sent_part(case, "120 hộ", actor=province.other_head)
    asked = a_part(case, a_person().agency, "Số ca bệnh", actor=province.drafter)
    session.flush()
    with Operations.context(MigrationContext.configure(session.connection())) as operations:
        as_before(session, operations, {sent.id: "120 hộ", asked.id: ""})
        migration()._parts_into_boxes()
    session.expire_all()
    states = dict(
        session.execute(sa.select(Participation.id, Participation.box).where(Participation.box.is_not(None))).all()
    )
    assert states == {sent.id: BoxState.SENT, asked.id: BoxState.ASKED}
    assert [each.questions for each in rounds_of(sent)] == [["Số hộ?", "Kinh phí?"]]
    assert session.scalar(sa.select(sa.func.count(PartRound.id))) == 2
    version = session.scalars(sa.select(Contribution)).one()
    assert (version.number, version.text, version.from_before, version.alone) == (1, "120 hộ", True, False)
    assert version.digest == hashlib.sha256("120 hộ".encode()).hexdigest()
    assert (version.approved_by_id, version.approved_title) == (province.other_head.id, "Giám đốc")
    assert version.approved_at == version.saved_at == NOW
    assert [row.text for row in sent_to(case)] == ["120 hộ"]
    session.rollback()
