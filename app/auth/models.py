"""People who log in."""

from sqlalchemy import CheckConstraint, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.vocabulary import Role
from app.core.db import Base
from app.core.types import Key, Moment, vocabulary


class User(Base):
    """One person with a login; never deleted, because the history names them."""

    __tablename__ = "users"

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    failed_logins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[Moment | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())


class AdminRole(Base):
    """One of the three administrator offices held by a user; nobody holds two of them."""

    __tablename__ = "admin_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role))
    __table_args__ = (CheckConstraint("role LIKE '%\\_admin'", name="administrator"),)
