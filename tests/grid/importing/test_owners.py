"""Owners named in the file of a hierarchy: posted with it, or the whole file is refused by row."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from grid.drafting import drafts
from grid.drafting.publishing import publish
from grid.models import Posting, Unit
from grid.vocabulary import Duty
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet, make_actor
from tests.grid.conftest import import_file
from tests.grid.material import refused, table

HEADER = "code,name,tier,parent_code,households,residents,owner\n"
NEW = "440799001101009"


def grid(owner: str, code: str = NEW) -> str:
    return f"{code},新网格,grid,440799001101,420,1100,{owner}\n"


def heads(session: Session) -> list[tuple[str, Duty | None]]:
    query = select(Unit.code, Posting.duty).join(Unit, Unit.id == Posting.unit_id)
    return [(code, duty) for code, duty in session.execute(query.where(Posting.duty.is_not(None)))]


def test_an_owner_heads_the_grid_of_their_row_and_importing_again_changes_nothing(
    session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    make_actor(session, tiny.a, Role.COMMUNITY_LEAD, "zhang")
    for _ in range(2):
        import_file(session, table(tmp_path, HEADER + grid("zhang")))
    assert heads(session) == [(NEW, Duty.GRID_HEAD)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (grid("nobody"), "row 2, column owner: there is no account nobody"),
        ("440799001101,东湖社区,community,440799001,,,zhang\n", "only a grid has an owner"),
        (grid("zhang") + grid("zhang"), "stands in row 2 too"),
    ],
)
def test_an_owner_who_does_not_exist_or_owns_no_grid_is_named_and_nothing_is_imported(
    session: Session, tiny: TinyStreet, tmp_path: Path, row: str, said: str
) -> None:
    make_actor(session, tiny.a, Role.COMMUNITY_LEAD, "zhang")
    session.commit()
    assert said in refused(session, table(tmp_path, HEADER + row))
    session.rollback()
    assert session.scalar(select(Unit).where(Unit.code == NEW)) is None
    assert heads(session) == []


def test_a_grid_that_has_another_head_keeps_it(session: Session, tiny: TinyStreet, tmp_path: Path) -> None:
    for name in ("zhang", "li"):
        make_actor(session, tiny.a, Role.COMMUNITY_LEAD, name)
    import_file(session, table(tmp_path, HEADER + grid("zhang")))
    session.commit()
    assert "another head" in refused(session, table(tmp_path, HEADER + grid("li")))
    assert len(heads(session)) == 1


def test_a_unit_that_ended_is_not_brought_back_by_a_file(
    session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    draft = drafts.open_draft(session, tiny.street.id, name="合并", actor=OPERATOR, now=MORNING)
    said = {"grids": [tiny.a2.code, tiny.a1.code]}
    drafts.add_edit(session, draft, "merge", said, actor=OPERATOR, now=MORNING)
    publish(session, draft, actor=OPERATOR, now=MORNING)
    assert "there no more" in refused(session, table(tmp_path, HEADER + grid("", tiny.a1.code)))
