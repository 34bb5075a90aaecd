"""A worker is killed between sending and marking: one message is repeated, none is lost, none overtakes."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import create_app
from app.config import celery_settings
from app.core.clock import now
from app.core.db import db
from app.notices.models import Delivery, Notice
from app.notices.vocabulary import DeliveryState
from grid.models import Unit
from tasks.deliver_notices import deliver_notices
from tests.factories.cases import make_case
from tests.factories.notices import make_webhook, write_notice
from tests.factories.street import make_street
from tests.receivers.process import Other, listening
from tests.services import Services
from tests.tasks.workers import until, worker

CASES = 4
# A numbered database of the run's Redis that no other test's workers listen to.
OWN = "?db=3"

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("deliver")]


@pytest.fixture
def redis_url(services: Services) -> str:
    """A queue of these tests' own."""
    assert services.redis_url.endswith("?db=0")
    return services.redis_url.replace("?db=0", OWN)


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Other]:
    """A receiver on this machine, which the workers may speak to."""
    monkeypatch.setenv("DINGFEN_WEBHOOK_LOCAL", "1")
    with listening("http_receiver", tmp_path / "hook") as other:
        yield other


@pytest.fixture
def street(services: Services, redis_url: str, worker_id: str, hook: Other) -> Iterator[Flask]:
    """A database of its own in which both communities have a webhook, and some cases."""
    made = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": services.clone(f"deliver_killed_{worker_id}"),
            "FIELD_KEY": "only for tests",
            "SECRET_KEY": "only for tests",
            "CELERY": celery_settings(redis_url),
        }
    )
    with made.app_context():
        session = db.session()
        tiny = make_street(session)
        for unit in (tiny.a, tiny.b):
            make_webhook(session, unit, f"http://127.0.0.1:{hook.port}/{unit.code}")
        for _ in range(CASES):
            make_case(session, tiny.street.id, now=now())
        session.commit()
        yield made
        db.session.remove()
        db.engine.dispose()


def tell(session: Session, code: str, case: int) -> int:
    """Tell a unit something urgent of one of the cases."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one()
    ids = list(session.scalars(text("SELECT id FROM cases ORDER BY id")))
    notice = write_notice(session, unit, case_id=ids[case], at=now(), urgent=True, number=f"N{case}")
    session.commit()
    return notice.id


def told(hook: Other) -> list[list[int]]:
    return [[each["id"] for each in json.loads(taken["body"])["notices"]] for taken in hook.taken]


def all_sent() -> bool:
    db.session.rollback()
    unsent = select(Notice.id).outerjoin(Delivery, Delivery.notice_id == Notice.id)
    unsent = unsent.where(Notice.urgent, Delivery.state.is_distinct_from(DeliveryState.SENT))
    return not db.session.scalars(unsent).all()


def test_a_kill_between_send_and_mark_repeats_one_message_and_loses_none(
    street: Flask, redis_url: str, hook: Other, tmp_path: Path
) -> None:
    url, log = street.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "worker.log"
    first = tell(db.session(), "440799001101", 0)
    hook.behave(hang=True)
    with worker(url, redis_url, log) as victim:
        deliver_notices.apply_async()
        until(lambda: len(hook.taken) == 1, "the message has arrived and is not answered")
        victim.kill()
    assert not all_sent()
    assert told(hook) == [[first]]

    second = tell(db.session(), "440799001101", 0)
    hook.behave()
    with worker(url, redis_url, log), worker(url, redis_url, log):
        until(_tick_and_look, "everything is sent")
        marked = tell(db.session(), "440799001102", 1)
        until(_tick_and_look, "the ticks before that have come")
    assert [each for message in told(hook) for each in message] == [first, first, second, marked]


def test_many_workers_at_once_say_everything_once_and_in_order(
    street: Flask, redis_url: str, hook: Other, tmp_path: Path
) -> None:
    url, log = street.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "worker.log"
    with (
        worker(url, redis_url, log),
        worker(url, redis_url, log),
        worker(url, redis_url, log),
    ):
        for turn in range(40):
            tell(db.session(), ("440799001101", "440799001102")[turn % 2], turn // 2 % CASES)
            deliver_notices.apply_async()
        until(_tick_and_look, "everything is sent")
    said = [(taken["path"], each) for taken in hook.taken for each in json.loads(taken["body"])["notices"]]
    assert Counter(each["id"] for _path, each in said).most_common(1)[0][1] == 1
    assert len(said) == 40
    in_order = defaultdict(list)
    for path, each in said:
        in_order[path, each["case"]].append(each["id"])
    assert all(ids == sorted(ids) for ids in in_order.values())
    assert len(in_order) == 2 * CASES


def _tick_and_look() -> bool:
    """As beat does, only more often: who finds a receiver taken leaves it to the next tick."""
    deliver_notices.apply_async()
    sleep(0.2)
    return all_sent()
