"""`dingfen users`: accounts, for whoever owns the machine."""

import click
from flask.cli import AppGroup

from app.auth.actor import OPERATOR
from app.auth.labels import role_label
from app.auth.people import close_account, create_user, find_user, list_people, reset_password
from app.auth.vocabulary import ADMIN_ROLES
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.i18n import lazy as _

group = AppGroup("users", help="Accounts: open, list, set a password, close.")

_PASSWORD = click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out."
)


@group.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--office", type=click.Choice(sorted(ADMIN_ROLES)), help="One of the three administrators.")
@_PASSWORD
def create(username: str, name: str, office: str | None, password: str) -> None:
    """Open an account. Other roles come with a posting: see dingfen users post.

    Example: dingfen users create zhang --name 张三 --office system_admin
    """
    with transaction():
        create_user(
            db.session(),
            username=username,
            name=name,
            password=password,
            office=office,
            actor=OPERATOR,
            now=now(),
        )
    click.echo(_("The account %(username)s is open.", username=username))


@group.command("list")
def list_() -> None:
    """Every account with its office.

    Example: dingfen users list
    """
    for user, office in list_people(db.session()):
        state = _("active") if user.is_active else _("deactivated")
        click.echo(f"{user.username}\t{user.name}\t{state}\t{role_label(office) if office else ''}")


@group.command()
@click.argument("username")
@_PASSWORD
def password(username: str, password: str) -> None:
    """Set a new password and lift a lock.

    Example: dingfen users password zhang
    """
    with transaction():
        reset_password(db.session(), _id_of(username), password=password, actor=OPERATOR, now=now())
    click.echo(_("The new password is set."))


@group.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account; what the person did stays in the history.

    Example: dingfen users close zhang
    """
    with transaction():
        close_account(db.session(), _id_of(username), actor=OPERATOR, now=now())
    click.echo(_("The account is closed."))


def _id_of(username: str) -> int:
    user = find_user(db.session(), username)
    if user is None:
        raise NotFound(_("There is no account %(username)s.", username=username))
    return user.id
