"""Earlier matters that may be the same: who is the same person, how near, how long ago, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.vocabulary import Role
from petitions.intake import PartyIntake
from petitions.models import Case
from petitions.rules.sameness import Likeness, sameness_rules
from petitions.sameness.candidates import MOST, Candidate, candidates
from petitions.sameness.finding import found_pairs
from petitions.vocabulary import PartyRole
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor, make_street

PHONE = "10040560000"
BODY = "向阳花园三栋楼下的路灯坏了，晚上老人出门看不清路，请尽快维修。"
# About 111 km to a degree of latitude.
METRE = 1 / 111_195


def speaker(**given: Any) -> tuple[PartyIntake, ...]:
    """One reporter."""
    return (PartyIntake(**{"phone": PHONE, **given}),)


def pair(
    session: Session, tiny: TinyStreet, old: dict[str, Any], new: dict[str, Any], days: float = 2
) -> tuple[Case, Case]:
    """Two matters with the same text, one received some days before the other."""
    plain = {"title": "路灯不亮", "body": BODY}
    first = make_case(session, tiny.street.id, **{**plain, **old})
    later = MORNING + timedelta(days=days)
    second = make_case(session, tiny.street.id, received_at=later, now=later, **{**plain, **new})
    return first, second


def suggested(session: Session, case: Case, actor: Actor = SERVICE) -> list[Candidate]:
    """What is shown for one case."""
    return candidates(session, [case.id], actor=actor).get(case.id, [])


def reasons(session: Session, case: Case) -> set[Likeness]:
    """The reasons of the only suggestion."""
    (only,) = suggested(session, case)
    return {part.likeness for part in only.score.parts}


def test_the_same_caller_with_the_same_words_is_found_however_the_number_is_written(
    session: Session, tiny: TinyStreet
) -> None:
    first, second = pair(
        session, tiny, {"parties": speaker()}, {"parties": speaker(phone="+86 100-4056-0000")}
    )

    (found,) = suggested(session, second)

    assert (found.case_id, found.number) == (first.id, first.number)
    assert {Likeness.PERSON, Likeness.TITLE, Likeness.BODY} <= reasons(session, second)


def test_only_the_later_of_two_is_told_of_the_other(session: Session, tiny: TinyStreet) -> None:
    first, second = pair(session, tiny, {"parties": speaker()}, {"parties": speaker()})

    found = candidates(session, [first.id, second.id], actor=SERVICE)

    assert list(found) == [second.id]


def test_a_masked_number_is_nobody(session: Session, tiny: TinyStreet) -> None:
    masked = speaker(phone="1004056****")
    _, second = pair(session, tiny, {"parties": masked}, {"parties": masked})

    assert Likeness.PERSON not in reasons(session, second)


def test_an_anonymous_matter_is_compared_by_place_and_text_alone(session: Session, tiny: TinyStreet) -> None:
    hidden = {"parties": speaker(is_anonymous=True), "address": "迎春路11号"}
    _, second = pair(session, tiny, {"parties": speaker(), "address": "迎春路11号"}, hidden)

    assert {Likeness.ADDRESS, Likeness.BODY} <= reasons(session, second)
    assert Likeness.PERSON not in reasons(session, second)


@pytest.mark.parametrize(
    ("role", "is_same"),
    [
        (PartyRole.JOINT_SIGNER, True),
        (PartyRole.REPRESENTATIVE, True),
        (PartyRole.REPRESENTED, True),
        (PartyRole.AGENT, False),
        (PartyRole.RESPONDENT, False),
    ],
)
def test_signers_and_the_represented_are_compared_and_agents_and_the_other_side_are_not(
    session: Session, tiny: TinyStreet, role: PartyRole, is_same: bool
) -> None:
    other = PartyIntake(phone="10040569999")
    parties = (other, PartyIntake(role=role, identity_number="44070319500101001x"))
    _, second = pair(
        session,
        tiny,
        {"parties": speaker(phone=None, identity_number="44070319500101001X")},
        {"parties": parties},
    )

    assert (Likeness.PERSON in reasons(session, second)) == is_same


@pytest.mark.parametrize(("metres", "is_found"), [(0, True), (30, True), (49, True), (51, False)])
def test_two_points_are_near_up_to_fifty_metres(
    session: Session, tiny: TinyStreet, metres: int, is_found: bool
) -> None:
    lon, lat = IN_A1
    _, second = pair(
        session,
        tiny,
        {"lon": lon, "lat": lat, "datum": "wgs84", "title": "甲"},
        {"lon": lon, "lat": lat + metres * METRE, "datum": "wgs84", "title": "乙"},
    )
    found = candidates(session, [second.id], actor=SERVICE)

    assert _was_compared(session, second) == is_found
    if metres in (0, 30):
        (only,) = found[second.id]
        (distance,) = (p for p in only.score.parts if p.likeness is Likeness.DISTANCE)
        assert distance.measure == pytest.approx(metres, abs=0.5)


def _was_compared(session: Session, case: Case) -> bool:
    """Whether some way led to an earlier matter, however little alike it is."""
    return bool(session.execute(found_pairs([case.id], SERVICE, sameness_rules()).select()).all())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("新街市北侧三号铺", "新街市 北侧 3號铺"),
        ("新街市北侧３号铺", "新街市北侧3号铺"),
    ],
)
def test_an_address_that_no_map_knows_is_the_same_however_it_is_written(
    session: Session, tiny: TinyStreet, old: str, new: str
) -> None:
    _, second = pair(session, tiny, {"address": old}, {"address": new})

    assert Likeness.ADDRESS in reasons(session, second)


@pytest.mark.parametrize("address", ["新街市北侧", "五福社区", "第一公园旁", None])
def test_a_name_without_a_number_is_no_door(session: Session, tiny: TinyStreet, address: str | None) -> None:
    case = make_case(session, tiny.street.id, address=address)

    assert case.address_key is None


def test_points_of_a_compound_say_less_than_those_of_a_door(session: Session, tiny: TinyStreet) -> None:
    _, second = pair(session, tiny, {"address": "向阳花园"}, {"address": "向阳小区"})

    assert Likeness.PLACE in reasons(session, second)


@pytest.mark.parametrize(("days", "is_found"), [(83.9, True), (84.1, False)])
def test_matters_of_others_are_looked_at_twelve_weeks_back(
    session: Session, tiny: TinyStreet, days: float, is_found: bool
) -> None:
    _, second = pair(session, tiny, {"address": "迎春路11号"}, {"address": "迎春路11号"}, days=days)

    assert bool(suggested(session, second)) == is_found


@pytest.mark.parametrize(("days", "is_found"), [(729.9, True), (730.1, False)])
def test_those_of_the_same_person_two_years_back(
    session: Session, tiny: TinyStreet, days: float, is_found: bool
) -> None:
    _, second = pair(session, tiny, {"parties": speaker()}, {"parties": speaker()}, days=days)

    assert bool(suggested(session, second)) == is_found


def test_words_alone_lead_to_open_matters_only(session: Session, tiny: TinyStreet) -> None:
    first, second = pair(session, tiny, {}, {})
    assert [found.case_id for found in suggested(session, second)] == [first.id]

    first.state, first.ending, first.ended_at = "closed", "solved", MORNING  # type: ignore[assignment]
    first.tier_due_at = first.tier_warn_at = None
    session.flush()

    assert suggested(session, second) == []


def test_another_street_is_another_office(session: Session, tiny: TinyStreet) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    make_case(session, other.street.id, body=BODY, parties=speaker())
    case = make_case(session, tiny.street.id, body=BODY, parties=speaker())

    assert suggested(session, case) == []


def test_nobody_is_shown_a_matter_outside_their_units(session: Session, tiny: TinyStreet) -> None:
    where = {"parties": speaker()}
    first, second = pair(
        session, tiny, {**where, "address": "迎春路12号"}, {**where, "address": "迎春路11号"}
    )
    assert (first.grid_id, second.grid_id) == (tiny.a2.id, tiny.a1.id)

    assert suggested(session, second, make_actor(session, tiny.a1, Role.GRID_WORKER)) == []
    assert len(suggested(session, second, make_actor(session, tiny.a, Role.COMMUNITY_LEAD))) == 1


def test_the_likeliest_come_first_and_no_more_than_a_person_reads(session: Session, tiny: TinyStreet) -> None:
    for number in range(MOST + 2):
        make_case(session, tiny.street.id, body=f"{BODY}{number}次", parties=speaker())
    likest = make_case(session, tiny.street.id, body=BODY, parties=speaker(), address="迎春路11号")
    case = make_case(session, tiny.street.id, body=BODY, parties=speaker(), address="迎春路11号")

    found = suggested(session, case)

    assert len(found) == MOST
    assert found[0].case_id == likest.id
    assert [one.score.total for one in found] == sorted((one.score.total for one in found), reverse=True)


def test_many_are_looked_up_with_one_statement(
    session: Session, tiny: TinyStreet, statements: list[str]
) -> None:
    cases = [make_case(session, tiny.street.id, body=BODY, parties=speaker()) for _ in range(4)]
    statements.clear()

    found = candidates(session, [case.id for case in cases], actor=SERVICE)

    assert len(statements) == 1
    assert {key: len(group) for key, group in found.items()} == {
        case.id: place for place, case in enumerate(cases) if place
    }


def test_no_case_no_statement(session: Session, statements: list[str]) -> None:
    assert candidates(session, [], actor=SERVICE) == {}
    assert statements == []
