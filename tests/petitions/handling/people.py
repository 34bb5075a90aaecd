"""Who acts in the tests of the verbs, and cases brought as far as a test needs them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.handling import acceptance, answer, holding
from petitions.history import Step, record
from petitions.models import Case
from petitions.office import Office, load_office
from petitions.vocabulary import CaseKind, Channel, OpinionResult, ServiceMethod
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AT_A1 = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
IN_PERSON = ServiceMethod.IN_PERSON


@dataclass(frozen=True)
class Town:
    """The tiny street at work: its office and one person for each post."""

    session: Session
    tiny: TinyStreet
    office: Office
    worker: Actor
    other_worker: Actor
    lead: Actor
    other_lead: Actor
    clerk: Actor
    leader: Actor

    def take(self, *steps: Step) -> None:
        """Record one step after another."""
        for step in steps:
            record(self.session, [step])

    def order(self, now: datetime = MORNING, **given: object) -> Case:
        """A hotline order that has come to grid A1."""
        return make_case(self.session, self.tiny.street.id, now=now, **{"received_at": now, **AT_A1, **given})

    def signed_order(self, now: datetime = MORNING, **given: object) -> Case:
        """The same, signed for."""
        case = self.order(now, **given)
        self.take(holding.sign_for(case, actor=self.worker, now=now))
        return case

    def dispute(self, now: datetime = MORNING) -> Case:
        """A dispute in grid A1 that nobody has looked at."""
        given = {"kind": CaseKind.DISPUTE, "channel": Channel.GRID_PATROL, "order_type": None}
        return self.order(now, **given)

    def petition(self, now: datetime = MORNING, **given: object) -> Case:
        """A petition that lies in grid A1 and waits for its route."""
        plain = {"kind": CaseKind.PETITION, "channel": Channel.VISIT, "order_type": None}
        return self.order(now, **{**plain, **given})

    def handled_petition(self, now: datetime = MORNING, **given: object) -> Case:
        """A petition that is accepted and in handling, under the regulations of its day."""
        case = self.petition(now, **given)
        begin = acceptance.accept if case.rule_set == "petition_2005" else acceptance.notify_route
        self.take(begin(case, self.office, service=IN_PERSON, actor=self.clerk, now=now))
        self.take(holding.sign_for(case, actor=self.worker, now=now))
        return case

    def opinion(self, served_on: date, result: OpinionResult = OpinionResult.EXPLAINED) -> answer.Opinion:
        """An opinion served in person on that day."""
        return answer.Opinion(result, "经查，情况属实，已告知依据。", IN_PERSON, served_on)


def make_town(session: Session, tiny: TinyStreet) -> Town:
    """The tiny street with everybody at their post."""
    posts = (
        (tiny.a1, Role.GRID_WORKER),
        (tiny.a2, Role.GRID_WORKER),
        (tiny.a, Role.COMMUNITY_LEAD),
        (tiny.b, Role.COMMUNITY_LEAD),
        (tiny.street, Role.HOTLINE_CLERK),
        (tiny.street, Role.STREET_LEADER),
    )
    people = [make_actor(session, unit, role) for unit, role in posts]
    return Town(session, tiny, load_office(session, [tiny.street.id]), *people)
