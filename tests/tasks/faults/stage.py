"""A street full of due cases, and a sweep of them that can be held in the middle."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import redis
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import create_app
from app.auth.actor import SERVICE
from app.config import celery_settings
from app.core.db import db
from app.notices.models import Notice
from petitions.models import Case, CaseEvent
from petitions.register import register
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.escalate import CHUNK
from tests.factories.cases import MORNING, an_intake
from tests.factories.street import IN_A1, IN_B1, TinyStreet, make_street
from tests.tasks.workers import Running, until, worker

# The first chunk is all of community A; the second has some of A and all of B.
FIRST, CASES = CHUNK + 50, CHUNK + 100
LATE = MORNING + timedelta(days=30)
"""When all are due to go from their grids to their communities."""
LATER = LATE + timedelta(days=30)
"""When all are due to go from their communities to the street."""


@dataclass(frozen=True)
class Stage:
    """The application over one database and Redis; workers log to `log`."""

    app: Flask
    database_url: str
    redis_url: str
    log: Path

    def worker(self, within: Sequence[str] = (), **settings: str) -> AbstractContextManager[Running]:
        """A worker, started by the command `within` if there is one."""
        return worker(self.database_url, self.redis_url, self.log, within=within, **settings)

    def send(self, now: datetime | None) -> None:
        """What beat does: name the tick; `now` is otherwise the present moment."""
        kwargs = {"now": now.isoformat()} if now else {}
        self.app.extensions["celery"].send_task("escalate", kwargs=kwargs)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Meanwhile no notice to community B can be written: a sweep stands still in its second chunk."""
        with db.engine.connect() as holding:
            holding.execute(text("SELECT 1 FROM units WHERE code = '440799001102' FOR UPDATE"))
            yield
            # Given up rather than ended, since the database may be gone by now.
            holding.invalidate()

    def in_the_middle(self) -> bool:
        """Whether a sweep stands still, with its first chunk committed."""
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        db.session.rollback()
        return bool(db.session.scalar(text(f"{waiting} AND wait_event_type = 'Lock'")))

    def keep_ticking(self, now: datetime | None, done: Callable[[], object], what: str) -> None:
        """Name the tick again and again, as beat does, until something holds."""

        def is_done() -> bool:
            if not self.unread():
                self.send(now)
            return bool(done())

        until(is_done, what)

    def ticks(self) -> int:
        """How many sweeps workers say they have done."""
        return self.log.read_text().count(" succeeded in ")

    def unread(self) -> int:
        """How many messages no worker has taken yet."""
        with redis.Redis.from_url(self.redis_url) as client:
            return int(client.llen("celery"))

    def named(self) -> Counter[str]:
        """How often each tick stands among the messages that no worker has taken yet."""
        with redis.Redis.from_url(self.redis_url) as client:
            messages = client.lrange("celery", 0, -1)
        return Counter(json.loads(message)["headers"]["task"] for message in messages)

    def lifted(self) -> Mapping[int, int]:
        """How often each case went up; nothing where the database does not answer."""
        query = select(CaseEvent.case_id).where(CaseEvent.verb == Verb.ESCALATE)
        try:
            db.session.rollback()
            return Counter(db.session.scalars(query))
        except DBAPIError:
            return {}

    def all_lifted(self, times: int = 1) -> bool:
        """Whether every case has gone up so many times."""
        return sum(self.lifted().values()) >= CASES * times

    def whole(self, times: int = 1, count: int = CASES) -> None:
        """What must hold after each fault: each due step once with its notice, each case held and proved."""
        lifted = self.lifted()
        assert (len(lifted), set(lifted.values())) == (count, {times})
        told = select(func.count()).select_from(Notice).where(Notice.kind == "escalated")
        assert db.session.scalar(told) == count * times
        assert db.session.scalar(select(func.count()).where(Case.holder_id.is_(None))) == 0
        found = verify(db.session())
        assert (found.first_bad, found.cases) == (None, CASES)
        db.session.rollback()


@contextmanager
def staged(database_url: str, redis_url: str, log: Path) -> Iterator[Stage]:
    """A stage over an empty database."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": database_url,
            "FIELD_KEY": "only for tests",
            "SECRET_KEY": "only for tests",
            "CELERY": celery_settings(redis_url),
        }
    )
    with app.app_context():
        _fill(db.session(), make_street(db.session()))
        db.session.commit()
        yield Stage(app, database_url, redis_url, log)
        db.session.remove()
        db.engine.dispose()
        app.extensions["celery"].close()


def _fill(session: Session, tiny: TinyStreet) -> None:
    """The cases of A fall due a day before those of B."""
    for (lon, lat), count, day in ((IN_A1, FIRST, 1), (IN_B1, CASES - FIRST, 0)):
        at = MORNING - timedelta(days=day)
        intakes = [
            an_intake(lon=lon, lat=lat, datum="wgs84", received_at=at, registered_at=at) for _ in range(count)
        ]
        register(session, intakes, street_id=tiny.street.id, actor=SERVICE, now=MORNING)
