"""The demonstration street and its year, brought in as a street would bring in its own.

Files are written and imported, people are hired, the hotline's export is imported, and the year is
replayed. Every stage can be done again, so a load that was cut off goes on where it was.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core import clock
from app.core.calendar import WorkingCalendar
from app.core.db import committed, db, transaction
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from app.core.settings import get_setting, put_setting
from app.demo import files, gatherings, people
from app.demo.acts import Cast
from app.demo.export import write_export
from app.demo.layout import lay_out
from app.demo.matter import Matter
from app.demo.replay import replay, timeline
from app.demo.scenario import plan
from app.demo.street import Street
from app.notices.inbox import mark_read
from grid.importing.apply import apply
from grid.importing.reading import read_material
from grid.models import Posting, Unit
from grid.postings import actor_on
from grid.tree import load_tree
from grid.vocabulary import Datum
from petitions.importing.export_file import open_export
from petitions.importing.requests import open_run
from petitions.importing.run import run_import
from petitions.office import load_office

YEAR = 2020
SEED = "demo.seed"
IMPORTED = "demo.imported"
DONE = "demo.done"
PROFILE = "demo_export"
WORKDAY = date(YEAR, 6, 1)
INBOX_READ_UNTIL = datetime(YEAR, 12, 28, tzinfo=clock.SHANGHAI)

# In the order in which each may rest on those before it.
MATERIAL: dict[str, Callable[[Street, Path], None]] = {
    "hierarchy.csv": files.to_hierarchy_csv,
    "boundaries.geojson": files.boundaries_geojson,
    "lanes.geojson": files.lanes_geojson,
    "places.csv": files.places_csv,
}

Say = Callable[[str, int, int], None]


def is_loaded(session: Session) -> bool:
    """Whether the whole year is there."""
    return bool(get_setting(session, DONE))


def load(directory: Path, seed: int, *, tick: Callable[[datetime], None], say: Say) -> None:
    """Bring the street in; `directory` keeps its files, `tick` sweeps at a moment, `say` hears of progress.

    Raises Conflict where the database holds something else, or the same with another seed.
    """
    _claim(seed)
    calendar = WorkingCalendar.shipped()
    street = lay_out(seed)
    matters = plan(seed, street, calendar)
    street_id = _settle_in(street, directory, seed)
    cast = _cast(db.session(), street_id)
    _import_export(matters, directory / f"hotline-{YEAR}-{seed}.xlsx", street_id, cast.clerk, say)
    items = timeline(matters, calendar, YEAR)
    total = len(items)
    replay(items, cast, street_id, tick=tick, progress=lambda done: say("replay", done, total))
    with transaction():
        rng = Random(seed)  # noqa: S311  # names, not secrets
        gatherings.hold(db.session(), cast, street_id, rng=rng, now=clock.now())
    with transaction():
        for user in db.session.scalars(select(User).where(exists().where(Posting.user_id == User.id))):
            actor = actor_on(db.session(), user, WORKDAY)
            mark_read(db.session(), actor, None, now=INBOX_READ_UNTIL)
        put_setting(db.session(), DONE, True)


def _claim(seed: int) -> None:
    with transaction():
        session = db.session()
        known = get_setting(session, SEED)
        if known not in (None, seed):
            raise Conflict(_("The demonstration is here with seed %(seed)s already.", seed=known))
        if known is None and session.scalar(select(exists().where(Unit.id > 0))):
            raise Conflict(
                _("The demonstration goes into an empty database only; choose another --data-dir.")
            )
        put_setting(session, SEED, seed)


def _settle_in(street: Street, directory: Path, seed: int) -> int:
    """Import the four files and hire the people, once; returns the street's id."""
    session = db.session()
    with transaction():
        found = session.scalar(select(Unit.id).where(Unit.code == street.code))
        if found is not None:
            return found
        for name, write in MATERIAL.items():
            write(street, directory / name)
            material = read_material(directory / name, Datum.WGS84)
            # Published before the year began, so that every matter of it finds its grid.
            published = clock.start_of(people.FIRST_DAY)
            apply(session, material, street_code=None, actor=OPERATOR, now=published)
        tree = load_tree(session)
        people.hire(session, tree, Random(seed))  # noqa: S311  # names, not secrets
        return tree.by_code[street.code].id


def _cast(session: Session, street_id: int) -> Cast:
    office = load_office(session, [street_id])
    serving = session.execute(
        select(User, Posting.unit_id, Posting.role).join(Posting, Posting.user_id == User.id)
    ).all()
    # The street's own verbs are the clerk's; in the communities and grids everyone has one post.
    posted = {(unit_id, role): actor_on(session, user, WORKDAY) for user, unit_id, role in serving}
    of_unit = {unit_id: actor for (unit_id, role), actor in posted.items() if unit_id != street_id}
    clerk = posted[street_id, Role.HOTLINE_CLERK]
    mediator = posted[street_id, Role.MEDIATOR]
    return Cast(office, {**of_unit, street_id: clerk}, clerk, mediator)


def _import_export(matters: list[Matter], path: Path, street_id: int, clerk: Actor, say: Say) -> None:
    """Write the year's export and import it as the clerk would; what is known already stays as it is."""
    session = db.session()
    if get_setting(session, IMPORTED):
        return
    if not path.exists():
        draft = path.with_suffix(".part")
        write_export([matter.intake for matter in matters], draft, WorkingCalendar.shipped())
        draft.rename(path)
    with path.open("rb") as stream:
        export = open_export(stream, path.name, PROFILE)
        with transaction():
            run = open_run(
                session, export, street_id=street_id, dry_run=False, actor=clerk, now=clock.now(), resume=True
            )
        steps = run_import(session, run, export, actor=clerk, clock=clock.now)
        for step in committed(steps):
            say("import", step.reached, step.last)
    with transaction():
        put_setting(session, IMPORTED, True)
