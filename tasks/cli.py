"""`dingfen escalate`: one sweep, now."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from app.core.db import database_now, db
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.period import parse_moment
from tasks.escalate import sweep


@click.command()
@click.option("--now", "at", metavar="MOMENT", help="Act as at this past moment (ISO; Asia/Shanghai).")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@with_appcontext
def escalate(at: str | None, as_json: bool) -> None:
    """Warn and escalate everything that is due, once.

    \b
    Example: dingfen escalate --now 2020-07-01T09:00
    """
    result = sweep(_moment(at, database_now(db.session())))
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(
        "replanned {replanned}, due {due}, escalated {escalated}, warned {warned}, skipped {skipped}".format(
            **result
        )
    )


def _moment(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now
    moment = parse_moment(text)
    if moment > now:
        # Events are kept for ever, so none may be written of a time that has not come.
        raise Invalid(
            _("%(text)s has not come yet; give --now a moment of the past or leave it out.", text=text)
        )
    return moment
