"""`dingfen verify`: the proof, for whoever asks."""

import json

import click
from flask.cli import with_appcontext

from app.core.db import db
from petitions.verify import verify as prove


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@click.pass_context
@with_appcontext
def verify(ctx: click.Context, as_json: bool) -> None:
    """Replay every case from its events and compare; exit 1 and the first bad case where one differs.

    \b
    Example: dingfen verify --json
    """
    found = prove(db.session())
    if as_json:
        click.echo(
            json.dumps({"ok": found.ok, "cases": found.cases, "events": found.events, "first_bad": found.first_bad})
        )
    elif found.ok:
        click.echo(f"{found.cases} cases and {found.events} events hold")
    else:
        click.echo(found.first_bad)
    ctx.exit(0 if found.ok else 1)
