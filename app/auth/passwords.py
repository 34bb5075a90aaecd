"""Passwords: argon2, and five failures in a row lock the account for half an hour (DOMAIN F.2)."""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.auth.models import User
from app.core.errors import Invalid
from app.core.i18n import lazy as _

MIN_LENGTH = 10
MAX_FAILURES = 5
LOCK = timedelta(minutes=30)

# The least that OWASP recommends for argon2id: the library's own default would keep two small cores busy
# for a tenth of a second at every login.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked against when there is no such user, so that the answer takes as long either way.
_NOBODY = _hasher.hash("nobody")


def hash_password(clear: str) -> str:
    """An argon2id hash; raises Invalid for a password that is too short or of one kind of character."""
    classes = sum(any(test(c) for c in clear) for test in (str.islower, str.isupper, str.isdigit, _is_mark))
    if len(clear) < MIN_LENGTH or classes < 3:
        message = _("A password needs at least 10 characters of three kinds: small, capital, digit, mark.")
        raise Invalid(message, fields={"password": message})
    return _hasher.hash(clear)


def check_password(user: User | None, clear: str, *, now: datetime) -> bool:
    """Whether `user` may enter with `clear` at `now`; counts failures and locks, for the edge to commit."""
    matches = _matches(user.password_hash if user else _NOBODY, clear)
    if user is None or not user.is_active or (user.locked_until and user.locked_until > now):
        return False
    if matches:
        user.failed_logins, user.locked_until = 0, None
        return True
    user.failed_logins += 1
    if user.failed_logins >= MAX_FAILURES:
        user.failed_logins, user.locked_until = 0, now + LOCK
    return False


def _matches(hashed: str, clear: str) -> bool:
    try:
        return _hasher.verify(hashed, clear)
    except VerificationError:
        return False


def _is_mark(character: str) -> bool:
    return not character.isalnum()
