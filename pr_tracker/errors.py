"""What may be refused, as exceptions whose message is an English source string, translated where it is shown."""

from typing import Any


def N_(message: str) -> str:
    """Mark a source string for translation; whoever shows it translates it."""
    return message


class DomainError(Exception):
    """Something the office's rules do not allow. `message` is a source string, `params` its named values."""

    http_status = 409

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NotFound(DomainError):
    """There is no such thing, or not for this reader."""

    http_status = 404


class NotAllowed(DomainError):
    """This person may not do this."""

    http_status = 403


class StepNotAllowed(DomainError):
    """The step is not in the table of states."""


class ChangedMeanwhile(DomainError):
    """Somebody else acted first; the reader is told what changed."""


class BadInput(DomainError):
    """A value that no rule can take; `field` names the form field it belongs to."""

    http_status = 400

    def __init__(self, message: str, *, field: str | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.field = field
