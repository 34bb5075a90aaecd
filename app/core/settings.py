"""What an operator or the service itself keeps by name."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base


class Setting(Base):
    """One named value."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


def get_setting(session: Session, name: str, default: Any = None) -> Any:
    """The value kept under `name`, or `default`."""
    row = session.get(Setting, name)
    return default if row is None else row.value


def put_setting(session: Session, name: str, value: Any) -> None:
    """Keep `value` under `name`."""
    statement = insert(Setting).values(name=name, value=value)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
