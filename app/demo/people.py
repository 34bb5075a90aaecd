"""The made-up people who work in the demonstration street, with their postings."""

from datetime import date
from random import Random

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.models import User
from app.auth.people import create_user
from app.auth.vocabulary import Role
from app.core.clock import start_of
from app.demo.names import make_name
from grid.postings import post
from grid.tree import Node, Tree
from grid.vocabulary import Tier

PASSWORD = "Dingfen-2020"  # noqa: S105  # printed at the start: it opens made-up data only
FIRST_DAY = date(2019, 1, 1)

STREET_PEOPLE = {
    "leader": Role.STREET_LEADER,
    "clerk": Role.HOTLINE_CLERK,
    "mediator": Role.MEDIATOR,
}
OFFICES = {"sysadmin": Role.SYSTEM_ADMIN, "secadmin": Role.SECURITY_ADMIN, "auditor": Role.AUDIT_ADMIN}
TIER_ROLE = {Tier.COMMUNITY: Role.COMMUNITY_LEAD, Tier.GRID: Role.GRID_WORKER}


def hire(session: Session, tree: Tree, rng: Random) -> None:
    """Accounts for the street's desk, the administrators, the communities' leads and the grids' workers."""
    street = next(node for node in tree.nodes.values() if node.tier is Tier.STREET)
    for username, role in STREET_PEOPLE.items():
        _post(session, _user(session, username, rng), street, role)
    for username, office in OFFICES.items():
        _user(session, username, rng, office)
    for node in sorted(tree.nodes.values(), key=lambda node: node.code):
        if node.tier in TIER_ROLE:
            user = _user(session, username_of(node), rng)
            _post(session, user, node, TIER_ROLE[node.tier])


def username_of(node: Node) -> str:
    """How the person of a community or grid logs in: community101, grid101001."""
    return node.tier.value + node.code[9:]


def _user(session: Session, username: str, rng: Random, office: Role | None = None) -> User:
    name = make_name(rng)
    return create_user(
        session,
        username=username,
        name=name,
        password=PASSWORD,
        office=office,
        actor=OPERATOR,
        now=start_of(FIRST_DAY),
    )


def _post(session: Session, user: User, node: Node, role: Role) -> None:
    post(session, user_id=user.id, unit_id=node.id, role=role, first_day=FIRST_DAY)
