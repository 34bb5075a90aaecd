"""`dingfen escalate`: one sweep, now."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from app.core import clock
from tasks.escalate import sweep


def _moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime:
    if value is None:
        return clock.now()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a moment such as 2020-07-01T09:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)


@click.command()
@click.option("--now", callback=_moment, help="Act as at this moment (ISO; Asia/Shanghai unless it says).")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@with_appcontext
def escalate(now: datetime, as_json: bool) -> None:
    """Warn and escalate everything that is due, once.

    \b
    Example: dingfen escalate --now 2020-07-01T09:00
    """
    result = sweep(now)
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo("due {due}, escalated {escalated}, warned {warned}, skipped {skipped}".format(**result))
