"""What an upstream signs: the moment, the method, the address asked for and the whole body. Pure."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

WINDOW_SECONDS = 300
"""How far the sender's clock may be from ours; after it a request that was overheard is worth nothing."""


def signature(secret: str, timestamp: str, method: str, target: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the three texts, a line each, and the body.

    `timestamp` is whole seconds since 1970, `target` the path with its query as it is sent.
    """
    head = f"{timestamp}\n{method}\n{target}\n".encode()
    return hmac.digest(secret.encode(), head + body, hashlib.sha256).hex()


def is_signed(
    secrets: Iterable[str], given: str, timestamp: str, method: str, target: str, body: bytes
) -> bool:
    """Whether one of the secrets made the signature; it takes as long for a wrong one."""
    wanted = given.lower().encode()
    made = [signature(secret, timestamp, method, target, body).encode() for secret in secrets]
    return sum(hmac.compare_digest(each, wanted) for each in made) > 0


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether the moment is a number and lies within the window around `now`."""
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return is_number and abs(int(timestamp) - now.timestamp()) <= WINDOW_SECONDS
