"""Models and migrations agree, there is one head, and the way back works."""

import flask_migrate
from alembic.script import ScriptDirectory
from flask import Flask

from app import create_app
from app.core.db import db
from app.core.migrate import DIRECTORY
from tests.services import Services


def test_there_is_one_head_and_the_numbers_have_no_gap() -> None:
    script = ScriptDirectory(str(DIRECTORY))
    revisions = sorted(revision.revision for revision in script.walk_revisions())
    assert script.get_heads() == [revisions[-1]]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_models_match_the_migrations(app: Flask) -> None:
    with app.app_context():
        flask_migrate.check()


def test_every_migration_can_be_taken_back_and_done_again(services: Services) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": services.clone("back_and_forth"), "FIELD_KEY": "k"})
    with app.app_context():
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
        flask_migrate.check()
        db.engine.dispose()
