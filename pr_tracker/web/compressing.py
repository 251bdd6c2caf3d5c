"""Static files go out compressed, each made once a process and kept.

Pages are not compressed here: beside the form's secret they repeat what was typed, and the length of the two together
tells the secret (BREACH). A proxy in front may be told to, for readers on slow lines who accept that.
"""

from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

from pr_tracker.web.security import STATIC


class _Kept(dict[str, bytes]):
    """What was compressed: as many entries as there are files, in the ways of compressing that readers ask for."""

    def set(self, key: str, content: bytes) -> None:
        """Keep it."""
        self[key] = content


def install(app: Flask) -> None:
    """Compress answers of the endpoints in STATIC."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_LEVEL=9,
        COMPRESS_BR_LEVEL=9,
        COMPRESS_ZSTD_LEVEL=12,
        COMPRESS_CACHE_BACKEND=_Kept,
        COMPRESS_CACHE_KEY=_version_of_file,
    )
    compress = Compress(app)

    @app.after_request
    def compressed(response: Response) -> Response:
        if request.endpoint not in STATIC or response.status_code != 200 or request.method == "HEAD":
            return response
        request.environ[_ETAG] = response.headers.get("ETag", "")
        response.direct_passthrough = False
        response.set_data(response.get_data())  # whole: what is streamed is compressed anew each time
        shown: Response = compress.after_request(response)
        return shown


_ETAG = "pr_tracker.etag"


def _version_of_file(_request: Any) -> str:
    return f"{request.endpoint} {request.view_args} {request.environ[_ETAG]}"
