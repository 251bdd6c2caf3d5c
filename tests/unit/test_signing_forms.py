"""Who signs a paper, and how it says so: TM., KT., TL., TUQ. and Q., in the agency's signing form."""

from types import SimpleNamespace

import pytest

from pr_tracker.accounts.documents import signature, signature_of
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.permissions import Role


def a_signer(title, *, number=2, agency_id=1, leads=False):
    roles = frozenset({Role.HEAD} if leads else ())
    return SimpleNamespace(id=number, agency_id=agency_id, full_name="Lê Hồng", title=title, roles=roles)


def a_department(head="Giám đốc Sở Xây dựng"):
    about = {"name": "Sở Xây dựng", "short_name": "Sở XD", "kind": AgencyKind.DEPARTMENT}
    return SimpleNamespace(id=1, signing_form=SigningForm.HEAD, head=head and a_signer(head, number=1), **about)


def a_committee():
    about = {"name": "Ủy ban nhân dân phường Rạch Giá", "short_name": "UBND P. Rạch Giá", "kind": AgencyKind.COMMUNE}
    head = a_signer("Chủ tịch UBND phường", number=1)
    return SimpleNamespace(id=1, signing_form=SigningForm.COLLECTIVE, head=head, **about)


def said(signed):
    return [line.upper() for line in (*signed.authority_lines, *signed.title_lines)]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Phó Giám đốc", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("Phó Giám đốc Thường trực Sở Xây dựng", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("Chánh Văn phòng Sở", ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
        ("Trưởng phòng Tổng hợp", ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG TỔNG HỢP"]),
        ("Phó Chánh Văn phòng Sở", ["TL. GIÁM ĐỐC", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
        ("Chuyên viên chính", ["TUQ. GIÁM ĐỐC", "CHUYÊN VIÊN CHÍNH"]),
    ],
)
def test_each_rank_signs_for_the_head_of_a_department_in_its_own_form(title, lines):
    assert said(signature_of(a_department(), a_signer(title))) == lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Phó Chủ tịch UBND phường", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("Chánh Văn phòng", ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
        ("Công chức Văn hóa - Xã hội", ["TUQ. CHỦ TỊCH", "CÔNG CHỨC VĂN HÓA - XÃ HỘI"]),
    ],
)
def test_on_behalf_of_a_committee_signs_only_its_chair_or_who_stands_in_for_the_chair(title, lines):
    assert said(signature_of(a_committee(), a_signer(title))) == lines


def test_the_head_signs_alone_and_an_acting_head_says_so():
    assert said(signature(a_department())) == ["GIÁM ĐỐC"]
    assert said(signature(a_committee())) == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    acting = a_department("Quyền Giám đốc")
    assert said(signature(acting)) == ["Q. GIÁM ĐỐC"]
    assert said(signature_of(acting, a_signer("Phó Giám đốc"))) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert said(signature(a_department(""))) == ["GIÁM ĐỐC"], "no head on record"


def test_another_leader_without_a_title_signs_as_deputy():
    assert said(signature_of(a_department(), a_signer("", leads=True))) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]


def test_who_approved_from_above_does_not_sign_the_papers_of_the_agency():
    above = a_signer("Phó Chủ tịch UBND tỉnh", agency_id=9, leads=True)
    assert said(signature_of(a_department(), above)) == ["GIÁM ĐỐC"]
