"""What a ruling teaches: the wording of an address that routing could not place, as another name. Verbs.

Only the wording is kept, never the house number, the person or the case it came from.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from grid.aliases import propose
from grid.locating.certainty import SURE
from grid.locating.locate import Locator
from grid.locating.numerals import plain
from grid.models import Alias
from grid.vocabulary import RouteMethod
from petitions.models import Case
from petitions.queries import list_parties


@dataclass(frozen=True, slots=True)
class Lesson:
    """What may be taught: the wording that was not known, and the name it resembles, which may be empty."""

    wording: str
    name: str


def lesson_of(session: Session, case: Case, *, actor: Actor) -> Lesson | None:
    """What `actor` may teach by this case: a person named its grid, and its words alone do not lead there.

    None where nobody named a grid, where the address names a lane or place that is known or is certain by
    itself, and where the actor rules on no cases here.
    """
    is_named = case.route_method is RouteMethod.UNIT and case.grid_id is not None
    if not is_named or not case.address or not actor.may(Permission.CASE_RULE, case.holder_id):
        return None
    locator = Locator.load(session, case.street_id)
    route = locator.locate(address=case.address)
    if route.certainty >= SURE and route.grid_id is not None:
        return None
    reading = locator.read(case.address)
    if reading.names_spot and reading.guess is None:
        return None
    taken = reading.guess or next(iter(reading.alike), None)
    if taken is not None:
        return Lesson(taken.wording, taken.name)
    unknown = locator.unknown_names(case.address)
    return Lesson(unknown[0], "") if unknown else None


def teach(session: Session, case: Case, *, wording: str, name: str, actor: Actor, now: datetime) -> Alias:
    """Propose that `wording`, part of the address of the case, means what is called `name`.

    Raises Conflict where the case teaches nothing, Forbidden where the actor rules on no cases here, Invalid
    where the wording is not in the address or names one of its people.
    """
    if not actor.may(Permission.CASE_RULE, case.holder_id):
        raise Forbidden(_("Your role does not include this action. Ask your system administrator."))
    if lesson_of(session, case, actor=actor) is None:
        raise Conflict(_("The address of this case holds no unknown name, or nobody named the grid."))
    said = plain(wording)
    if not said or said not in plain(case.address or ""):
        fault = _("These words are not in the address of the case.")
        raise Invalid(fault, fields={"wording": fault})
    people = [plain(party.name) for party in list_parties(session, case) if party.name]
    if any(person in said or said in person for person in people):
        fault = _("An alias names a lane or a place, never a person. Leave out names and telephone numbers.")
        raise Invalid(fault, fields={"wording": fault})
    return propose(session, case.street_id, wording=wording, name=name, actor=actor, now=now)
