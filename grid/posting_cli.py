"""`dingfen users post`: stands with the units, because an account knows nothing of them."""

from datetime import datetime

import click

from app.auth.actor import OPERATOR
from app.auth.cli import group
from app.auth.people import find_user
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from grid.roster import BUSINESS_ROLES, post_person
from grid.vocabulary import Duty

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@group.command()
@click.argument("username")
@click.argument("unit", metavar="CODE")
@click.argument("role", type=click.Choice(sorted(BUSINESS_ROLES)))
@click.option("--from", "first_day", type=_DAY, help="The first day served. Default: today.")
@click.option("--to", "last_day", type=_DAY, help="The last day served. Default: no end.")
@click.option("--duty", type=click.Choice([duty.value for duty in Duty]), help="What a grid worker does.")
@click.option("--backup", is_flag=True, help="As the backup, not the first.")
def post(
    username: str,
    unit: str,
    role: str,
    first_day: datetime | None,
    last_day: datetime | None,
    duty: str | None,
    backup: bool,
) -> None:
    """Post a person to the unit of CODE.

    Example: dingfen users post zhang 440703006101001 grid_worker --from 2020-01-01
    """
    user = find_user(db.session(), username)
    if user is None:
        raise NotFound(_("There is no account %(username)s.", username=username))
    with transaction():
        post_person(
            db.session(),
            user_id=user.id,
            unit_code=unit,
            role=role,
            first_day=first_day.date() if first_day else local_day(now()),
            last_day=last_day.date() if last_day else None,
            duty=duty,
            is_backup=backup,
            actor=OPERATOR,
            now=now(),
        )
    click.echo(_("%(username)s is posted to %(unit)s.", username=username, unit=unit))
