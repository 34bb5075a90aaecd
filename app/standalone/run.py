"""The body of `dingfen standalone`."""

import os
from pathlib import Path

import click
import flask_migrate

from app import create_app
from app.core.db import db
from app.core.errors import Unavailable
from app.standalone import checks, leavings
from app.standalone.locks import Lock
from app.standalone.paths import Paths
from app.standalone.places import make_data_directory
from app.standalone.processes import supervise
from app.standalone.services import services

LEAVINGS_SECONDS = 2.0


def standalone(data_dir: Path, *, port: int, demo: bool, once: bool) -> None:
    """Start the services, bring the schema up to date, load what is asked for, then stay until a signal.

    With `once` it ends after loading and needs neither Redis nor the port. Raises Unavailable, in one
    line, for whatever keeps it from starting.
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
    with paths.mark.open("a"), services(data_dir, redis=not once) as found:
        os.environ.update(found.environment)
        checks.require_known_schema(found.environment["DATABASE_URL"])
        _prepare(demo=demo)
        if not once:
            click.echo(f"Dingfen: http://127.0.0.1:{port} (Ctrl-C stops it; data in {data_dir})")
            supervise(paths, port, found)


def _prepare(*, demo: bool) -> None:
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        # The processes are forked from this one and must not share its connections.
        db.engine.dispose()
