"""`dingfen standalone`, `dingfen demo` and `dingfen db`."""

import signal
import subprocess
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.engine import make_url

from app.config import data_dir as default_data_dir
from app.demo.layout import SEED
from app.standalone.programs import psql_program
from app.standalone.run import standalone as run_standalone


@click.command()
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Default: DINGFEN_DATA_DIR or var/."
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port on 127.0.0.1."
)
@click.option("--demo", is_flag=True, help="Load the demonstration street's year unless it is there.")
@click.option("--once", is_flag=True, help="Prepare everything, print the year's figures and end.")
def standalone(data_dir: Path | None, port: int, demo: bool, once: bool) -> None:
    """Run everything in this terminal: private database and Redis, web, worker, beat.

    \b
    Example: dingfen standalone --demo --data-dir /srv/dingfen --port 8000
    """
    chosen = data_dir or default_data_dir()
    run_standalone(chosen.absolute(), port=port, seed=SEED if demo else None, once=once)


@click.group(help="The demonstration street and its year.")
def demo() -> None:
    pass


@demo.command()
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed tells another year.")
def load(seed: int) -> None:
    """Load the year into an empty database, through the verbs that users' actions call.

    A load that was cut off goes on. Nothing else may be running on the database meanwhile.

    \b
    Example: dingfen demo load --seed 7
    """
    run_standalone(default_data_dir(), port=0, seed=seed, once=True)


db = AppGroup("db", help="Migrations, and a shell on the database in use.")


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to date, or to REVISION. Example: dingfen db upgrade"""
    flask_migrate.upgrade(revision=revision)


@db.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Take the schema back by one migration, or to REVISION. Example: dingfen db downgrade 0003"""
    flask_migrate.downgrade(revision=revision)


@db.command()
def current() -> None:
    """Tell which migration the database is at. Example: dingfen db current"""
    flask_migrate.current()


@db.command()
def check() -> None:
    """Tell whether models and migrations agree. Example: dingfen db check"""
    flask_migrate.check()


@db.command()
@click.option("-m", "--message", required=True, help="What the migration does.")
@click.option("--rev-id", required=True, help="Its number, such as 0010.")
def migrate(message: str, rev_id: str) -> None:
    """Draft the next migration from the models. Example: dingfen db migrate --rev-id 0010 -m "add tags\""""
    flask_migrate.migrate(message=message, rev_id=rev_id)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("psql_arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def shell(ctx: click.Context, psql_arguments: tuple[str, ...]) -> None:
    """Open psql on the database in use, as its owner.

    \b
    Example: dingfen db shell -- -c "SELECT count(*) FROM cases"
    """
    address = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    command = [str(psql_program()), address.render_as_string(hide_password=False), *psql_arguments]
    # Ctrl-C belongs to psql, where it cancels a statement.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctx.exit(subprocess.run(command).returncode)  # noqa: S603  # the operator's own arguments
