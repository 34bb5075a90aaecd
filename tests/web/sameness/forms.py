"""The forms of the card, and a case as it stands after one."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from petitions.models import Case

ENGLISH = {"Accept-Language": "en"}


def fresh(session: Session, case: Case) -> Case:
    """As it stands now."""
    return session.get_one(Case, case.id, populate_existing=True)


def decide(browser: FlaskClient, case: Case, verb: str, **said: str):  # type: ignore[no-untyped-def]
    """Send one of the forms of the page."""
    data = {"version": str(case.event_count), **said}
    return browser.post(f"/cases/{case.number}/sameness/{verb}", data=data, headers=ENGLISH)
