"""The secrets of one instance: made once, kept in a file only its owner reads."""

import json
import os
import secrets

from app.core.errors import Unavailable
from app.standalone.paths import Paths

NAMES = ("DINGFEN_SECRET_KEY", "DINGFEN_FIELD_KEY")


def private_keys(paths: Paths) -> dict[str, str]:
    """The session secret and the field key under the data directory, made where there are none.

    What the environment says comes first. Losing the file loses every sealed field, so it is written
    beside its place, flushed and then moved: it is there whole or not at all. It is older than the
    cluster, so a cluster without it is refused rather than given keys that open nothing.
    """
    kept = _read(paths)
    if not kept and paths.cluster.exists() and len(_given()) < len(NAMES):
        raise Unavailable(f"{paths.keys} is gone, and personal fields stay sealed without it: put it back")
    if not kept:
        kept = {name: secrets.token_urlsafe(32) for name in NAMES}
        _write(paths, kept)
    return kept | _given()


def operator_keys(paths: Paths) -> dict[str, str]:
    """The keys for a database of the operator's own; none is made, since other hosts must share them."""
    known = _read(paths) | _given()
    missing = [name for name in NAMES if name not in known]
    if missing:
        raise Unavailable(f"DATABASE_URL is set, so {' and '.join(missing)} must be set too")
    return known


def _given() -> dict[str, str]:
    return {name: os.environ[name] for name in NAMES if os.environ.get(name)}


def _read(paths: Paths) -> dict[str, str]:
    if not paths.keys.exists():
        return {}
    kept: dict[str, str] = json.loads(paths.keys.read_text())
    return kept


def _write(paths: Paths, kept: dict[str, str]) -> None:
    draft = paths.keys.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        json.dump(kept, file)
        file.flush()
        os.fsync(descriptor)
    draft.replace(paths.keys)
