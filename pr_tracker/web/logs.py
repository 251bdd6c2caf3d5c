"""The log, as text or as JSON lines, each with the number of its request; and a line for each slow SQL statement.

Nothing personal goes into it: no path, no query, no parameter of a statement, no name; what a message of a library may
carry (an e-mail address, an address of the network, a query, what gunicorn quotes of a request) is taken out. Outside
development a fault is told by its kind and the lines of code it went through, never by its words, which may quote what
somebody typed.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from pr_tracker.web import tally
from pr_tracker.web.tally import Tally

LOGGER = "pr_tracker"
LONGEST_STATEMENT = 2000
MAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"')]*=[^\s\"')]*")
NETWORK = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE
)
# gunicorn, of a request that ran out of time or cannot be read: a path may hold a secret, a header is one
ASKED = re.compile(r"(Error handling request|Invalid request from ip=\S+:) .*", re.DOTALL)
TEXT_IN_SQL = re.compile(r"'(?:[^']|'')*'")


def scrubbed(words: str) -> str:
    """A message without e-mail addresses, addresses of the network, queries, and what gunicorn quotes of a request."""
    words = ASKED.sub(r"\1 [request]", words)
    return NETWORK.sub("[address]", QUERY.sub("?[query]", MAIL.sub("[mail]", words)))


def fault_words(fault: BaseException) -> str:
    """A fault by its kind, and what of it can be said without quoting anybody."""
    kind = type(fault).__name__
    if isinstance(fault, DBAPIError):
        return f"{kind}: {_of_database(fault)}"
    if isinstance(fault, OSError) and fault.strerror:
        return f"{kind}: {fault.strerror}"
    return kind


def _of_database(fault: DBAPIError) -> str:
    told = fault.orig
    name = getattr(told, "sqlite_errorname", None) or getattr(told, "sqlstate", None) or type(told).__name__
    diagnosis = getattr(told, "diag", None)
    if constraint := getattr(diagnosis, "constraint_name", None):
        return f"{name} {constraint}"
    if isinstance(fault, IntegrityError) and hasattr(told, "sqlite_errorname"):
        return f"{name} {told}"  # SQLite names the columns or the constraint, never a value
    return str(name)


def trace(fault: BaseException) -> list[str]:
    """The way of a fault and of what caused it, the first call first: file, line, function."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)]
    cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return [*trace(cause), f"{fault_words(cause)}; then", *lines] if cause is not None else lines


def plain_statement(statement: str) -> str:
    """A SQL statement on one line, without any text that stands in it."""
    return " ".join(TEXT_IN_SQL.sub("'…'", statement).split())[:LONGEST_STATEMENT]


class _Formatter(logging.Formatter):
    """What both forms say of a record; `open_words` lets faults speak in their own words (development)."""

    def __init__(self, *, open_words: bool) -> None:
        super().__init__()
        self.open_words = open_words

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        request = tally.current.get()
        known: Mapping[str, Any] = getattr(record, "facts", {})
        number = {"request": request.number, "endpoint": request.endpoint} if request else {}
        return {**number, **known}

    def words(self, record: logging.LogRecord) -> str:
        return record.getMessage() if self.open_words else scrubbed(record.getMessage())


class JsonLines(_Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record, its request, its fault."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line |= {"what": self.words(record), **self.facts(record)}
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            line["fault"] = f"{type(fault).__name__}: {fault}" if self.open_words else fault_words(fault)
            line["trace"] = trace(fault)
        return json.dumps(line, ensure_ascii=False, default=str)


class Text(_Formatter):
    """A line to read, with the trace below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, words, facts."""
        told = " ".join(f"{name}={value}" for name, value in self.facts(record).items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {self.words(record)}"
        line += f" [{told}]" if told else ""
        fault = record.exc_info[1] if record.exc_info else None
        if fault is None:
            return line
        if self.open_words:
            return line + "\n" + "".join(traceback.format_exception(fault)).rstrip()
        return "\n".join([line, *(f"  {step}" for step in trace(fault)), f"  {fault_words(fault)}"])


class _ToStandardError(logging.StreamHandler[Any]):
    """Whatever standard error is at this moment: tests and commands exchange it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:  # type: ignore[override]
        return sys.stderr


def formatter_of(values: Mapping[str, Any]) -> logging.Formatter:
    """The form that the settings ask for."""
    form = JsonLines if values["LOG"] == "json" else Text
    return form(open_words=values["ENV"] == "development")


def install(app: Flask, values: Mapping[str, Any]) -> None:
    """Write every record of this process in the form of the settings; in JSON, a line for each request too."""
    root, json_lines = logging.getLogger(), values["LOG"] == "json"
    for handler in [one for one in root.handlers if isinstance(one, _ToStandardError)]:
        root.removeHandler(handler)
    handler = _ToStandardError()
    handler.setFormatter(formatter_of(values))
    root.addHandler(handler)
    logging.getLogger(LOGGER).setLevel(logging.INFO if json_lines else logging.NOTSET)
    logging.captureWarnings(json_lines)
    if json_lines:
        tally.when_ended(app, lambda ended: _note_request(ended, with_address=values["LOG_ADDRESSES"]))
    tally.when_slow(values["SLOW_MS"] / 1000, _note_slow if values["SLOW_MS"] else None)


def _note_request(ended: Tally, *, with_address: bool) -> None:
    facts = {
        "request": ended.number,
        "endpoint": ended.endpoint,
        "method": ended.method,
        "status": ended.status,
        "ms": round(ended.seconds * 1000, 1),
        "statements": ended.statements,
        "sql_ms": round(ended.sql_seconds * 1000, 1),
    }
    if with_address:
        facts["address"] = ended.address
    logging.getLogger(LOGGER).info("request", extra={"facts": facts})


def _note_slow(statement: str, seconds: float) -> None:
    facts = {"ms": round(seconds * 1000, 1), "statement": plain_statement(statement)}
    logging.getLogger(LOGGER).warning("slow statement", extra={"facts": facts})
