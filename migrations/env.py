"""How a migration runs: one at a time, and never waiting long for a lock that the service holds."""

from alembic import context
from flask import current_app
from sqlalchemy import text

# Any number will do, as long as it is this one every time.
MIGRATION_LOCK = 440703006
LOCK_TIMEOUT = "4s"


def run() -> None:
    """Run the migrations over the application's own engine."""
    extension = current_app.extensions["migrate"]
    with extension.db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": MIGRATION_LOCK})
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection, target_metadata=extension.db.metadata, **extension.configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": MIGRATION_LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.commit()


run()
