"""Serial numbers."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class NumberSeries(Base):
    """The last serial given out by a street in one series (of cases of a kind, of mediations) and year."""

    __tablename__ = "number_series"

    street_code: Mapped[str] = mapped_column(String(9), primary_key=True)
    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
