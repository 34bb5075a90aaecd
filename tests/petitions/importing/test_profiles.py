"""A street's own profiles: versions that never change, preferred to the program's, the street's alone."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from petitions.importing.assigning import assign_profile
from petitions.importing.export_file import open_export
from petitions.importing.forgetting import forget, next_to_forget
from petitions.importing.header import Unrecognised
from petitions.importing.pieces import size_kept
from petitions.importing.profile import definition_of, shipped
from petitions.importing.profiles import (
    get_version,
    list_versions,
    load_profiles,
    profile_of,
    retire_profile,
    save_profile,
)
from petitions.importing.requests import claim_next, request_import
from petitions.models import Case
from petitions.models.imports import RunState
from tasks.imports import run_waiting
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import NOW, csv_file, order

HEADINGS = ("号", "说", "地")
DEFINITION = {
    "source": "district",
    "kind": "hotline",
    "channel": "hotline",
    "columns": {"number": ["号"], "body": ["说"], "address": ["地"]},
    "required": ["number", "body", "address"],
}
FILE = csv_file([("1", "路灯不亮。", "迎春路3号")], HEADINGS)


def keep(session, street, name="某区", definition=DEFINITION, actor=OPERATOR):
    return save_profile(session, street_id=street.id, name=name, definition=definition, actor=actor, now=NOW)


def hand_in(session, street, content=FILE, **given):
    plain = {"file_name": "orders.csv", "profile": None, "dry_run": False, "actor": OPERATOR, "now": NOW}
    return request_import(session, street_id=street.id, content=content, **{**plain, **given})


def test_a_file_that_no_profile_fits_waits_until_one_is_kept_and_is_known_the_next_time(session, tiny):
    run = hand_in(session, tiny.street, may_ask=True)
    assert run.state is RunState.ASKING
    assert claim_next(session, NOW) is None
    profile = keep(session, tiny.street)
    assign_profile(session, run, profile, actor=OPERATOR, now=NOW)
    assert run_waiting() == 1
    assert (run.profile, run.created, run.error) == ("某区", 1, None)
    assert session.query(Case).one().source == "district"
    assert hand_in(session, tiny.street).profile_id == profile.key


def test_without_anybody_to_ask_it_is_refused(session, tiny):
    with pytest.raises(Unrecognised):
        hand_in(session, tiny.street)


def test_a_file_is_read_on_by_the_version_it_began_with(session, tiny):
    first = keep(session, tiny.street)
    run = hand_in(session, tiny.street)
    second = keep(session, tiny.street, definition={**DEFINITION, "channel": "web"})
    assert first.key != second.key
    assert profile_of(session, run).channel == "hotline"
    assert load_profiles(session, [tiny.street.id])[second.code].channel == "web"
    assert first.code not in load_profiles(session, [tiny.street.id])


def test_the_street_s_own_is_preferred_to_the_program_s(session, tiny):
    keep(session, tiny.street, definition=definition_of(shipped()["wide"]))
    assert hand_in(session, tiny.street, csv_file([order()])).profile == "某区"


def test_two_own_profiles_that_fit_are_a_question(session, tiny):
    names = [keep(session, tiny.street, name).code for name in ("甲表", "乙表")]
    with pytest.raises(Unrecognised) as asked:
        hand_in(session, tiny.street)
    assert sorted(asked.value.fits) == sorted(names)


def test_a_retired_one_is_not_offered_and_may_come_back(session, tiny):
    profile = keep(session, tiny.street)
    retire_profile(session, get_version(session, profile.key, OPERATOR), actor=OPERATOR, now=NOW)
    assert load_profiles(session, [tiny.street.id]).keys() == shipped().keys()
    assert list_versions(session, OPERATOR) == []
    assert keep(session, tiny.street).code in load_profiles(session, [tiny.street.id])


def test_another_street_neither_sees_nor_uses_it(session, tiny):
    profile = keep(session, tiny.street)
    other = make_street(session, code="440799002", name="乙街道")
    clerk = make_actor(session, other.street, Role.HOTLINE_CLERK)
    assert list_versions(session, clerk) == []
    assert load_profiles(session, [other.street.id]).keys() == shipped().keys()
    with pytest.raises(NotFound):
        get_version(session, profile.key, clerk)
    with pytest.raises(NotFound):
        keep(session, tiny.street, actor=clerk)


def test_only_who_may_import_keeps_one(session, tiny):
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    with pytest.raises(Forbidden):
        keep(session, tiny.street, actor=worker)


@pytest.mark.parametrize("name", ["", "  ", "7", "wide", "甲" * 41])
def test_a_name_that_cannot_be_told_from_another_is_refused(session, tiny, name):
    with pytest.raises(Invalid) as refused:
        keep(session, tiny.street, name)
    assert refused.value.fields.keys() == {"name"}


def test_a_file_that_was_tried_by_one_is_tried_again_by_another(session, tiny):
    first, second = (keep(session, tiny.street, name) for name in ("甲表", "乙表"))
    run = hand_in(session, tiny.street, profile=first.code, dry_run=True)
    assert run_waiting() == 1
    again = assign_profile(session, run, second, actor=OPERATOR, now=NOW)
    assert run_waiting() == 1
    assert (run.state, again.state, again.profile) == (RunState.DROPPED, RunState.TRIED, "乙表")
    assert (again.rows, again.created) == (1, 1)


def test_a_file_that_nobody_explains_is_kept_for_a_while_only(session, tiny):
    run = hand_in(session, tiny.street, may_ask=True)
    assert next_to_forget(session, run.kept_until - timedelta(seconds=1)) is None
    assert next_to_forget(session, run.kept_until) is run
    forget(session, run, run.kept_until)
    assert (run.state, size_kept(session, run.id)) == (RunState.CANCELLED, 0)


def test_a_run_that_has_its_profile_is_given_no_other(session, tiny):
    profile = keep(session, tiny.street)
    run = hand_in(session, tiny.street)
    with pytest.raises(Conflict):
        assign_profile(session, run, profile, actor=OPERATOR, now=NOW)


@pytest.mark.parametrize("act", ["UPDATE import_profiles SET name = 'x'", "DELETE FROM import_profiles"])
def test_no_version_is_ever_changed(session, tiny, act):
    keep(session, tiny.street)
    with pytest.raises(DBAPIError, match="import_profiles"):
        session.execute(text(act))


def test_a_file_of_the_program_s_record_of_registration_is_not_taken_by_its_look(session, tiny):
    header = tuple(words[0] for words in shipped()["demo_export"].columns.values())
    with pytest.raises(Unrecognised) as asked:
        open_export(io.BytesIO(csv_file([], header)), "year.csv")
    assert asked.value.fits == ("demo_export",)
