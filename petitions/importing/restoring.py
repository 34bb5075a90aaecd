"""Giving a case back what an import changed of it: from its events, and from the sealed differences.

The events know what stood in each column before, but of texts and people only keyed digests. The clear
values lie sealed with the rows for a while, and are taken only where they have those digests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Enum, delete
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import update_rows
from app.core.secrecy import mask_numbers
from petitions.history import DIGESTED, Step, plain
from petitions.importing.compare import REPORTER
from petitions.importing.differences import old_values
from petitions.importing.outcome import Verdict
from petitions.importing.reporters import load_reporters
from petitions.models import Case, CaseEvent, ImportRow, ImportRun, Party
from petitions.parties import COLUMNS, DETAIL, party_digest
from petitions.register import findable
from petitions.vocabulary import Verb


class NotRestorable(Exception):
    """What stood there before is no longer known of these rows."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(rows)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Brought:
    """A case of an import with its events, the rows that made or changed it in the file's order, what is
    still known of their differences, and of an order that it made the parts."""

    case: Case
    events: list[CaseEvent]
    rows: list[ImportRow]
    differences: list[str]
    parts: list["Brought"] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the import made it."""
        return any(row.verdict == Verdict.CREATED for row in self.rows)

    def own(self, run: ImportRun) -> list[CaseEvent]:
        """The events by which the import changed it."""
        return [event for event in self.events if event.detail.get("import") == run.id]

    def since(self, run: ImportRun) -> list[CaseEvent]:
        """The events after the first that is the import's."""
        first = 1 if self.is_new else min((event.seq for event in self.own(run)), default=0)
        return [event for event in self.events if event.seq > first]

    def stands(self, run: ImportRun) -> bool:
        """Whether what the import wrote last still stands; of a case that it made, that does not matter."""
        if self.is_new:
            return True
        after = {name: pair[1] for event in self.own(run) for name, pair in event.changes.items()}
        return all(plain(name, getattr(self.case, name)) == said for name, said in after.items())

    def old(self) -> dict[str, str | None]:
        """What the sealed differences say stood there before the first of them."""
        found: dict[str, str | None] = {}
        for difference in self.differences:
            for name, old in old_values(difference).items():
                found.setdefault(name, old)
        return found


@dataclass(frozen=True, slots=True)
class _Reporter:
    """The reporter's row as it is and as it was; None where there was none."""

    now: Party
    digest: str | None
    was: dict[str, Any] | None


def restore(
    session: Session, brought: Sequence[Brought], run: ImportRun, *, reason: str, actor: Actor, now: datetime
) -> list[Step]:
    """The steps by which changed cases say again what they said; their reporters are written back at once.

    Raises NotRestorable where that is not known any more.
    """
    reporters = load_reporters(session, [each.case.id for each in brought])
    steps: list[Step] = []
    people: list[_Reporter] = []
    lost: list[int] = []
    for each in brought:
        try:
            person = _reporter(each, run, reporters.get(each.case.id))
            columns = _columns(each, run)
        except NotRestorable as error:
            lost += error.rows
            continue
        people += [person] if person else []
        detail = {"undone": run.id, **(_detail(person) if person else {})}
        steps.append(
            Step(
                case=each.case,
                verb=Verb.UPDATE,
                actor=actor,
                at=now,
                changes=columns,
                reason=mask_numbers(reason),
                detail=detail,
            )
        )
    if lost:
        raise NotRestorable(lost)
    _write_back(session, people)
    return steps


def _columns(each: Brought, run: ImportRun) -> dict[str, Any]:
    before: dict[str, Any] = {}
    for event in each.own(run):
        for name, pair in event.changes.items():
            before.setdefault(name, pair[0])
    return {name: _value(each, name, said) for name, said in before.items()}


def _value(each: Brought, name: str, said: Any) -> Any:
    """A column's value of which an event keeps `said`."""
    if said is not None and name in DIGESTED:
        old = each.old().get(name)
        if old is None or plain(name, old) != said:
            raise NotRestorable([row.row for row in each.rows])
        return old
    kind = Case.__table__.c[name].type
    if said is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(said)
    if isinstance(kind, Date):
        return date.fromisoformat(said)
    return kind.enum_class(said) if isinstance(kind, Enum) and kind.enum_class else said


def _reporter(each: Brought, run: ImportRun, party: Party | None) -> _Reporter | None:
    """What is to be written back of the reporter, None where the import changed nothing of them."""
    pairs = [pair for event in each.own(run) for pair in event.detail.get(DETAIL, ())]
    if not pairs or party is None:
        return None
    before = pairs[0][0]
    if before is None:
        return _Reporter(party, None, None)
    # A digest proves the row; whether the person had been anonymous only it can tell.
    for is_anonymous in (False, True):
        was = _row(party, each.old(), is_anonymous)
        if party_digest(was) == before:
            return _Reporter(party, before, was)
    raise NotRestorable([row.row for row in each.rows])


def _row(party: Party, old: dict[str, str | None], is_anonymous: bool) -> dict[str, Any]:
    kept = {name: getattr(party, name) for name in COLUMNS}
    kept |= {name: old[name] for name in REPORTER if name in old}
    return {**kept, "phone_hash": findable(kept["phone"]), "is_anonymous": is_anonymous}


def _detail(person: _Reporter) -> dict[str, Any]:
    return {DETAIL: [[party_digest({name: getattr(person.now, name) for name in COLUMNS}), person.digest]]}


def _write_back(session: Session, people: Sequence[_Reporter]) -> None:
    update_rows(session, Party, [{"id": each.now.id, **each.was} for each in people if each.was])
    gone = [each.now.id for each in people if each.was is None]
    if gone:
        session.execute(delete(Party).where(Party.id.in_(gone)))
