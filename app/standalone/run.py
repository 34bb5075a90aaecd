"""The body of `dingfen standalone`."""

import os
from pathlib import Path

import click
import flask_migrate

from app import create_app
from app.auth.actor import OPERATOR
from app.core.clock import now
from app.core.db import db
from app.core.errors import Unavailable
from app.standalone import checks, leavings
from app.standalone.demonstration import demonstrate
from app.standalone.locks import Lock
from app.standalone.paths import Paths
from app.standalone.places import make_data_directory
from app.standalone.processes import supervise
from app.standalone.services import services
from mediation.indicators import latest_year, year_line

LEAVINGS_SECONDS = 2.0


def standalone(data_dir: Path, *, port: int, seed: int | None, once: bool) -> None:
    """Start the services, bring the schema up to date, load what is asked for, then stay until a signal.

    `seed` is the demonstration's, None for a street without one. With `once` it ends after loading and
    needs no port. Raises Unavailable, in one line, for whatever keeps it from starting.
    """
    paths = Paths(data_dir)
    make_data_directory(paths)
    instance = Lock(paths.instance)
    if not instance.try_alone():
        raise Unavailable(
            f"dingfen standalone already runs on {data_dir}: stop it, or give another --data-dir"
        )
    leavings.end(leavings.started_by(paths), patience=LEAVINGS_SECONDS)
    if not once:
        checks.require_port(port)
    with paths.mark.open("a"), services(data_dir, redis=True) as found:
        os.environ.update(found.environment)
        os.environ.update({leavings.TOKEN: str(data_dir), "DINGFEN_DATA_DIR": str(data_dir)})
        checks.require_known_schema(found.environment["DATABASE_URL"])
        _prepare(data_dir, seed)
        if not once:
            click.echo(f"http://127.0.0.1:{port}  (Ctrl-C stops it; its data is in {data_dir})")
            supervise(paths, port, found)


def _prepare(data_dir: Path, seed: int | None) -> None:
    """The schema, the demonstration and the line that says how the last year went."""
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        if seed is not None:
            demonstrate(data_dir / "demo", seed)
        session, moment = db.session(), now()
        year = latest_year(session, OPERATOR, moment)
        click.echo(year_line(session, OPERATOR, year, moment))
        session.rollback()
        # The processes are forked from this one and must not share its connections.
        db.engine.dispose()
