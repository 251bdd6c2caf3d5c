"""Addresses that every page writes: of static files, by content hash for caches to keep for ever; of other pages."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for

Address = Callable[..., str]


def install(app: Flask) -> None:
    """asset() and url_for() for templates: what does not change while the application runs is built once.

    While templates are read anew (debugging), so are static files.
    """
    app.jinja_env.globals.update(
        url_for=_kept(url_for),
        asset=asset if app.jinja_env.auto_reload else _kept(asset),
    )


def _kept(address: Address) -> Address:
    """Addresses without values; they differ by where the application is mounted."""
    known: dict[tuple[str, str], str] = {}

    def kept(name: str, /, **values: Any) -> str:
        if values or name[0] == "." or not has_request_context():
            return address(name, **values)
        key = request.root_path, name
        if key not in known:
            known[key] = address(name)
        return known[key]

    return kept


def asset(filename: str) -> str:
    """The address of a static file with its content's hash."""
    content = (Path(str(current_app.static_folder)) / filename).read_bytes()
    return url_for("static", filename=filename, v=hashlib.sha256(content).hexdigest()[:16])
