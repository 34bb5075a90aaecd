"""Many rows at once: what comes back is what was given, whatever the column's type."""

from datetime import UTC, datetime, timedelta
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.bulk import insert_rows, update_rows
from app.core.clock import SHANGHAI
from app.notices.models import Notice
from grid.vocabulary import RouteMethod
from petitions.history import point_text
from petitions.models import Case, Party
from petitions.vocabulary import Urgency
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet

COLUMNS: dict[str, Any] = {
    "title": 'He said "no"\n\\x00 {1,2} 好',
    "category": None,
    "urgency": Urgency.URGENT,
    "route_method": RouteMethod.POINT,
    "route_certainty": 0.123456789012345,
    "route_candidates": ["a\\b", 'c"d', "{}"],
    "received_at": MORNING + timedelta(microseconds=1),
    "escalations": 2**40,
    "head_hash": bytes(range(32)),
}


def test_every_type_comes_back_as_it_was_given(session: Session, tiny: TinyStreet) -> None:
    first, second = (make_case(session, tiny.street.id, category="灯") for _ in range(2))
    point = point_text(113.06512345678, 22.6)
    assert update_rows(session, Case, [{"id": first.id, "point": point, **COLUMNS}]) == 1
    session.expire_all()
    assert {name: getattr(first, name) for name in COLUMNS} == COLUMNS
    assert first.point is not None
    assert to_shape(first.point).x == 113.06512345678
    assert second.title != first.title


def test_a_sealed_field_is_sealed_and_read_again(session: Session, tiny: TinyStreet) -> None:
    case = make_case(session, tiny.street.id)
    party = Party(case_id=case.id, role="reporter", name="张三", phone=None)
    session.add(party)
    session.flush()
    update_rows(session, Party, [{"id": party.id, "name": "李四", "phone": None, "is_anonymous": True}])
    session.refresh(party)
    assert (party.name, party.phone, party.is_anonymous) == ("李四", None, True)


def test_a_json_column_is_updated_with_the_value_itself(session: Session, tiny: TinyStreet) -> None:
    notice = Notice(unit_id=tiny.street.id, kind="warning", params={}, created_at=MORNING)
    session.add(notice)
    session.flush()
    update_rows(session, Notice, [{"id": notice.id, "params": {"from": "东湖社区"}}])
    session.refresh(notice)
    assert notice.params == {"from": "东湖社区"}


def test_rows_that_are_not_there_are_not_counted(session: Session, tiny: TinyStreet) -> None:
    case = make_case(session, tiny.street.id)
    rows = [{"id": key, "hand_backs": 1} for key in (case.id, case.id + 1)]
    assert update_rows(session, Case, rows) == 1
    assert update_rows(session, Case, []) == 0


def test_a_moment_is_copied_as_the_same_moment_whatever_zone_it_is_told_in(
    session: Session, tiny: TinyStreet
) -> None:
    told = [datetime(2026, 1, 1, 0, 30, 0, 1, SHANGHAI), datetime(2025, 12, 31, 16, 30, 0, 1, UTC)]
    told.append(datetime(1990, 7, 1, 12, tzinfo=SHANGHAI))
    rows = [{"unit_id": tiny.street.id, "kind": "warning", "params": {}, "created_at": at} for at in told]
    insert_rows(session, Notice, rows)
    kept = session.scalars(select(Notice.created_at).order_by(Notice.id)).all()
    assert list(kept) == told
