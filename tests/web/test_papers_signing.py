"""Papers are signed with the province's certificate (PAdES): several at once, checked by poppler's pdfsig too."""

import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.models import AuditEntry
from pr_tracker.config import WrongSetting
from pr_tracker.papers import queries
from pr_tracker.papers.models import Paper
from pr_tracker.papers.rules import Status
from pr_tracker.papers.signing import WrongCertificate, read_certificate, sign
from pr_tracker.papers.views import listing
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.papers import a_paper, folder

pytest.importorskip("pyhanko")
pytest.importorskip("cryptography")

NAME = "ỦY BAN NHÂN DÂN TỈNH AN GIANG"
PASSWORD = "mật khẩu thử"


def pkcs12(path, *, name=NAME, password=PASSWORD, until=None, kind="rsa"):
    """A key and its own certificate in a PKCS#12 file, as the tests alone know it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization import pkcs12 as container

    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    usage = dict.fromkeys(("key_cert_sign", "crl_sign", "key_agreement", "encipher_only", "decipher_only"), False)
    usage |= dict.fromkeys(("key_encipherment", "data_encipherment"), False)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(until or begin + timedelta(days=3650))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    sealed = BestAvailableEncryption(password.encode())
    path.write_bytes(container.serialize_key_and_certificates(b"test", key, made, None, sealed))
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return read_certificate(pkcs12(tmp_path_factory.mktemp("sign") / "test.p12"), PASSWORD)


@pytest.fixture
def signing(app, certificate, monkeypatch):
    """The application with the certificate set."""
    monkeypatch.setitem(app.extensions, "signing_certificate", certificate)


@pytest.fixture
def office(session):
    return a_person(agency=an_agency("Văn phòng Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE_OFFICE))


def drawn(text="Một câu.", **facts):
    from pr_tracker import pdf

    out = BytesIO()
    pdf.build(pdf.Document("Báo cáo", [pdf.Text(text)], **facts), out, face="packaged")
    return out.getvalue()


def pdfsig(content, tmp_path) -> str:
    """What poppler says of the signatures in a file."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("visible", [True, False])
@pytest.mark.parametrize("landscape", [True, False])
def test_poppler_agrees_with_the_signature(certificate, tmp_path, visible, landscape):
    content = drawn(landscape=landscape)
    signed = sign(content, certificate, visible=visible, now=NOW)
    said = pdfsig(signed, tmp_path)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert f"Signer Certificate Common Name: {NAME}" in said
    assert signed.startswith(content), "what was issued must stay as it was"


def test_one_changed_byte_of_a_signed_file_breaks_the_signature(certificate, tmp_path):
    signed = bytearray(sign(drawn(), certificate, visible=False, now=NOW))
    signed[500] ^= 1
    assert "Signature is Valid" not in pdfsig(bytes(signed), tmp_path)


def test_a_seen_signature_says_who_signed_and_when_in_the_top_margin_of_the_first_page(certificate, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign(drawn(), certificate, visible=True, now=NOW))
    top = ["pdftotext", "-f", "1", "-l", "1", "-x", "0", "-y", "0", "-W", "596", "-H", "56", path, "-"]  # 20 mm
    said = subprocess.run(top, capture_output=True, text=True, check=True).stdout
    assert said.split("\n")[:2] == [f"Ký số: {NAME}", "Thời gian ký: 2026-11-20T16:30:00+07:00"]


def test_a_long_name_stays_within_its_box(tmp_path):
    name = "VĂN PHÒNG ĐOÀN ĐẠI BIỂU QUỐC HỘI AN GIANG"
    long = read_certificate(pkcs12(tmp_path / "long.p12", name=name), PASSWORD)
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(sign(drawn(), long, visible=True, now=NOW))
    said = subprocess.run(["pdftotext", "-bbox", signed, "-"], capture_output=True, text=True, check=True).stdout
    assert float(said.split('yMin="')[1].split('"')[0]) >= 12
    assert "GIANG</word>" in said


def test_keys_on_elliptic_curves_sign_too(tmp_path):
    certificate = read_certificate(pkcs12(tmp_path / "ec.p12", kind="ec"), PASSWORD)
    assert "Signature is Valid" in pdfsig(sign(drawn(), certificate, visible=True, now=NOW), tmp_path)


def test_what_is_wrong_with_the_certificate_is_said_in_one_sentence(tmp_path):
    good, foreign = pkcs12(tmp_path / "good.p12"), tmp_path / "foreign.p12"
    foreign.write_bytes(b"no certificate")
    for path, password, said in (
        (good, "sai", "does not open with PR_TRACKER_SIGN_PASSWORD"),
        (foreign, PASSWORD, "is not a PKCS#12 file"),
        (tmp_path / "nothing.p12", PASSWORD, "cannot be read"),
    ):
        with pytest.raises(WrongCertificate, match=said):
            read_certificate(path, password)


def test_a_certificate_that_cannot_be_used_stops_the_start(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "PR_TRACKER_SIGN_P12", str(pkcs12(tmp_path / "good.p12")))
    monkeypatch.setitem(app.config, "PR_TRACKER_SIGN_PASSWORD", "sai")
    with pytest.raises(WrongSetting, match=r"^PR_TRACKER_SIGN_P12 does not open"):
        listing.install(app)


