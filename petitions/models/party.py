"""The people in a case."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, vocabulary
from petitions.vocabulary import PartyRole


class Party(Base):
    """One person or body in a case; name and numbers are sealed, the numbers findable by hash."""

    __tablename__ = "parties"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    role: Mapped[PartyRole] = mapped_column(vocabulary(PartyRole))
    name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    identity_number: Mapped[str | None] = mapped_column(Sealed)
    identity_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    is_anonymous: Mapped[bool] = mapped_column(server_default="false")
