"""Every setting, its default and what it is for; a wrong one stops the start with one clear sentence."""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

PREFIX = "PR_TRACKER_"
ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SECRET = "development-only-secret-key"  # noqa: S105 - refused in production
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENED_ANEW = 3600  # seconds: a new connection knows what SQLite has counted meanwhile (planner.py)
ENVIRONMENTS = ("development", "production", "test")
REDIS_PATIENCE = {"socket_connect_timeout": 2, "socket_timeout": 5}  # seconds; a read of the queue lasts one
# A server that is gone is noticed within half a minute, also in the middle of an answer; libpq's names.
LINE = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
LINE["tcp_user_timeout"] = 30_000


class WrongSetting(SystemExit):
    """Stops the start: the sentence goes to standard error, the exit status is 1."""


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("is neither yes nor no")


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("must be 1 or more")
    return number


def _milliseconds(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("must be 0 (never) or more")
    return number


def _minutes(value: str) -> int:
    number = int(value)
    if not 0 <= number <= 24 * 60:
        raise ValueError("must be between 0 and 1440")
    return number


def _one_of(*allowed: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return value

    return check


def database_address(value: str) -> str:
    """As SQLAlchemy wants it. Raises ValueError for what cannot be read and for another kind of database."""
    scheme = urlsplit(value).scheme
    if scheme in {"postgres", "postgresql"}:  # SQLAlchemy must be told to use psycopg 3
        value = "postgresql+psycopg" + value[len(scheme) :]
    elif scheme not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    try:
        sa.make_url(value)
    except (ValueError, sa.exc.ArgumentError):  # whose words may quote a password
        raise ValueError("cannot be read as the address of a database") from None
    return value


def _require_redis_address(value: str) -> None:
    """Raises ValueError, which does not quote the password."""
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise ValueError("names no port; special characters of a password are written as %40") from None


def _week(value: str) -> str:
    day, _, at = value.strip().lower().partition(" ")
    if day not in WEEKDAYS or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", at.strip()):
        raise ValueError("must be a day (mon … sun) and a time, such as thu 15:00")
    return f"{day} {at.strip()}"


def _web_address(value: str) -> str:
    if value and urlsplit(value).scheme not in {"http", "https"}:
        raise ValueError("must begin with https:// (or http:// for a test)")
    return value.rstrip("/")


@dataclass(frozen=True)
class Setting:
    """One environment variable: PR_TRACKER_ + name."""

    name: str
    default: str
    parse: Callable[[str], Any]
    purpose: str


SETTINGS = (
    Setting("ENV", "development", _one_of(*ENVIRONMENTS), "development, production or test"),
    Setting("SECRET_KEY", DEFAULT_SECRET, _text, "signs sessions and links; 32 random characters or more"),
    Setting("DATABASE_URL", "", _text, "sqlite:///… or postgresql://…; empty: instance/pr_tracker.sqlite3"),
    Setting("REPORTS_DATABASE_URL", "", _text, "postgresql://… of a copy (streaming replica) to read reports from"),
    Setting("REDIS_URL", "", _text, "redis://…; shares sign-in limits between web workers, queues background work"),
    Setting("PGBOUNCER", "no", _flag, "yes where PgBouncer (transaction mode) stands before PostgreSQL"),
    Setting("UPLOAD_FOLDER", "", _text, "where attachments are kept; empty: instance/uploads"),
    Setting("MAX_UPLOAD_MB", "20", _count, "largest attachment, in megabytes"),
    Setting("KEEP_PAPERS_DAYS", "90", _count, "days an unsigned paper's file is kept; its code stays good"),
    Setting("SIGN_P12", "", _text, "PKCS#12 file of the certificate that signs papers (PAdES); empty: nobody signs"),
    Setting("SIGN_PASSWORD", "", _text, "password of that file"),
    Setting("SIGN_VISIBLE", "yes", _flag, "no for a signature that is not seen on the page"),
    Setting("LANGUAGE", "vi", _one_of("vi", "en"), "language of a reader who has not chosen one"),
    Setting("PROVINCE", "tỉnh An Giang", _text, "name beside the product's on every page"),
    Setting("PLACE", "An Giang", _text, "place in the date line of official papers"),
    Setting("LATE_LIST", "thu 15:00", _week, "day and time at which the week of the list of late units ends"),
    Setting("PUBLIC_URL", "", _web_address, "https address of the site, for links in mail and for passkeys"),
    Setting("BEHIND_PROXY", "no", _flag, "yes when a reverse proxy sets X-Forwarded-For, -Proto and -Host"),
    Setting("CHECK_IN_OPENS", "60", _minutes, "minutes before a session from which one may check in by phone"),
    Setting("CHECK_IN_GRACE", "15", _minutes, "minutes after the start of a session from which an arrival is late"),
    Setting(
        "MAIL_SERVER",
        "",
        _text,
        "SMTP host; empty: mail is written to the log, but not in production",
    ),
    Setting("MAIL_PORT", "25", _count, "SMTP port"),
    Setting("MAIL_USERNAME", "", _text, "SMTP user"),
    Setting("MAIL_PASSWORD", "", _text, "SMTP password"),
    Setting("MAIL_TLS", "no", _flag, "yes for STARTTLS"),
    Setting("MAIL_SENDER", "ban-bao-chi@localhost", _text, "From address of the mail this system sends"),
    Setting("LOG", "text", _one_of("text", "json"), "json: the log as JSON lines, one for each request too"),
    Setting("LOG_ADDRESSES", "no", _flag, "yes: those lines say from which network address a request came"),
    Setting("SLOW_MS", "1000", _milliseconds, "SQL statements that take so many milliseconds are logged; 0: never"),
    Setting("METRICS", "no", _flag, "yes: /metrics answers Prometheus"),
    Setting("METRICS_TOKEN", "", _text, "bearer token that /metrics asks for; production wants 16 characters or more"),
    Setting("METRICS_FOLDER", "", _text, "where web workers count; empty: instance/metrics, one for each server"),
)


def read(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Settings by name, parsed. Raises WrongSetting with one sentence when one cannot be used."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(PREFIX + setting.name, setting.default)
        try:
            values[setting.name] = setting.parse(raw)
        except ValueError as error:
            why = str(error) if not str(error).startswith("invalid literal") else "is not a whole number"
            raise WrongSetting(f"{PREFIX}{setting.name}: “{raw}” {why}.") from None
    known = {PREFIX + setting.name for setting in SETTINGS}
    for name in environ:
        if name.startswith(PREFIX) and name not in known and not name.startswith(PREFIX + "TEST_"):
            raise WrongSetting(f"{name} is not a setting of this program; see the list in README.md.")
    _database_or_stop(values)
    if values["REDIS_URL"]:
        _redis_or_stop(values["REDIS_URL"])
    if values["ENV"] == "production":
        _refuse_in_production(values)
    return values


def _database_or_stop(values: dict[str, Any]) -> None:
    instance = ROOT / "instance"
    url = values["DATABASE_URL"] or f"sqlite:///{instance / 'pr_tracker.sqlite3'}"
    try:
        values["DATABASE_URL"] = database_address(url)
    except ValueError as error:
        raise WrongSetting(f"{PREFIX}DATABASE_URL {error}.") from None
    _copy_or_stop(values)
    values["UPLOAD_FOLDER"] = values["UPLOAD_FOLDER"] or str(instance / "uploads")
    values["METRICS_FOLDER"] = values["METRICS_FOLDER"] or str(instance / "metrics")


def _copy_or_stop(values: dict[str, Any]) -> None:
    if not (url := values["REPORTS_DATABASE_URL"]):
        return
    name = f"{PREFIX}REPORTS_DATABASE_URL"
    try:
        values["REPORTS_DATABASE_URL"] = copy = database_address(url)
    except ValueError as error:
        raise WrongSetting(f"{name} {error}.") from None
    if not (copy.startswith("postgresql") and values["DATABASE_URL"].startswith("postgresql")):
        raise WrongSetting(f"{name} names a copy of a PostgreSQL database: both must be postgresql://.")


def _redis_or_stop(url: str) -> None:
    try:
        _require_redis_address(url)
    except ValueError as error:
        raise WrongSetting(f"{PREFIX}REDIS_URL {error}.") from None


def _refuse_in_production(values: dict[str, Any]) -> None:
    if values["SECRET_KEY"] == DEFAULT_SECRET or len(values["SECRET_KEY"]) < 32:
        raise WrongSetting(f"{PREFIX}SECRET_KEY must be set to 32 or more random characters in production.")
    if not values["PUBLIC_URL"].startswith("https://"):
        raise WrongSetting(f"{PREFIX}PUBLIC_URL must be set to the site's https:// address in production.")
    if values["METRICS"] and len(values["METRICS_TOKEN"]) < 16:
        raise WrongSetting(f"{PREFIX}METRICS_TOKEN must be 16 or more random characters where production has METRICS.")


def office_mark(values: Mapping[str, Any]) -> str:
    """What tells offices apart that share one Redis: the same on all machines of an office.

    It follows from the key and from the database's name, not from its address: one machine may go through PgBouncer.
    """
    database = urlsplit(values["DATABASE_URL"]).path
    return hashlib.sha256(f"{values['SECRET_KEY']} {database}".encode()).hexdigest()[:12]


def engine_options(url: str, *, pgbouncer: bool) -> dict[str, Any]:
    """How SQLAlchemy keeps connections: each is asked before use whether it still lives."""
    options: dict[str, Any] = {"pool_pre_ping": True, "hide_parameters": True}
    if url.startswith("sqlite"):
        options["pool_recycle"] = OPENED_ANEW
    if url.startswith("postgresql"):
        options["connect_args"] = dict(LINE)
        if pgbouncer:  # a statement prepared on one server connection is not known to the next
            options["connect_args"]["prepare_threshold"] = None
    return options


def _limits(values: Mapping[str, Any]) -> dict[str, Any]:
    """Where attempts are counted."""
    if not values["REDIS_URL"]:
        return {"RATELIMIT_STORAGE_URI": "memory://"}
    options = {**REDIS_PATIENCE, "key_prefix": f"press_desk_{office_mark(values)}"}
    return {"RATELIMIT_STORAGE_URI": values["REDIS_URL"], "RATELIMIT_STORAGE_OPTIONS": options}


def flask_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings under the names Flask and its extensions know."""
    production = values["ENV"] == "production"
    public = urlsplit(values["PUBLIC_URL"])
    return {
        **{PREFIX + name: value for name, value in values.items()},
        "SECRET_KEY": values["SECRET_KEY"],
        "TESTING": values["ENV"] == "test",
        "SQLALCHEMY_DATABASE_URI": values["DATABASE_URL"],
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(values["DATABASE_URL"], pgbouncer=values["PGBOUNCER"]),
        "MAX_CONTENT_LENGTH": (values["MAX_UPLOAD_MB"] * 5 + 2) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "press_desk",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": production,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long morning's draft is not lost
        "BABEL_DEFAULT_LOCALE": values["LANGUAGE"],
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "MAIL_SERVER": values["MAIL_SERVER"] or None,
        "MAIL_PORT": values["MAIL_PORT"],
        "MAIL_USERNAME": values["MAIL_USERNAME"] or None,
        "MAIL_PASSWORD": values["MAIL_PASSWORD"] or None,
        "MAIL_USE_TLS": values["MAIL_TLS"],
        "MAIL_DEFAULT_SENDER": values["MAIL_SENDER"],
        **_limits(values),
        "PREFERRED_URL_SCHEME": public.scheme or "http",
    }
