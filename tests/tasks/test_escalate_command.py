"""`dingfen escalate`: a sweep of now or of a past moment, and of no other."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Invalid
from tasks.cli import escalate
from tests.factories.cases import make_case
from tests.factories.street import IN_A1, TinyStreet


def run(app: Flask, *arguments: str) -> dict[str, object]:
    result = app.test_cli_runner().invoke(escalate, [*arguments, "--json"])
    if result.exception:
        raise result.exception
    return json.loads(result.stdout)


def test_a_case_is_lifted_at_the_past_moment_that_is_named_and_not_before(
    app: Flask, session: Session, tiny: TinyStreet
) -> None:
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    session.commit()
    assert case.tier_due_at is not None
    before = case.tier_due_at - timedelta(seconds=1)
    assert run(app, "--now", before.isoformat())["escalated"] == 0
    # Without an offset it is a moment of Asia/Shanghai.
    local = case.tier_due_at.astimezone(clock.SHANGHAI).replace(tzinfo=None)
    found = run(app, "--now", local.isoformat())
    assert (found["due"], found["escalated"], found["warned"], found["skipped"]) == (1, 1, 0, 0)


@pytest.mark.parametrize("text", ["tomorrow", "", "0020-07-01", "9999-12-31T23:59"])
def test_what_is_no_plausible_moment_is_refused(app: Flask, session: Session, text: str) -> None:
    with pytest.raises(Invalid):
        run(app, "--now", text)


def test_a_moment_to_come_is_refused_because_events_are_kept_for_ever(app: Flask, session: Session) -> None:
    with pytest.raises(Invalid, match="--now"):
        run(app, "--now", (clock.now() + timedelta(minutes=1)).isoformat())
