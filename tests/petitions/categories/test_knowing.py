"""A category that nobody here knows yet is asked about once; a known one never."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from app.auth.vocabulary import Role
from petitions.categories.knowing import NotKnown, demand_known
from petitions.handling.closing import void
from petitions.history import record
from tests.factories.cases import MORNING, make_case
from tests.factories.street import make_actor, make_street

OWN = "楼道堆物"
SLIP = "楼道堆放"


def asked(session, street, name, sure=None):
    with pytest.raises(NotKnown) as error:
        demand_known(session, street.id, name, sure=sure)
    return error.value


@pytest.mark.parametrize("name", [None, "", "路灯照明"])
def test_no_name_and_a_shipped_one_are_known_everywhere(session, tiny, name):
    demand_known(session, tiny.street.id, name, sure=None)


def test_a_name_that_a_case_of_the_street_bears_is_known_there_only(session, tiny):
    make_case(session, tiny.street.id, category=OWN)
    demand_known(session, tiny.street.id, OWN, sure=None)
    other = make_street(session, "440799002", "乙街道")
    asked(session, other.street, OWN)


def test_a_slip_is_asked_about_with_the_nearest_name_first(session, tiny):
    make_case(session, tiny.street.id, category=OWN)
    make_case(session, tiny.street.id, category="噪音扰民")
    error = asked(session, tiny.street, SLIP)
    assert error.nearest[0] == OWN
    assert len(error.nearest) <= 3
    with force_locale("en"):
        assert f"called “{SLIP}” yet; the nearest are {OWN}" in str(error.message)
    assert error.fields["sure"] == SLIP


def test_whoever_is_sure_of_this_very_name_is_asked_no_more(session, tiny):
    demand_known(session, tiny.street.id, SLIP, sure=SLIP)
    asked(session, tiny.street, SLIP, sure=OWN)


def test_a_name_that_only_a_void_case_bears_is_not_known(session, tiny):
    case = make_case(session, tiny.street.id, category=OWN)
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    record(session, [void(case, reason="录错", actor=clerk, now=MORNING + timedelta(hours=1))])
    asked(session, tiny.street, OWN)
