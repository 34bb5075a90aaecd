"""A mediation of a case: its parties, sessions and agreement."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.secrecy import Sealed
from app.core.types import Key, Moment, vocabulary
from mediation.vocabulary import AgreementForm, MediationState, StartedBy


class Mediation(Base):
    """One attempt to mediate a case; a case has at most one running (人民调解法 Art 17 to 31).

    `number` is the street's own: two streets of one name, in two cities, give out the same.
    """

    __tablename__ = "mediations"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    street_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    number: Mapped[str] = mapped_column(String(40))
    state: Mapped[MediationState] = mapped_column(vocabulary(MediationState))
    started_by: Mapped[StartedBy] = mapped_column(vocabulary(StartedBy))
    mediator: Mapped[str] = mapped_column(String(40))
    accepted_at: Mapped[Moment]
    due_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("street_id", "number"),
        CheckConstraint("(state = 'in_mediation') = (ended_at IS NULL)", name="ended_whole"),
        Index("uq_mediations_running", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_mediations_case_id", "case_id"),
    )


class MediationParty(Base):
    """One side of the dispute; consent is needed from each (人民调解法 Art 17)."""

    __tablename__ = "mediation_parties"

    id: Mapped[Key]
    mediation_id: Mapped[int] = mapped_column(ForeignKey("mediations.id"), index=True)
    name: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    is_applicant: Mapped[bool]
    consented: Mapped[bool]


class MediationSession(Base):
    """One meeting of the parties and what was said (调解笔录)."""

    __tablename__ = "mediation_sessions"

    id: Mapped[Key]
    mediation_id: Mapped[int] = mapped_column(ForeignKey("mediations.id"), index=True)
    held_at: Mapped[Moment]
    place: Mapped[str] = mapped_column(String(100))
    record: Mapped[str] = mapped_column(Text)


class Agreement(Base):
    """What the parties agreed and until when it is to be performed (人民调解法 Art 28 to 31)."""

    __tablename__ = "agreements"

    id: Mapped[Key]
    mediation_id: Mapped[int] = mapped_column(ForeignKey("mediations.id"))
    form: Mapped[AgreementForm] = mapped_column(vocabulary(AgreementForm))
    content: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    perform_by: Mapped[date | None]
    agreed_at: Mapped[Moment]
    __table_args__ = (
        UniqueConstraint("mediation_id"),
        CheckConstraint("content <> ''", name="content_given"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )
