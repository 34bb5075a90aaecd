import pytest

from app.core.calendar import WorkingCalendar
from app.demo.layout import lay_out
from app.demo.matter import Matter
from app.demo.scenario import plan
from app.demo.street import Street


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return WorkingCalendar.shipped()


@pytest.fixture(scope="session")
def street() -> Street:
    return lay_out()


@pytest.fixture(scope="session")
def matters(street: Street, calendar: WorkingCalendar) -> list[Matter]:
    return plan(2020, street, calendar)
