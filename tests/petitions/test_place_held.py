"""The database itself holds where a case lies and what its holder is, whoever writes."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grid.vocabulary import Tier
from petitions.models import Case
from tests.factories.cases import make_case
from tests.factories.street import IN_A1, TinyStreet, make_street


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A case that lies in A1 and is held there."""
    return make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")


def write(session: Session, case: Case, **columns: object) -> None:
    with session.begin_nested():
        session.execute(update(Case).where(Case.id == case.id).values(**columns))


def test_the_tier_of_the_holder_is_that_of_its_unit(session: Session, case: Case, tiny: TinyStreet) -> None:
    write(session, case, holder_id=tiny.a.id, holder_tier=Tier.COMMUNITY)
    for tier in (Tier.GRID, Tier.STREET):
        with pytest.raises(IntegrityError, match="fk_cases_holder_id_holder_tier"):
            write(session, case, holder_tier=tier)


def test_a_grid_lies_in_the_community_of_the_case(session: Session, case: Case, tiny: TinyStreet) -> None:
    write(session, case, grid_id=tiny.b1.id, community_id=tiny.b.id)
    with pytest.raises(IntegrityError, match="fk_cases_grid_id_community_id"):
        write(session, case, grid_id=tiny.a1.id)


def test_a_community_lies_in_the_street_of_the_case(session: Session, case: Case) -> None:
    write(session, case, grid_id=None, community_id=None)
    elsewhere = make_street(session, "440799002", "乙街道")
    with pytest.raises(IntegrityError, match="fk_cases_community_id_street_id"):
        write(session, case, community_id=elsewhere.a.id)
