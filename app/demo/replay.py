"""The year again, through the verbs: what each matter's script asks for, when it asks for it.

Between two ticks the cues are taken in batches, each case at most once in a batch. A batch is one
transaction, which also moves the mark of how far the year has come, so a load cut off anywhere goes on.
A tick commits by itself and may run twice without harm, so its mark comes after it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.core.db import db, transaction
from app.core.settings import get_setting, put_setting
from app.demo.acts import PURE, WRITING, Cast
from app.demo.matter import Matter
from app.demo.script import Step as Cue
from petitions.history import record
from petitions.intake import Intake, PartyIntake
from petitions.models import Case
from petitions.register import register
from petitions.rules.deadlines import due_moment
from petitions.vocabulary import CaseKind, Channel, OrderType, Urgency

MARK = "demo.cues_done"
SOURCE = "office"
BATCH = 400
TICKS = (time(10), time(16))


@dataclass(frozen=True, slots=True)
class Item:
    """Something at a moment: a matter comes in (no cue), a cue of its script, or a tick (neither)."""

    at: datetime
    matter: Matter | None
    cue: Cue | None

    @property
    def key(self) -> str | None:
        """The number by which the matter is known."""
        return self.matter.intake.source_number if self.matter else None


def timeline(matters: Iterable[Matter], calendar: WorkingCalendar, year: int) -> list[Item]:
    """Everything that happens in the year, in order; what the export carries has come in already."""
    items = [Item(moment, None, None) for moment in tick_moments(calendar, year)]
    for matter in matters:
        if not matter.intake.online_and_hotline:
            items.append(Item(matter.intake.received_at, matter, None))
        items += [Item(cue.at, matter, cue) for cue in matter.script]
    return sorted(items, key=lambda item: (item.at, item.key or "", item.cue is not None))


def tick_moments(calendar: WorkingCalendar, year: int) -> Iterator[datetime]:
    """Two sweeps on every working day."""
    day = calendar.next_working_day(datetime(year, 1, 1).date())  # noqa: DTZ001  # a day, not a moment
    while day.year == year:
        yield from (datetime.combine(day, clock, SHANGHAI) for clock in TICKS)
        day = calendar.add_working_days(day, 1)


def replay(
    items: Sequence[Item],
    cast: Cast,
    street_id: int,
    *,
    tick: Callable[[datetime], None],
    progress: Callable[[int], None],
) -> None:
    """Do what has not been done yet; `progress` hears how many items are done."""
    done = int(get_setting(db.session(), MARK, 0))
    cases = _known(db.session(), street_id)
    db.session.rollback()
    for batch in batches(items[done:]):
        if batch[0].matter is None:
            tick(batch[0].at)
        with transaction():
            _play(db.session(), batch, cast, street_id, cases)
            put_setting(db.session(), MARK, done + len(batch))
        done += len(batch)
        progress(done)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut the year so that a tick stands alone and a batch ends before a matter comes again or when full."""
    batch: list[Item] = []
    touched: set[str | None] = set()
    for item in items:
        if batch and (item.key in touched or item.key is None or None in touched or len(batch) == BATCH):
            yield batch
            batch, touched = [], set()
        batch.append(item)
        touched.add(item.key)
    if batch:
        yield batch


def _play(session: Session, batch: Sequence[Item], cast: Cast, street_id: int, known: dict[str, int]) -> None:
    arrived = [item.matter for item in batch if item.matter and not item.cue]
    cues = {known[item.key]: item.cue for item in batch if item.key and item.cue}
    query = select(Case).where(Case.id.in_(cues)).order_by(Case.id).with_for_update()
    cases = session.scalars(query.execution_options(populate_existing=True)).all()
    steps = [PURE[cue.verb](case, cast, cue) for case in cases if (cue := cues[case.id]).verb in PURE]
    record(session, [step for step in steps if step])
    for case in cases:
        if write := WRITING.get(cues[case.id].verb):
            write(session, case, cast, cues[case.id])
    intakes = [intake_of(matter) for matter in arrived]
    new = register(session, intakes, street_id=street_id, actor=cast.clerk, now=batch[-1].at)
    known.update({matter.intake.source_number: one.case_id for matter, one in zip(arrived, new, strict=True)})
    session.expunge_all()


def intake_of(matter: Matter) -> Intake:
    """What the person at the counter writes down."""
    said = matter.intake
    lon, lat = said.point or (None, None)
    return Intake(
        kind=CaseKind(said.kind),
        channel=Channel(said.channel),
        title=said.title,
        body=said.body,
        received_at=said.received_at,
        registered_at=said.received_at,
        source=SOURCE,
        source_number=said.source_number,
        order_type=OrderType(said.order_type),
        category=said.category_label,
        urgency=Urgency(said.urgency),
        address=said.address.text,
        lon=lon,
        lat=lat,
        datum=said.datum,
        upstream_due_at=due_moment(said.upstream_due_on) if said.upstream_due_on else None,
        parties=(PartyIntake(name=said.person.name, phone=said.person.phone),),
    )


def _known(session: Session, street_id: int) -> dict[str, int]:
    rows = session.execute(select(Case.source_number, Case.id).where(Case.street_id == street_id))
    return {number: key for number, key in rows if number}
