"""Personal fields: encrypted at rest, findable by keyed hash, masked on lists (DOMAIN F.1 to F.3)."""

import hmac
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from flask import Flask, current_app
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12

# As people write them: 13800138000, 138 0013 8000, +86-138-0013-8000. More digits are another number.
_MOBILE = re.compile(r"(?<!\d)((?:\+?86[ -]?)?)([1\uff11]\d{2})[ -]?\d{4}[ -]?(\d{4})(?!\d)")
# Six digits of a place, a birthday, and four more (GB 11643).
_IDENTITY = re.compile(
    r"(?<!\d)([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3}[\dXx])(?!\d)"
)


class Vault:
    """Seals and opens fields with AES-256-GCM under keys derived from one secret."""

    def __init__(self, secret: str) -> None:
        root = secret.encode()
        self._seal = AESGCM(hmac.digest(root, b"seal", "sha256"))
        # Copies of a keyed hash are taken three times as fast as the key is set up anew.
        self._find = HMAC(hmac.digest(root, b"find", "sha256"), SHA256())
        self._sign = HMAC(hmac.digest(root, b"sign", "sha256"), SHA256())

    def seal(self, clear: str) -> bytes:
        """A random nonce followed by the ciphertext: the same text seals differently every time."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, clear.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The clear text; raises ValueError where the key is not the one that sealed it."""
        try:
            return self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
        except InvalidTag:
            raise ValueError("a sealed field was sealed with another key (DINGFEN_FIELD_KEY)") from None

    def digest(self, clear: str) -> bytes:
        """A keyed hash for equality search and for the history; it cannot be guessed without the key."""
        return _digest(self._find, clear.encode())

    def sign(self, content: bytes) -> bytes:
        """A keyed hash that nobody makes without the key, whoever may write to the database."""
        return _digest(self._sign, content)


def _digest(keyed: HMAC, content: bytes) -> bytes:
    own = keyed.copy()
    own.update(content)
    return own.finalize()


def init_app(app: Flask) -> None:
    """Give the application its vault."""
    app.extensions["vault"] = Vault(app.config["FIELD_KEY"])


def vault() -> Vault:
    """The vault of the running application."""
    # The application itself: thousands of fields at once feel the way through its proxy.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # typed as the application
    return app.extensions["vault"]


class Sealed(TypeDecorator[str]):
    """A text column that the database only ever sees encrypted."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else vault().seal(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else vault().open(value)


def opened(sealed: bytes | None) -> str | None:
    """The clear text of a field read as it lies; one that cannot be opened is told by its bytes."""
    if sealed is None:
        return None
    try:
        return vault().open(bytes(sealed))
    except ValueError:
        return f"sealed:{bytes(sealed).hex()}"


def mask_name(name: str) -> str:
    """Keep the surname: 张三丰 becomes 张** (DOMAIN F.3)."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Keep the first three and the last four of an eleven-digit number, else the last two."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[7:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_numbers(text: str) -> str:
    """Mask every mobile and identity number in a free text (DOMAIN F.3); the rest stays as it was written."""
    return _MOBILE.sub(r"\1\2****\3", _IDENTITY.sub(r"\1********\2", text))
