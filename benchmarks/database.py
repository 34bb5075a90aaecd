"""A private database of a benchmark's own, as durable as the service's, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask

from app import create_app
from app.core.db import db
from app.standalone.services import private_services


@contextmanager
def fresh_app() -> Iterator[Flask]:
    """An application over a new, migrated, empty database; the application context is open."""
    with tempfile.TemporaryDirectory(prefix="dingfen-bench-") as root:
        Path(root).chmod(0o755)
        with private_services(Path(root) / "data", redis=False) as found:
            os.environ.update(found.environment)
            app = create_app()
            with app.app_context():
                flask_migrate.upgrade()
                yield app
                db.session.remove()
                db.engine.dispose()
