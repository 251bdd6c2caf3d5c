"""An electronic signature (PAdES) on the PDF of a paper, by a key and certificate in a PKCS#12 file.

Needs the extra [sign] (pyHanko), which is imported only where a certificate is set. The signature is added behind the
bytes that were issued, which stay as they are.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pr_tracker.office_time import in_office
from pr_tracker.pdf.stamp import draw_stamp

FIELD = "ChuKySo"
REASON = "Phát hành văn bản"
# Points: a box in the top margin of page 1, at its right end (Decree 30/2020/NĐ-CP, annex I, for electronic papers).
WIDTH, HEIGHT, FROM_RIGHT, FROM_TOP = 240, 34, 42, 12


class WrongCertificate(Exception):
    """The certificate cannot be used; the message is one sentence for whoever set it."""


@dataclass(frozen=True)
class Certificate:
    """Who signs: the key with its certificate as pyHanko knows it, whom it names, until when it is good."""

    signer: Any
    name: str
    good_from: datetime
    good_until: datetime

    def is_good(self, now: datetime) -> bool:
        """Whether the certificate counts at a moment."""
        return self.good_from <= now <= self.good_until


def read_certificate(path: Path, password: str) -> Certificate:
    """The key and certificate of a PKCS#12 file. Raises WrongCertificate."""
    try:
        from cryptography.hazmat.primitives.serialization import pkcs12
        from pyhanko.sign.signers import SimpleSigner
    except ImportError:
        raise WrongCertificate("needs the extra [sign]: pip install 'pr_tracker[sign]'") from None
    try:
        content = path.read_bytes()
    except OSError:
        raise WrongCertificate(f"cannot be read: {path}") from None
    secret = password.encode() or None
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, secret)
    except ValueError as trouble:
        wrong = "password" in str(trouble).lower()
        words = "does not open with PR_TRACKER_SIGN_PASSWORD" if wrong else "is not a PKCS#12 file"
        raise WrongCertificate(words) from None
    if key is None or certificate is None:
        raise WrongCertificate("has no private key with its certificate")
    signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=secret)
    if signer is None:
        raise WrongCertificate("has a key that cannot sign")
    return Certificate(signer, _named(certificate), certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def sign(content: bytes, certificate: Certificate, *, visible: bool, now: datetime) -> bytes:
    """The PDF with a signature of this moment behind it: a box with its words on page 1, or none to be seen."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    writer = IncrementalPdfFileWriter(BytesIO(content))
    box = _box(writer) if visible else None
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=REASON,
        name=certificate.name,
    )
    place = fields.SigFieldSpec(FIELD, on_page=0, box=box)
    style = _stamp(certificate, now) if visible else None
    signer = signers.PdfSigner(meta, certificate.signer, stamp_style=style, new_field_spec=place)
    # pyHanko begins an event loop; a thread that has one already (an async worker) cannot have a second.
    with ThreadPoolExecutor(max_workers=1) as beside:
        signed: bytes = beside.submit(signer.sign_pdf, writer).result().getvalue()
    return signed


def _box(writer: Any) -> tuple[int, int, int, int]:
    """Where the words stand: page 1 may stand or lie."""
    page, _resources = writer.find_page_for_modification(0)
    _x, _y, right, top = (float(edge) for edge in page.get_object()["/MediaBox"])
    x, y = round(right) - FROM_RIGHT - WIDTH, round(top) - FROM_TOP - HEIGHT
    return x, y, x + WIDTH, y + HEIGHT


def _stamp(certificate: Certificate, now: datetime) -> Any:
    """Who signed and when, to the second with the office's zone, in the face of the paper."""
    from pyhanko.pdf_utils import layout
    from pyhanko.stamp import StaticStampStyle

    words = [f"Ký số: {certificate.name}", f"Thời gian ký: {in_office(now).isoformat(timespec='seconds')}"]
    whole = layout.SimpleBoxLayoutRule(layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID)
    page = _imported(draw_stamp(words, WIDTH, HEIGHT))
    return StaticStampStyle(background=page, border_width=0, background_layout=whole)


def _imported(drawn: bytes) -> Any:
    """A page of another PDF as content of a stamp; pyHanko's own class takes it from a file on disk only."""
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader

    class Page(PdfContent):
        def render(self) -> bytes:
            self.resources.xobject["/Stamp"] = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(drawn)))
            self.box = BoxConstraints(width=WIDTH, height=HEIGHT)
            return b"/Stamp Do"

    return Page()


def _named(certificate: Any) -> str:
    """The common name, or the whole subject of a certificate without one."""
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value if names else certificate.subject.rfc4514_string())[:200]
