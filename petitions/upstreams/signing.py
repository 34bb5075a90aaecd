"""What an upstream signs: the moment, method, address, delivery and type, and the whole body. Pure."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WINDOW_SECONDS = 300
"""How far the sender's clock may be from ours; after it a request that was overheard is worth nothing."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands in the headers of a request, and what it asks for.

    `timestamp` is whole seconds since 1970, `target` the path with its query, `delivery` the sender's name of
    what it sends and `kind` the type of the body; each as it is sent, blank where it is not.
    """

    code: str
    timestamp: str
    signature: str
    method: str
    target: str
    delivery: str
    kind: str

    @property
    def head(self) -> bytes:
        """What is signed before the body: five texts, a line each."""
        texts = (self.timestamp, self.method, self.target, self.delivery, self.kind)
        return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")


class Signing:
    """The signatures that some secrets make of a request, while its body passes piece by piece."""

    def __init__(self, secrets: Sequence[str], signed: Signed) -> None:
        self._wanted = signed.signature.lower().encode()
        self._made = [hmac.new(secret.encode(), signed.head, hashlib.sha256) for secret in secrets]

    def feed(self, piece: bytes) -> None:
        """The next piece of the body."""
        for each in self._made:
            each.update(piece)

    def is_right(self) -> bool:
        """Whether one of the secrets made the signature given; it takes as long for a wrong one."""
        right = [hmac.compare_digest(each.hexdigest().encode(), self._wanted) for each in self._made]
        return any(right)


def signature(secret: str, signed: Signed, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the head and the body, as an upstream makes it."""
    return hmac.digest(secret.encode(), signed.head + body, hashlib.sha256).hex()


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether the moment is a number and lies within the window around `now`."""
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    return is_number and abs(int(timestamp) - now.timestamp()) <= WINDOW_SECONDS
