"""Numbered migrations: Alembic through Flask-Migrate, with the geometry helpers it needs."""

from pathlib import Path
from typing import Any, Literal

from flask_migrate import Migrate
from geoalchemy2 import alembic_helpers

from app.core.secrecy import Sealed

DIRECTORY = Path(__file__).parents[2] / "migrations"


def _render(kind: str, item: Any, context: Any) -> str | Literal[False]:
    # A migration must run without the key, so a sealed column is what the database sees of it.
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    rendered: str | Literal[False] = alembic_helpers.render_item(kind, item, context)
    return rendered


migrate = Migrate(
    directory=str(DIRECTORY),
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=_render,
    compare_type=True,
)
