"""What one request costs: its number, endpoint, status, time and SQL statements; whoever asks is told when it ends.

Nothing here is personal: no path, no query, no parameter, no name. The address is kept apart, for who asks for it.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from flask import Flask

KEY = "press_desk.tally"
NOT_COUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


@dataclass
class Tally:
    """One request, while it lasts and when it has ended."""

    method: str = ""
    number: str = field(default_factory=lambda: secrets.token_hex(4))
    endpoint: str = ""  # "" for an address that leads nowhere
    status: int = 0
    statements: int = 0
    sql_seconds: float = 0.0
    seconds: float = 0.0
    address: str = ""


Ended = Callable[[Tally], None]
Slow = Callable[[str, float], None]
current: ContextVar[Tally | None] = ContextVar("tally", default=None)
_slow: list[tuple[float, Slow]] = []


def when_slow(seconds: float, tell: Slow | None) -> None:
    """Tell of every statement of this process that takes so long; one listener, None for nobody."""
    _slow[:] = [(seconds, tell)] if tell else []


def when_ended(app: Flask, tell: Ended) -> None:
    """Tell of every request when the last of its answer has been handed over."""
    app.extensions.setdefault("request_ended", []).append(tell)


def install(app: Flask) -> None:
    """Count around everything else."""
    inner = app.wsgi_app
    listeners: list[Ended] = app.extensions.setdefault("request_ended", [])

    def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        tally = environ[KEY] = Tally(method if method in KNOWN_METHODS else "other")
        begun, before = perf_counter(), current.get()
        current.set(tally)

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            tally.status = int(status[:3])
            return start_response(status, headers, *more)

        def end() -> None:
            if tally.seconds:
                return
            tally.seconds = perf_counter() - begun
            tally.address = environ.get("REMOTE_ADDR", "")
            current.set(before)
            for tell in listeners:
                tell(tally)

        try:
            body = inner(environ, note)
        except BaseException:
            tally.status = 500
            end()
            raise
        if isinstance(body, environ.get("wsgi.file_wrapper", ())):  # the server hands the file over by itself
            end()
            return body
        return _Ending(body, end)

    app.wsgi_app = counted  # type: ignore[method-assign]


class _Ending:
    """An answer that says when its last part was handed over, or when nobody wants the rest."""

    def __init__(self, body: Iterable[bytes], end: Callable[[], None]) -> None:
        self._body, self._parts, self._end = body, iter(body), end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:  # the end of it, or a fault on the way
            self._end()
            raise

    def close(self) -> None:
        """As WSGI asks."""
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            self._end()


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _begin(connection: sa.Connection, *_: Any) -> None:
    connection.info["statement_begun"] = perf_counter()


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def _end(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
    seconds = perf_counter() - connection.info["statement_begun"]
    tally = current.get()
    if tally is not None:
        tally.statements += not statement.startswith(NOT_COUNTED)
        tally.sql_seconds += seconds
    if _slow and seconds >= _slow[0][0]:
        _slow[0][1](statement, seconds)
