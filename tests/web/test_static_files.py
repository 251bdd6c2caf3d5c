"""Static files: compressed, kept by caches for ever, and named by their content everywhere."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from pr_tracker.config import ROOT
from pr_tracker.web.security import FOR_EVER
from tests.factories.inquiries import Province

LINK = re.compile(r'(?:href|src)="(/(?:static|bootstrap|fonts)[^"]*)"|url\("(/[^"]*)"\)')
FONTS = re.compile(r'url\("(/fonts/[^"]*)"\)')


@pytest.fixture
def links(session, client):
    province = Province()
    session.commit()
    client.act_as(province.clerk)
    styles = Path(ROOT / "pr_tracker/static/css").glob("*.css")
    fonts = [font for sheet in styles for font in FONTS.findall(sheet.read_text())]
    return [a or b for a, b in LINK.findall(client.get("/queue").text)] + fonts


def test_every_static_file_is_named_by_its_content_and_kept_for_ever(client, links):
    assert len(links) > 30
    for link in links:
        answer = client.get(link)
        assert answer.headers["Cache-Control"] == FOR_EVER, link
        assert "Set-Cookie" not in answer.headers, "nobody's session is kept by a cache"
        assert "Cookie" not in answer.headers.get("Vary", ""), "the same for everybody"
        assert link.endswith("?v=" + hashlib.sha256(answer.data).hexdigest()[:16]), link


def test_static_files_go_out_compressed_and_pages_do_not(client, links):
    for link in links:
        answer = client.get(link, headers={"Accept-Encoding": "gzip"})
        plain = client.get(link)
        if len(plain.data) < 500:
            continue
        assert answer.headers["Content-Encoding"] == "gzip", link
        assert gzip.decompress(answer.data) == plain.data
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in client.get("/queue", headers={"Accept-Encoding": "gzip, br"}).headers


def test_a_compressed_file_is_asked_for_again_by_its_tag(client, links):
    sheet = next(link for link in links if "/css/case.css" in link)
    first = client.get(sheet, headers={"Accept-Encoding": "gzip"})
    again = client.get(sheet, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    part = client.get(sheet, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert len(part.data) == 10
