"""What units are told: the inbox."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment


class Notice(Base):
    """Something a unit must know; whoever is posted there reads it. `params` fill the message of `kind`.

    The unit and the case are plain numbers here, because notices stand below both in the imports;
    the foreign keys live in the database.
    """

    __tablename__ = "notices"

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    created_at: Mapped[Moment]
    read_at: Mapped[Moment | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    __table_args__ = (
        Index("ix_notices_unit_id_created_at", "unit_id", "created_at"),
        Index("ix_notices_unread", "unit_id", postgresql_where="read_at IS NULL"),
    )
