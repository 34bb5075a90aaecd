"""What is open and overdue, and with whom."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from grid.vocabulary import Tier
from mediation.workload import TierLoad, load_by_tier, longest_overdue
from petitions.vocabulary import Ending
from tests.factories.counted import JUNE, Counted, write
from tests.factories.street import TinyStreet, make_actor

NOW = JUNE + timedelta(days=10)
TICK = timedelta(microseconds=1)


def test_open_and_overdue_matters_are_counted_where_they_are_held(session: Session, tiny: TinyStreet) -> None:
    write(
        session,
        [
            Counted(tiny.street, tiny.a, tiny.a1, tier_due_at=NOW),
            Counted(tiny.street, tiny.a, tiny.a1, tier_due_at=NOW + TICK),
            Counted(tiny.street, tiny.a, tiny.a2, holder=tiny.a, due_at=NOW),
            Counted(tiny.street, tiny.b, due_at=JUNE, endings=((Ending.SOLVED, JUNE, None),)),
        ],
    )
    assert load_by_tier(session, OPERATOR, NOW) == [
        TierLoad(Tier.GRID, 2, 1),
        TierLoad(Tier.COMMUNITY, 1, 1),
        TierLoad(Tier.STREET, 0, 0),
    ]


def test_the_longest_overdue_comes_first_with_its_holder(session: Session, tiny: TinyStreet) -> None:
    write(
        session,
        [
            Counted(tiny.street, tiny.a, tiny.a1, tier_due_at=NOW - timedelta(days=1)),
            Counted(tiny.street, tiny.b, holder=tiny.street, due_at=NOW - timedelta(days=3), tier_due_at=NOW),
        ],
    )
    found = longest_overdue(session, OPERATOR, NOW, limit=5)
    assert [(row.holder, row.late.days, row.held.days) for row in found] == [
        (tiny.street.name, 3, 10),
        (tiny.a1.name, 1, 10),
    ]
    assert len(longest_overdue(session, OPERATOR, NOW, limit=1)) == 1
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    assert [row.holder for row in longest_overdue(session, lead, NOW, limit=5)] == [tiny.a1.name]
