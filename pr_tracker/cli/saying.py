"""How commands refuse: one clear line on standard error and exit status 2, never a trace."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from pr_tracker.errors import DomainError


class Refused(click.ClickException):
    """Bad usage or bad input."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a DomainError or an unusable database into one line and status 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise Refused(str(error)) from None
        except (OperationalError, ProgrammingError) as error:
            raise Refused(f"The database cannot be used: {str(error.orig).splitlines()[0]}") from None

    return run
