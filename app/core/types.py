"""Columns that recur: keys, moments, closed vocabularies, shapes in WGS-84."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, DateTime, Enum, Identity
from sqlalchemy.orm import mapped_column

WGS84 = 4326

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def vocabulary(kind: type[StrEnum]) -> Enum:
    """A closed vocabulary stored by value as text, held by a named CHECK."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)
    return Enum(
        kind,
        name=name.lstrip("_"),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def shape(kind: str) -> Geometry:
    """A geometry column in degrees of WGS-84; its index is declared with the table."""
    return Geometry(kind, srid=WGS84, spatial_index=False)
