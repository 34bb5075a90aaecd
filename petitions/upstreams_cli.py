"""`dingfen upstream`: platforms that send by themselves, and their secrets."""

from datetime import datetime

import click
from flask.cli import AppGroup

from app.auth.actor import OPERATOR
from app.core.clock import now
from app.core.db import db, transaction
from petitions.upstreams import keeping

group = AppGroup("upstream", help="Platforms that send orders by themselves, and their secrets.")


@group.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--street", required=True, help="Code of the street that it sends to.")
@click.option("--profile", help="What its columns mean. Default: recognised by the headings.")
def add(code: str, name: str, street: str, profile: str | None) -> None:
    """Let NAME send under CODE; prints the secret, which is shown nowhere again.

    \b
    Example: dingfen upstream add city-12345 市12345平台 --street 440703006 --profile wide
    """
    with transaction():
        _row, secret = keeping.create_upstream(
            db.session(), code=code, name=name, street_code=street, profile=profile, actor=OPERATOR, now=now()
        )
    click.echo(secret)


@group.command("rotate")
@click.argument("code")
def rotate(code: str) -> None:
    """Make a new secret for CODE and print it; the former one signs for a day more.

    \b
    Example: dingfen upstream rotate city-12345
    """
    with transaction():
        secret = keeping.rotate(db.session(), code, actor=OPERATOR, now=now())
    click.echo(secret)


@group.command("off")
@click.argument("code")
def off(code: str) -> None:
    """Take nothing from CODE from now on.

    \b
    Example: dingfen upstream off city-12345
    """
    _turn(code, False)


@group.command("on")
@click.argument("code")
def on(code: str) -> None:
    """Take again what CODE sends.

    \b
    Example: dingfen upstream on city-12345
    """
    _turn(code, True)


@group.command("list")
def list_() -> None:
    """List them with the day of their secret.

    \b
    Example: dingfen upstream list
    """
    for row in keeping.list_upstreams(db.session(), actor=OPERATOR):
        click.echo(f"{row.code}\t{row.name}\t{'on' if row.is_on else 'off'}\t{_day(row.secret_made_at)}")


def _turn(code: str, is_on: bool) -> None:
    with transaction():
        keeping.turn(db.session(), code, is_on=is_on, actor=OPERATOR, now=now())


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
