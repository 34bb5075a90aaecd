"""A mediation with all that belongs to it as one keyed digest, which the events of its case keep."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Enum, LargeBinary, String, select, type_coerce
from sqlalchemy.orm import Session

from app.core.canonical import canonical
from app.core.db import Base
from app.core.secrecy import Sealed, opened, vault
from mediation.models import Agreement, Mediation, MediationParty, MediationSession
from petitions.history import plain

DETAIL = "dossier"

_MEDIATION = Mediation.__table__
_BELONGING: tuple[type[Base], ...] = (MediationParty, MediationSession, Agreement)
_KEYS = frozenset({"id", "mediation_id"})


def dossier_digests(session: Session, wanted: ColumnElement[bool]) -> Mapping[int, str]:
    """The digests of the `wanted` mediations by id, over every column of theirs and of what belongs to them.

    As many statements as there are tables, however many mediations.
    """
    said: dict[int, list[Any]] = defaultdict(list)
    for key, values in _rows(session, Mediation, _MEDIATION.c.id, wanted):
        said[key].append(values)
    for model in _BELONGING:
        belongs_to = model.__table__.c.mediation_id
        for key, values in _rows(session, model, belongs_to, belongs_to.in_(list(said))):
            said[key].append([model.__tablename__, values])
    return {key: "hmac:" + vault().digest(canonical(rows)).hex() for key, rows in said.items()}


def dossier_digest(session: Session, mediation_id: int) -> str:
    """The digest of one mediation as it stands in the database."""
    return dossier_digests(session, _MEDIATION.c.id == mediation_id)[mediation_id]


def _rows(
    session: Session, model: type[Base], key: ColumnElement[Any], wanted: ColumnElement[bool]
) -> Iterator[tuple[int, dict[str, Any]]]:
    columns = [column for column in model.__table__.columns if column.name not in _KEYS]
    sealed = {column.name for column in columns if isinstance(column.type, Sealed)}
    read = [_as_it_lies(column) for column in columns]
    query = select(key.label("key"), *read).where(wanted).order_by(model.__table__.c.id)
    for row in session.execute(query).mappings():
        values = {c.name: opened(row[c.name]) if c.name in sealed else row[c.name] for c in columns}
        yield row["key"], {name: _plain(name, value) for name, value in values.items()}


def _as_it_lies(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What cannot be opened or is no word makes another digest, and must not end the proof."""
    raw = (
        LargeBinary if isinstance(column.type, Sealed) else String if isinstance(column.type, Enum) else None
    )
    return type_coerce(column, raw).label(column.key) if raw else column


def _plain(name: str, value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else plain(name, value)
