"""What is done on the page of a case: only what state, role and reach allow, and never over another's act."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from grid.postings import post
from mediation.models import Mediation
from petitions.intake import PartyIntake
from petitions.models import Case
from petitions.vocabulary import CaseKind, CaseState, Channel, Ending
from tests.factories.cases import make_case
from tests.factories.street import FIRST_DAY, TinyStreet, make_actor

Login = Callable[[Actor], FlaskClient]


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A dispute in grid A1 between two people."""
    found = make_case(
        session,
        tiny.street.id,
        kind=CaseKind.DISPUTE,
        channel=Channel.GRID_PATROL,
        order_type=None,
        address="迎春路11号",
        parties=(PartyIntake(name="赵某某", phone="10040560000"),),
    )
    session.commit()
    return found


@pytest.fixture
def worker(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of A1's grid worker."""
    client = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    return client


def send(client: FlaskClient, case: Case, verb: str, **fields: str) -> int:
    """Send the form of a verb as the page now shows it; the status of the answer."""
    return client.post(
        f"/cases/{case.number}/{verb}", data={"version": case.event_count, **fields}
    ).status_code


def test_a_case_is_signed_for_and_settled_with_its_reply(worker: FlaskClient, case: Case) -> None:
    assert send(worker, case, "assess", risk="general") == 302
    assert send(worker, case, "settle", ending="solved", reason="已修好。") == 302

    assert (case.state, case.ending) == (CaseState.RESOLVED, Ending.SOLVED)
    assert "已修好。" in worker.get(f"/cases/{case.number}").text


def test_an_act_on_an_older_page_is_refused_and_shows_what_is_new(worker: FlaskClient, case: Case) -> None:
    old = case.event_count
    send(worker, case, "note", reason="已到现场。")

    answer = worker.post(f"/cases/{case.number}/note", data={"version": old, "reason": "我写的话。"})

    assert answer.status_code == 409
    assert "已到现场。" in answer.text
    assert "我写的话。" in answer.text


def test_a_form_without_its_reason_comes_back_with_the_fault_at_the_field(
    worker: FlaskClient, case: Case
) -> None:
    answer = worker.post(f"/cases/{case.number}/note", data={"version": case.event_count, "reason": " "})

    assert answer.status_code == 422
    assert 'id="note-reason-fault"' in answer.text


@pytest.mark.parametrize("verb", ["void", "divert", "rule", "hand_down", "supervise"])
def test_a_grid_worker_neither_sees_nor_does_what_the_street_may(
    worker: FlaskClient, case: Case, verb: str
) -> None:
    assert f"/cases/{case.number}/{verb}" not in worker.get(f"/cases/{case.number}").text
    assert send(worker, case, verb, reason="x") == 403


@pytest.mark.parametrize("verb", ["escalate", "register", "nonsense"])
def test_what_is_no_action_of_the_page_is_not_found(worker: FlaskClient, case: Case, verb: str) -> None:
    assert send(worker, case, verb) == 404


def test_a_case_handed_back_is_told_to_the_unit_above_and_masked_below(
    session: Session, tiny: TinyStreet, worker: FlaskClient, case: Case
) -> None:
    assert "赵某某" in worker.get(f"/cases/{case.number}").text

    assert send(worker, case, "hand_back", reason="不在本网格。", unit=tiny.a2.code) == 302

    page = worker.get(f"/cases/{case.number}").text
    assert case.holder_id == tiny.a.id
    assert "赵某某" not in page
    assert "赵**" in page


def test_a_mediation_is_opened_held_and_agreed_and_settles_the_case(
    session: Session, worker: FlaskClient, case: Case
) -> None:
    send(worker, case, "assess", risk="general")
    opening = {
        "mediator": "调解员甲",
        "started_by": "application",
        "applicant_name": "赵某某",
        "applicant_consented": "1",
        "respondent_name": "钱某某",
    }

    assert send(worker, case, "mediation/open", **opening) == 409
    assert send(worker, case, "mediation/open", **opening, respondent_consented="1") == 302
    assert send(worker, case, "mediation/agreement", form="written", content="") == 422
    terms = {"form": "written", "content": "钱某某赔偿。", "amount": "1500.00", "perform_by": "2020-12-31"}
    assert send(worker, case, "mediation/agreement", **terms) == 302

    assert (case.state, case.ending) == (CaseState.RESOLVED, Ending.SETTLED_BY_AGREEMENT)
    assert session.query(Mediation).count() == 1
    assert "1,500.00" in worker.get(f"/cases/{case.number}").text


def test_a_mediation_that_fails_leaves_the_case_open(worker: FlaskClient, case: Case) -> None:
    send(worker, case, "assess", risk="general")
    sides = {"applicant_name": "赵某某", "respondent_name": "钱某某"}
    consents = {"applicant_consented": "1", "respondent_consented": "1"}
    send(worker, case, "mediation/open", mediator="甲", started_by="initiative", **sides, **consents)

    assert send(worker, case, "mediation/failure", reason="分歧过大。") == 302

    assert case.ending is None
    assert "分歧过大。" in worker.get(f"/cases/{case.number}").text


def test_the_unit_above_finds_the_escalated_case_in_its_inbox_until_it_is_read(
    session: Session, tiny: TinyStreet, worker: FlaskClient, case: Case, login_as: Login
) -> None:
    send(worker, case, "hand_back", reason="不在本网格。")
    lead = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()

    assert case.number in lead.get("/inbox").text
    lead.post("/inbox/read")
    assert case.number not in lead.get("/inbox").text
    assert case.number in lead.get("/inbox?show=all").text


def test_a_lead_of_one_community_who_mediates_for_the_street_rules_on_no_other(
    session: Session, tiny: TinyStreet, case: Case, login_as: Login
) -> None:
    lead = make_actor(session, tiny.b, Role.COMMUNITY_LEAD)
    post(session, user_id=lead.id or 0, unit_id=tiny.street.id, role=Role.MEDIATOR, first_day=FIRST_DAY)
    client = login_as(lead)
    session.commit()

    assert f"/cases/{case.number}/note" in client.get(f"/cases/{case.number}").text
    assert f"/cases/{case.number}/rule" not in client.get(f"/cases/{case.number}").text
    assert send(client, case, "hand_back", reason="不在本网格。") == 302
    assert send(client, case, "rule", reason="归我。", unit=tiny.b.code) == 403
    assert case.holder_id == tiny.a.id
