"""The table of seals."""

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import Moment


class Seal(Base):
    """All events with keys after the seal before it and up to `last_event_id`, closed together.

    `digest` covers their keys and hashes, `hash` this row and the seal before it, under a key that the
    database does not have. Never changed, never deleted.
    """

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[Moment]
    last_event_id: Mapped[int] = mapped_column(unique=True)
    events: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        CheckConstraint("events > 0", name="events_given"),
        CheckConstraint("octet_length(hash) = 32", name="hash_length"),
    )
