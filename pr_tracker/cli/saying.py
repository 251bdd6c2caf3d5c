"""How commands refuse: one clear line on standard error and exit status 2, never a trace."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DatabaseError, OperationalError

from pr_tracker.errors import DomainError

FORBIDDEN = "42501"  # PostgreSQL's word for a right that is missing
MISSING = {"42P01", "42703"}  # and for a table or column that is


class Refused(click.ClickException):
    """Bad usage or bad input."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


class Group(AppGroup):
    """A group of commands whose wrong usage is refused in one line too."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise in_one_line(error) from None


class OneCommand(click.Command):
    """The same for a command that stands alone."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise in_one_line(error) from None


def in_one_line(error: click.UsageError) -> Refused:
    """What is wrong with the usage, and where the right one is told."""
    told = f" See: {error.ctx.command_path} --help" if error.ctx else ""
    return Refused(" ".join(error.format_message().split()) + told)


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a DomainError or an unusable database into one line and status 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise Refused(str(error)) from None
        except DatabaseError as error:
            raise Refused(f"The database cannot be used: {str(error.orig).splitlines()[0]}{_advice(error)}") from None

    return run


def refusing_unusable(command: Callable[..., Any]) -> Callable[..., Any]:
    """For a migration: a database out of reach, locked or forbidden is one line; its own mistakes keep their trace."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DatabaseError as error:
            if not isinstance(error, OperationalError) and _state(error) != FORBIDDEN:
                raise
            raise Refused(f"The database cannot be used: {str(error.orig).splitlines()[0]}") from None

    return run


def _advice(error: DatabaseError) -> str:
    missing = _state(error) in MISSING or str(error.orig).startswith(("no such table", "no such column"))
    return "; is it at head of its migrations? flask db upgrade" if missing else ""


def _state(error: DatabaseError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def few(missing: tuple[str, ...]) -> str:
    """How many attachments are not where they should be, and which first."""
    shown = "; ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
    return f"{len(missing)} attachments are not in the folder as they were kept: {shown}"
