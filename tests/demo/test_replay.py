"""The replay of the year: cut off anywhere, it goes on and leaves out nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.demo.acts import Cast
from app.demo.replay import Item, replay
from petitions.office import load_office
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet

TICKS = [MORNING + timedelta(hours=hour) for hour in range(3)]


def test_a_sweep_that_was_cut_off_is_done_again(session: Session, tiny: TinyStreet) -> None:
    cast, street_id = Cast(load_office(session), {}, SERVICE, SERVICE), tiny.street.id
    session.commit()
    swept: list[datetime] = []

    def cut_off_at_second(at: datetime) -> None:
        swept.append(at)
        if len(swept) == 2:
            raise KeyboardInterrupt

    def run() -> None:
        items = [Item(at, None, None) for at in TICKS]
        replay(items, cast, street_id, tick=cut_off_at_second, progress=lambda _done: None)

    with pytest.raises(KeyboardInterrupt):
        run()
    run()
    run()
    assert swept == [TICKS[0], TICKS[1], TICKS[1], TICKS[2]]
