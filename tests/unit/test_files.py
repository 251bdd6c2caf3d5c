"""What may be kept: by content, not by name; a scan of a paper is a PDF or a picture."""

import pytest

from pr_tracker.errors import BadInput
from pr_tracker.files import PAPERS, require_file, store

PDF = b"%PDF-1.4\n%%EOF\n"
LARGE = PDF + b"\0" * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@pytest.mark.parametrize(("name", "content"), [("q.pdf", PDF), ("Quyết định.PDF", PDF), ("q.png", PNG)])
def test_a_scan_is_a_pdf_or_a_picture(name, content):
    assert require_file(name, content, largest=1, types=PAPERS, field="scan") in PAPERS.values()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.pdf", b""),
        ("q.pdf", PNG),
        ("q.docx", PDF),
        ("q", PDF),
        ("q.exe", b"MZ"),
        ("q.pdf", b"a text that is called a PDF"),
        ("q.pdf", LARGE),
    ],
)
def test_what_is_empty_too_large_or_unlike_its_name_is_refused_beside_its_field(name, content):
    with pytest.raises(BadInput) as refusal:
        require_file(name, content, largest=1, types=PAPERS, field="scan")
    assert refusal.value.field == "scan"


def test_a_file_lies_under_a_name_nobody_can_guess(tmp_path):
    first, second = (store("../../q.pdf", PDF, folder=tmp_path / "kept", largest=1) for _ in range(2))
    assert first.stored_name != second.stored_name
    assert first.digest == second.digest
    assert (tmp_path / "kept" / first.stored_name).read_bytes() == PDF
