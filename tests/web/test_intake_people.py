"""Several people with one matter: signers, representatives, somebody spoken for; and how many there are."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case, Party
from petitions.vocabulary import PartyRole
from tests.factories.street import TinyStreet, make_actor
from tests.web.parts import faults

Login = Callable[[Actor], FlaskClient]
FORM = {"key": "k1", "kind": "petition", "body": "小区一直没有通自来水。", "name": "赵某某"}


@pytest.fixture
def lead(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's leader; a form that is refused rolls back what was not committed."""
    actor = make_actor(session, tiny.street, Role.STREET_LEADER)
    session.commit()
    return login_as(actor)


def people(count: int, role: PartyRole) -> dict[str, str]:
    """The rows of so many further people."""
    return {
        f"person-{index}-{field}": text
        for index in range(count)
        for field, text in (("role", role.value), ("name", f"某{index}"), ("phone", f"1004056{index:04d}"))
    }


def the_case(session: Session) -> Case:
    """The only one registered."""
    return session.scalars(select(Case)).one()


def roles(session: Session) -> list[PartyRole]:
    """Of everybody named, in their order."""
    return list(session.scalars(select(Party.role).order_by(Party.id)))


def test_joint_signers_are_kept_and_counted(lead: FlaskClient, session: Session) -> None:
    lead.post("/cases/new", data={**FORM, **people(2, PartyRole.JOINT_SIGNER)})

    assert roles(session) == [PartyRole.PETITIONER, PartyRole.JOINT_SIGNER, PartyRole.JOINT_SIGNER]
    assert (the_case(session).persons_present, the_case(session).persons_affected) == (3, None)


def test_how_many_came_and_how_many_it_concerns_are_two_numbers(lead: FlaskClient, session: Session) -> None:
    lead.post("/cases/new", data={**FORM, "persons_present": "12", "persons_affected": "300"})

    assert (the_case(session).persons_present, the_case(session).persons_affected) == (12, 300)


def test_whoever_speaks_for_somebody_is_an_agent_and_counts_for_nobody(
    lead: FlaskClient, session: Session
) -> None:
    lead.post("/cases/new", data={**FORM, **people(1, PartyRole.REPRESENTED)})

    assert roles(session) == [PartyRole.AGENT, PartyRole.REPRESENTED]
    assert the_case(session).persons_present == 1


def test_a_row_left_blank_and_one_taken_out_are_nobody(lead: FlaskClient, session: Session) -> None:
    blank = {"person-0-role": "joint_signer", "person-0-name": " ", "person-0-phone": ""}
    signer = {"person-7-role": "joint_signer", "person-7-name": "钱某某"}
    lead.post("/cases/new", data={**FORM, **blank, **signer})

    assert roles(session) == [PartyRole.PETITIONER, PartyRole.JOINT_SIGNER]


def test_five_representatives_may_come_and_a_sixth_is_refused_with_the_article(
    lead: FlaskClient, session: Session
) -> None:
    six = {**FORM, **people(6, PartyRole.REPRESENTATIVE), "persons_present": "40"}
    refused = lead.post("/cases/new", data=six)

    assert refused.status_code == 422
    assert "信访工作条例（2022）第二十条" in refused.text
    assert "某5" in refused.text
    assert faults(refused.text) == []
    assert session.scalars(select(Case)).all() == []

    lead.post("/cases/new", data={**FORM, **people(5, PartyRole.REPRESENTATIVE), "persons_present": "40"})
    assert the_case(session).persons_present == 40


def test_only_petitions_have_such_a_limit(lead: FlaskClient, session: Session) -> None:
    lead.post("/cases/new", data={**FORM, "kind": "dispute", **people(6, PartyRole.REPRESENTATIVE)})

    assert len(roles(session)) == 7


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("persons_present", "0"),
        ("persons_present", "2"),
        ("persons_present", "100001"),
        ("persons_present", "many"),
        ("persons_present", "-3"),
        ("persons_affected", "0"),
        ("persons_affected", "1.5"),
        ("person-0-role", "respondent"),
        ("person-1-phone", "abc"),
        ("person-1-identity_number", "1" * 31),
        ("identity_number", "1" * 31),
    ],
)
def test_a_number_or_person_that_cannot_be_is_told_at_its_field(
    lead: FlaskClient, session: Session, field: str, text: str
) -> None:
    """Two signers and the petitioner are three persons."""
    answer = lead.post("/cases/new", data={**FORM, **people(2, PartyRole.JOINT_SIGNER), field: text})

    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(("present", "is_collective"), [("4", False), ("5", True), ("6", True)])
def test_a_petition_of_five_is_a_collective_one(
    lead: FlaskClient, session: Session, present: str, is_collective: bool
) -> None:
    lead.post("/cases/new", data={**FORM, "persons_present": present})
    page = lead.get(f"/cases/{the_case(session).number}").text

    assert ("集体信访" in page) == is_collective


def test_from_how_many_is_a_setting(lead: FlaskClient, session: Session, app: Flask) -> None:
    app.config["COLLECTIVE_FROM"] = 3
    try:
        lead.post("/cases/new", data={**FORM, "persons_present": "3"})
        assert "集体信访" in lead.get(f"/cases/{the_case(session).number}").text
    finally:
        app.config["COLLECTIVE_FROM"] = 5


def test_an_order_of_five_callers_is_no_petition(lead: FlaskClient, session: Session) -> None:
    lead.post("/cases/new", data={**FORM, "kind": "hotline", "persons_present": "5"})

    assert "集体信访" not in lead.get(f"/cases/{the_case(session).number}").text
