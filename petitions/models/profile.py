"""What the columns of files mean that a street has been sent; each change is a version of its own."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Key, Moment

LONGEST_NAME = 40


class ImportProfile(Base):
    """One version of a street's own profile; the latest of a name counts, and a retired one is not offered.

    Never changed, never deleted: a file is read on by the version it was begun with. The definition keeps the
    order of its columns, in which lists are sent back.
    """

    __tablename__ = "import_profiles"

    id: Mapped[Key]
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_retired: Mapped[bool] = mapped_column(server_default="false")
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(40))
    __table_args__ = (
        CheckConstraint("name !~ '^[0-9]*$'", name="name_is_no_key"),
        Index("ix_import_profiles_latest", "street_id", "name", "id"),
    )
