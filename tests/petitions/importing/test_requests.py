"""Uploaded files: who may bring one in, and what the tick does with it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.errors import Forbidden, Invalid, NotFound
from petitions.importing.listing import list_runs
from petitions.importing.outcome import Verdict
from petitions.importing.pieces import size_kept
from petitions.importing.requests import claim_next, get_import, request_import, verdicts
from petitions.models import Case, CaseEvent, ImportPiece, ImportRun
from tasks.imports import run_waiting
from tests.factories.street import make_actor, make_street
from tests.petitions.importing.files import NOW, csv_file, order


def upload(session, street_id, actor=OPERATOR, **given):
    plain = {"content": csv_file([order()]), "file_name": "orders.csv", "profile": None, "dry_run": False}
    return request_import(session, street_id=street_id, actor=actor, now=NOW, **{**plain, **given})


def test_an_upload_waits_with_its_profile_and_checksum_until_the_tick_runs_it(session, tiny):
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    run = upload(session, tiny.street.id, clerk)
    assert (run.profile, len(run.sha256), run.finished_at) == ("wide", 64, None)
    assert run_waiting() == 1
    done = get_import(session, run.id, clerk)
    assert (done.created, done.error, size_kept(session, run.id)) == (1, None, 0)
    assert done.finished_at is not None
    event = session.scalars(select(CaseEvent)).one()
    assert (event.actor_id, event.actor_name) == (clerk.id, clerk.name)
    assert run_waiting() == 0


def test_the_oldest_upload_comes_first_and_a_dry_run_leaves_only_its_verdicts(session, tiny):
    first = upload(session, tiny.street.id, dry_run=True)
    second = upload(session, tiny.street.id)
    assert run_waiting() == 2
    told = [row.verdict for run in (first, second) for row in session.execute(verdicts(run))]
    assert told == ["created", "created"]
    assert session.scalar(select(func.count(Case.id))) == 1


def test_verdicts_can_be_narrowed_to_the_refused(session, tiny):
    run = upload(session, tiny.street.id, content=csv_file([order("1"), order("")]))
    run_waiting()
    assert [row.row for row in session.execute(verdicts(run, only=Verdict.REFUSED))] == [3]


def test_a_bad_upload_is_refused_at_once(session, tiny):
    with pytest.raises(Invalid):
        upload(session, tiny.street.id, content=b"")
    assert session.scalar(select(func.count(ImportRun.id))) == 0


def test_a_run_whose_file_has_become_unreadable_ends_with_its_reason_and_blocks_nobody(session, tiny):
    broken = upload(session, tiny.street.id)
    session.execute(update(ImportPiece).values(content=b"PK\x03\x04"))
    after = upload(session, tiny.street.id)
    session.commit()
    assert run_waiting() == 2
    session.expire_all()
    assert broken.error
    assert broken.finished_at is not None
    assert (after.created, after.error) == (1, None)


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.MEDIATOR, Role.COMMUNITY_LEAD])
def test_only_some_roles_may_import(session, tiny, role):
    with pytest.raises(Forbidden):
        upload(session, tiny.street.id, make_actor(session, tiny.street, role))


def test_a_clerk_imports_for_and_sees_the_runs_of_their_own_street_only(session, tiny):
    other = make_street(session, "440799002", "乙街道")
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    theirs, ours = upload(session, other.street.id), upload(session, tiny.street.id)
    assert [each.run.id for each in list_runs(session, clerk, None, 1).items] == [ours.id]
    with pytest.raises(NotFound):
        get_import(session, theirs.id, clerk)
    with pytest.raises(NotFound):
        upload(session, other.street.id, clerk)


def test_a_file_at_which_a_worker_died_keeps_no_other_waiting(session, tiny):
    first, second = upload(session, tiny.street.id), upload(session, tiny.street.id)
    assert claim_next(session, NOW).id == first.id
    assert claim_next(session, NOW).id == second.id
    assert claim_next(session, NOW + timedelta(seconds=1)).id == first.id