@pytest.mark.usefixtures("signing")
def test_several_papers_are_signed_in_one_go_and_each_has_its_own_fingerprint(session, sign_in, office, tmp_path):
    issued = [a_paper(f"Câu {at}.", key=str(at), agency=office.agency) for at in range(3)]
    session.commit()
    ids = [each.paper.id for each in issued]
    answer = sign_in(office).post("/papers/sign", data={"paper": ids})
    assert (answer.status_code, answer.location) == (303, "/papers")
    session.expire_all()
    for one in issued:
        paper, content = one.paper, queries.content_of(one.paper, folder())
        assert "Signature is Valid" in pdfsig(content, tmp_path)
        assert content.startswith(one.content)
        assert (paper.signed_as, paper.signed_by_id) == (NAME, office.id)
        assert queries.is_whole(paper)
    events = session.scalars(sa.select(AuditEntry.subject_id).where(AuditEntry.event == "paper:sign")).all()
    assert events == ids


@pytest.mark.usefixtures("signing")
def test_both_the_signed_and_the_unsigned_file_are_recognised(session, sign_in, office):
    issued = a_paper(agency=office.agency)
    session.commit()
    client = sign_in(office)
    client.post("/papers/sign", data={"paper": issued.paper.id})
    session.expire_all()
    signed = queries.content_of(issued.paper, folder())
    assert client.get(f"/papers/{issued.paper.id}/file").data == signed
    for content, said in ((signed, "trùng từng byte với tệp gốc đã ký số"), (issued.content, "trùng từng byte")):
        answer = client.post("/check", data={"file": (BytesIO(content), "a.pdf")})
        assert said in answer.text
        assert "Còn giá trị" in answer.text


@pytest.mark.usefixtures("signing")
def test_the_same_paper_issued_again_comes_with_its_signature(session, sign_in, office):
    issued = a_paper(agency=office.agency)
    session.commit()
    sign_in(office).post("/papers/sign", data={"paper": issued.paper.id})
    session.expire_all()
    again = a_paper(agency=office.agency)
    assert again.paper.id == issued.paper.id
    assert again.content == queries.content_of(issued.paper, folder()) != issued.content


@pytest.mark.usefixtures("signing")
def test_what_cannot_be_signed_is_said_and_the_others_are_signed(session, sign_in, office):
    old = a_paper("Có 17.", key="1", agency=office.agency).paper
    new = a_paper("Có 18.", key="1", agency=office.agency).paper
    gone = a_paper("Không còn tệp.", key="2", title="Sổ cũ", agency=office.agency).paper
    (folder() / gone.file.stored_name).unlink()
    session.commit()
    client = sign_in(office)
    page = client.post("/papers/sign", data={"paper": [old.id, new.id, gone.id]}, follow_redirects=True).text
    assert "Chỉ ký số được văn bản còn giá trị." in page
    assert "Sổ cũ: Tệp của văn bản này không còn được giữ." in page
    assert "Đã ký số 1 văn bản." in page
    assert session.scalars(sa.select(Paper.id).where(Paper.signed_at.is_not(None))).all() == [new.id]


@pytest.mark.usefixtures("signing")
def test_a_paper_is_signed_once(session, sign_in, office):
    paper = a_paper(agency=office.agency).paper
    session.commit()
    client = sign_in(office)
    assert "/papers/sign" in client.get(f"/papers/{paper.id}").text
    client.post("/papers/sign", data={"paper": paper.id})
    page = client.post("/papers/sign", data={"paper": paper.id}, follow_redirects=True).text
    assert "Văn bản này đã được ký số." in page
    assert 'action="/papers/sign"' not in page


@pytest.mark.usefixtures("signing")
def test_only_the_office_of_the_province_signs(session, sign_in):
    stranger = a_person()
    paper = a_paper(agency=stranger.agency).paper
    session.commit()
    client = sign_in(stranger)
    assert "/papers/sign" not in client.get("/papers").text
    assert client.post("/papers/sign", data={"paper": paper.id}).status_code == 403


def test_a_certificate_that_has_expired_signs_nothing(session, sign_in, office, app, monkeypatch, tmp_path):
    expired = pkcs12(tmp_path / "old.p12", until=datetime(2026, 6, 30, tzinfo=UTC))
    monkeypatch.setitem(app.extensions, "signing_certificate", read_certificate(expired, PASSWORD))
    paper = a_paper(agency=office.agency).paper
    session.commit()
    page = sign_in(office).post("/papers/sign", data={"paper": paper.id}, follow_redirects=True).text
    assert "Chứng thư số đã hết hạn" in page
    assert paper.signed_at is None


@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize("asked", [{}, {"paper": "x"}, {"paper": "999999999999"}, {"paper": "-1"}])
def test_nothing_ticked_says_so(session, sign_in, office, asked):
    session.commit()
    page = sign_in(office).post("/papers/sign", data=asked, follow_redirects=True).text
    assert "Chọn ít nhất một văn bản để ký số." in page


@pytest.mark.usefixtures("signing")
def test_a_signed_paper_holds_until_its_successor_is_signed_too(session, sign_in, office):
    client = sign_in(office)
    first = a_paper("Có 17.", key="1", agency=office.agency).paper
    session.commit()
    client.post("/papers/sign", data={"paper": first.id})
    second = a_paper("Có 18.", key="1", agency=office.agency).paper
    third = a_paper("Có 19.", key="1", agency=office.agency).paper
    session.commit()
    session.expire_all()
    assert [paper.status for paper in (first, second, third)] == [Status.VALID, Status.SUPERSEDED, Status.VALID]
    assert a_paper("Có 19.", key="1", agency=office.agency).paper.id == third.id
    assert a_paper("Có 17.", key="1", agency=office.agency).paper.id == first.id
    session.commit()
    client.post("/papers/sign", data={"paper": third.id})
    session.expire_all()
    assert [paper.status for paper in (first, second, third)] == [Status.SUPERSEDED, Status.SUPERSEDED, Status.VALID]
    assert a_paper("Có 19.", key="1", agency=office.agency).paper.id == third.id
