"""The history in words: what is not known yet is not called none."""

from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from petitions.handling import acceptance
from petitions.history import record
from petitions.models import CaseEvent
from petitions.office import load_office
from petitions.timeline import entries
from petitions.vocabulary import CaseKind, Channel, ServiceMethod, Verb
from tests.factories.cases import make_case
from tests.factories.street import TinyStreet

LAST = max(WorkingCalendar.shipped().years)


def limits_said(session: Session, tiny: TinyStreet, at: datetime) -> list[str]:
    """What the history says of the first clock once a petition of `at` is accepted."""
    given = {"kind": CaseKind.PETITION, "channel": Channel.VISIT, "order_type": None, "received_at": at}
    case, office = make_case(session, tiny.street.id, now=at, **given), load_office(session)
    told = acceptance.notify_route(case, office, service=ServiceMethod.MAIL, actor=SERVICE, now=at)
    record(session, [told])
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()
    accepted = next(one for one in entries(events, office.tree) if one.verb is Verb.NOTIFY_ROUTE)
    return [str(change.after) for change in accepted.changes if str(change.label) == "Legal limit"]


def test_a_limit_that_waits_for_its_calendar_says_for_which_year(session: Session, tiny: TinyStreet) -> None:
    late = datetime(LAST, 12, 1, 9, 0, tzinfo=SHANGHAI)
    with force_locale("en"):
        assert limits_said(session, tiny, late) == [f"calendar of {LAST + 1} not loaded"]


def test_a_limit_that_is_known_says_its_moment(session: Session, tiny: TinyStreet) -> None:
    early = datetime(LAST, 12, 1, 9, 0, tzinfo=SHANGHAI) - timedelta(days=200)
    with force_locale("en"):
        assert len(limits_said(session, tiny, early)[0]) == len("2026-01-01 00:00")
