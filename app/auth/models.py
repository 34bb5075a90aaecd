"""People who log in, and the log of what was done with their accounts."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.vocabulary import AccountAct, Role
from app.core.db import Base
from app.core.types import Key, Moment, vocabulary


class User(Base):
    """One person with a login; never deleted, because the history names them.

    `username` is kept in small letters. A session holds while its cookie carries this `session_epoch`.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    failed_logins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[Moment | None]
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    __table_args__ = (CheckConstraint("username = lower(username)", name="small_letters"),)


class AdminRole(Base):
    """One of the three administrator offices held by a user; nobody holds two of them."""

    __tablename__ = "admin_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role))
    __table_args__ = (CheckConstraint("role LIKE '%\\_admin'", name="administrator"),)


class AccountEvent(Base):
    """One act upon an account, for the audit administrator; rows are never changed or deleted.

    `actor_id` is null for the command line and for a person not logged in, `user_id` where a refused login
    named nobody. `address` is where a login came from. Passwords and mistyped names are never kept.
    """

    __tablename__ = "account_events"

    id: Mapped[Key]
    at: Mapped[Moment]
    act: Mapped[AccountAct] = mapped_column(vocabulary(AccountAct))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(45))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    __table_args__ = (
        Index("ix_account_events_refused", "address", "at", postgresql_where="act = 'login_refused'"),
    )
