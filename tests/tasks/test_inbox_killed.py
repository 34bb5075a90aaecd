"""A real worker deletes a file of the watched folder once its import is committed, and not when killed."""

from functools import partial
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import text

from app.core.db import db
from tests.factories.street import make_street
from tests.petitions.importing.files import csv_file, order
from tests.petitions.importing.killing import OTHERS, one, street
from tests.services import Services
from tests.tasks.workers import as_beat, until, worker

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'import_pieces'::regclass"


@pytest.mark.process
@pytest.mark.xdist_group("import_killed")
def test_a_file_stays_until_it_is_safe_and_is_then_deleted_and_handed_in_once(
    services: Services, tmp_path: Path
) -> None:
    redis_url = services.redis_url.replace("?db=0", "?db=5")
    with street(services, "inbox_killed", redis_url) as app:
        url = str(app.config["SQLALCHEMY_DATABASE_URI"])
        queue = Celery(broker=app.config["CELERY"]["broker_url"])
        folder = tmp_path / "inbox" / make_street(db.session()).street.code
        db.session.commit()
        folder.mkdir(parents=True)
        lands, claimed = folder / "orders.csv", folder / ".taking" / "orders.csv"
        lands.write_bytes(csv_file([order("1"), order("2")]))
        watching = {"DINGFEN_INBOX": str(folder.parent), "DINGFEN_INBOX_AFTER": "delete"}

        ticks = partial(as_beat, partial(queue.send_task, "take_inbox"), every=1.0)

        with db.engine.connect() as holding, worker(url, redis_url, tmp_path / "1.log", **watching) as first:
            holding.execute(text("LOCK TABLE import_pieces IN ACCESS EXCLUSIVE MODE"))
            until(ticks(lambda: holding.scalar(text(WAITING))), "the file is being handed in")
            first.kill()
        until(lambda: one(OTHERS) == 0, "the server has noticed")
        assert (claimed.exists(), one("SELECT count(*) FROM import_runs")) == (True, 0)
        with worker(url, redis_url, tmp_path / "2.log", **watching):
            until(ticks(lambda: not claimed.exists()), "the file is deleted")
            assert one("SELECT count(*) FROM import_runs") == 1
            brings_in = partial(queue.send_task, "run_imports")
            until(as_beat(brings_in, lambda: one("SELECT count(*) FROM cases") == 2), "it is brought in")
        assert [entry.name for entry in folder.iterdir()] == [".taking"]
