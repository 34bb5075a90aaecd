"""One order, several matters: each with its place, holder and clock, counted once, ended with the last."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from grid.vocabulary import Tier
from mediation.indicators import figures
from petitions.models import Case
from petitions.period import Period
from petitions.queries import list_parties
from petitions.vocabulary import CaseState, Ending
from tasks.escalate import sweep
from tests.factories.street import TinyStreet
from tests.petitions.sameness.family import (
    DAY,
    LAMP,
    LATER,
    NOISE,
    cut,
    end,
    hold,
)


def test_each_part_is_a_case_of_its_own_numbered_after_the_order(
    session: Session, tiny: TinyStreet, lead: Actor, order: Case
) -> None:
    lamp, noise = cut(session, order, lead)

    assert [lamp.number, noise.number] == [f"{order.number}-1", f"{order.number}-2"]
    assert (lamp.title, lamp.category, lamp.grid_id, lamp.holder_id) == (
        "路灯不亮，晚上看不清",
        "照明",
        tiny.a1.id,
        tiny.a1.id,
    )
    assert (noise.title, noise.grid_id, noise.holder_id) == ("夜间施工", tiny.a2.id, tiny.a2.id)
    for part in (lamp, noise):
        assert (part.received_at, part.registered_at) == (order.received_at, LATER)
        assert (part.kind, part.channel, part.source, part.source_number) == (
            order.kind,
            order.channel,
            "hotline",
            None,
        )
    hold(session)


def test_a_part_has_its_own_tier_clock_inside_the_deadline_of_the_order(
    session: Session, lead: Actor, order: Case
) -> None:
    lamp, noise = cut(session, order, lead)

    for part in (lamp, noise):
        assert part.tier_started_at == LATER
        assert part.tier_due_at is not None
        assert [getattr(part, name) for name in ("due_at", "due_rule", "inner_due_at")] == [
            order.due_at,
            order.due_rule,
            order.inner_due_at,
        ]
    assert (order.tier_due_at, order.tier_warn_at) == (None, None)
    assert sweep(LATER + 30 * DAY)["escalated"] == 2


def test_the_people_of_a_part_are_those_of_its_order(session: Session, lead: Actor, order: Case) -> None:
    lamp, _ = cut(session, order, lead)

    assert [party.name for party in list_parties(session, lamp)] == ["赵某某"]


def test_a_part_goes_to_the_unit_that_is_named(
    session: Session, tiny: TinyStreet, lead: Actor, order: Case
) -> None:
    street, community = cut(
        session,
        order,
        lead,
        (replace(LAMP, unit_id=tiny.street.id), replace(NOISE, unit_id=tiny.b.id)),
    )

    assert (street.holder_id, street.holder_tier) == (tiny.street.id, Tier.STREET)
    assert street.state is CaseState.PENDING_DISPATCH
    assert (community.holder_id, community.community_id) == (tiny.b.id, tiny.b.id)
    hold(session)


def test_the_year_counts_the_order_once_before_and_after(session: Session, lead: Actor, order: Case) -> None:
    some = Period.year(2020)
    counts = figures(session, OPERATOR, some, LATER + 30 * DAY).counts
    lamp, noise = cut(session, order, lead)
    assert figures(session, OPERATOR, some, LATER + 30 * DAY).counts == counts

    end(session, lamp, lead, Ending.SOLVED)
    assert figures(session, OPERATOR, some, LATER + 30 * DAY).counts == counts

    end(session, noise, lead, Ending.SOLVED)
    after = figures(session, OPERATOR, some, LATER + 30 * DAY).counts
    assert (after.received, after.settled, after.pending) == (counts.received, 1, 0)
