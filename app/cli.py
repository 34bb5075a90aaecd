"""The command `dingfen`: every feature's commands over the database in use."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo

from app import create_app
from app.auth.cli import group as users
from app.calendar.cli import group as calendar
from app.config import data_dir
from app.core import memory
from app.standalone import checks
from app.standalone.commands import db, demo, standalone
from app.standalone.failures import explain
from app.standalone.services import services
from grid import posting_cli as _posting  # noqa: F401  # adds its command to users
from grid.cli import group as grid
from mediation.cli import figures
from petitions.categories_cli import group as category
from petitions.cli import group as petitions
from petitions.cli import verify
from petitions.policy_cli import group as policy
from petitions.upstreams_cli import group as upstream
from tasks import category_cli as _training  # noqa: F401  # adds its command to category
from tasks.cli import escalate

COMMANDS: tuple[click.Command, ...] = (
    standalone,
    demo,
    db,
    users,
    grid,
    petitions,
    policy,
    category,
    upstream,
    escalate,
    calendar,
    figures,
    verify,
)


def _choose_data_dir(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        os.environ["DINGFEN_DATA_DIR"] = str(value.absolute())


DATA_DIR = click.Option(
    ["--data-dir"],
    type=click.Path(path_type=Path, file_okay=False),
    expose_value=False,
    callback=_choose_data_dir,
    help="Where the private database is. Default: DINGFEN_DATA_DIR or var/.",
)


def open_app() -> Flask:
    """The application over the database in use, which is started if need be and kept until the command ends.

    Called when a command's own body begins, so that no --help starts a database.
    """
    root = click.get_current_context().find_root()
    found = root.with_resource(services(data_dir(), redis="DATABASE_URL" not in os.environ))
    os.environ.update(found.environment)
    checks.require_known_schema(found.environment["DATABASE_URL"])
    return create_app()


@click.group(cls=AppGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def dingfen(ctx: click.Context) -> None:
    """Petitions, hotline orders and disputes of a subdistrict office."""
    ctx.obj = ScriptInfo(create_app=lambda: open_app())


def register(command: click.Command) -> None:
    """Add a feature's command or group, its own commands with --data-dir."""
    dingfen.add_command(command)
    _give_data_dir(command)


def main() -> None:
    """Run one command; end 2 with one line on standard error where it cannot be done."""
    signal.signal(signal.SIGTERM, _end)
    memory.tune()
    # A shell's script starts what runs in the background deaf to SIGINT; whoever sends one means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = dingfen.main(prog_name="dingfen", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(1)
    except Exception as error:
        line = explain(error)
        if line is None:
            raise
        click.echo(f"dingfen: {line}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _give_data_dir(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _give_data_dir(inner)
    elif all(parameter.name != "data_dir" for parameter in command.params):
        command.params.append(DATA_DIR)


def _end(number: int, _frame: FrameType | None) -> None:
    # The services are stopped on the way out.
    sys.exit(128 + number)


def _drop_output() -> None:
    """The reader of our output has gone; what is still buffered must not complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


for _command in COMMANDS:
    register(_command)
