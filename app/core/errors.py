"""What can go wrong on purpose: one family of errors, turned into an answer at the edges."""

from collections.abc import Mapping


class AppError(Exception):
    """An answer to a person: what is wrong, where, and what to do.

    `message` is already in the user's language (or a lazy translation); `fields` names the inputs at fault.
    """

    status = 400
    code = "error"

    def __init__(self, message: object, *, fields: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})

    @property
    def message(self) -> str:
        """The text shown to the person, translated at the moment of showing."""
        return str(self.args[0])

    def __str__(self) -> str:
        return self.message


class Invalid(AppError):
    """The input cannot be taken as it is."""

    status = 422
    code = "invalid"


class NotFound(AppError):
    """There is no such thing inside the asker's scope."""

    status = 404
    code = "not_found"


class Forbidden(AppError):
    """The asker's role or posting does not allow it."""

    status = 403
    code = "forbidden"


class Conflict(AppError):
    """The thing has changed since, or its state does not allow the verb."""

    status = 409
    code = "conflict"


class Unavailable(AppError):
    """Something the service needs is missing on this machine, or not running."""

    status = 503
    code = "unavailable"
