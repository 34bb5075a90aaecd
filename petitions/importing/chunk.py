"""One chunk of a file: each row becomes a new case, a recorded change, nothing, or a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.calendar import WorkingCalendar
from grid.route import Route
from grid.vocabulary import Tier
from petitions import clocks
from petitions.categories.suggesting import Text, renew
from petitions.history import Step
from petitions.importing.firsts import firsts_before, held_to_firsts, note
from petitions.importing.isolation import isolated
from petitions.importing.known import Known, foreseen, load_known
from petitions.importing.layout import Layout
from petitions.importing.outcome import Outcome, Verdict, status_marks
from petitions.importing.placement import Doubts, desk_marks
from petitions.importing.reading import ReadRow
from petitions.importing.reporters import reporter_detail, write_reporters
from petitions.importing.said import matters_in, said_text, several_marks
from petitions.importing.splits import not_new, split_new
from petitions.importing.suspecting import Suspicion, Suspicions
from petitions.importing.upstream_status import contradiction
from petitions.importing.waves import Change, Taken, Wave, distinct, sort
from petitions.models.imports import Mark
from petitions.office import load_office
from petitions.register import Registered, locate, take_in
from petitions.replanning import clocks_by_urgency
from petitions.sameness.following import carry_out
from petitions.states.machine import initial
from petitions.vocabulary import CaseState, Verb


@dataclass(frozen=True, slots=True)
class Importer:
    """Where rows go, by whom and when.

    `suspicions` is the search of a dry run. `repeated` are numbers that it must remember between chunks:
    `rehearsed` is what each would say then, and `firsts` the row that says it. `splits` are rows to be split.
    """

    run_id: int
    layout: Layout
    street_id: int
    actor: Actor
    now: datetime
    suspicions: Suspicions
    repeated: frozenset[str] = frozenset()
    splits: frozenset[int] = frozenset()
    rehearsed: dict[str, Known] = field(default_factory=dict)
    firsts: dict[str, int] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Whose numbers the rows bear."""
        return self.layout.profile.source

    def take(self, session: Session, rows: Sequence[ReadRow]) -> list[Outcome]:
        """Do what the rows ask for; one verdict for each, in their order.

        The caller holds the lock of the source.
        """
        outcomes, firsts = _refusals(rows), dict[str, int]()
        for taken in distinct(rows):
            wave = self._sorted(session, taken, lock=True)
            # What stood in an earlier chunk comes before what only this one has seen.
            before = firsts | firsts_before(session, self.run_id, wave, taken)
            wave = held_to_firsts(wave, taken, before, self.layout.table)
            done = list(wave.settled)
            done += isolated(session, wave.new, self._create)
            done += isolated(session, wave.changes, self._change)
            note(firsts, taken, done)
            outcomes += done
        outcomes = [self._told(outcome) for outcome in outcomes]
        return sorted(outcomes, key=lambda outcome: outcome.row)

    def rehearse(self, session: Session, rows: Sequence[ReadRow]) -> list[Outcome]:
        """The verdicts that `take` would give, with no case written and nobody kept waiting."""
        outcomes = _refusals(rows)
        for taken in distinct(rows):
            wave = self._sorted(session, taken, lock=False)
            wave = held_to_firsts(wave, taken, self.firsts, self.layout.table)
            done = wave.settled + [change.outcome for change in wave.changes]
            done += self._foretell(session, wave.new)
            self._remember(wave, taken, done)
            outcomes += done
        return sorted(outcomes, key=lambda outcome: outcome.row)

    def _sorted(self, session: Session, taken: Mapping[str, Taken], *, lock: bool) -> Wave:
        known = load_known(session, self.source, list(taken), lock=lock)
        for number in taken.keys() & self.rehearsed.keys():
            rehearsed = self.rehearsed[number]
            known[number] = replace(known.get(number, rehearsed), facts=rehearsed.facts)
        return sort(taken, known, self.street_id)

    def _create(self, session: Session, new: Sequence[Taken]) -> list[Outcome]:
        intakes = [taken.intake for taken in new]
        cases = take_in(session, intakes, street_id=self.street_id, actor=self.actor, now=self.now)
        told = self._split(session, new, cases)
        doubts = Doubts(self.layout)
        outcomes = []
        for taken, case in zip(new, cases, strict=True):
            status = contradiction(taken.status, _state(taken, case.route))
            reason = _joined(doubts.of(case.route, taken.intake), told.get(taken.row), status)
            marks = desk_marks(case.route) + several_marks(matters_in(taken.intake)) + status_marks(status)
            outcomes.append(Outcome(taken.row, Verdict.CREATED, case.case_id, reason, marks))
        return outcomes

    def _split(
        self, session: Session, new: Sequence[Taken], cases: Sequence[Registered]
    ) -> Mapping[int, str]:
        pairs = zip(new, cases, strict=True)
        return split_new(
            session,
            {
                taken.row: (case.case_id, matters_in(taken.intake))
                for taken, case in pairs
                if taken.row in self.splits
            },
            street_id=self.street_id,
            run_id=self.run_id,
            actor=self.actor,
            now=self.now,
        )

    def _told(self, outcome: Outcome) -> Outcome:
        if outcome.row not in self.splits or outcome.verdict in (Verdict.CREATED, Verdict.REFUSED):
            return outcome
        return replace(outcome, reason=_joined(outcome.reason, not_new()))

    def _foretell(self, session: Session, new: Sequence[Taken]) -> list[Outcome]:
        routes = locate(session, [taken.intake for taken in new], street_id=self.street_id)
        doubts = Doubts(self.layout)
        suspected = self.suspicions.among(session, new, self.street_id, self.now)
        pairs = zip(new, routes, strict=True)
        again = {each.number: (each.intake, route) for each, route in pairs if each.number in self.repeated}
        self.rehearsed.update(foreseen(session, again, self.street_id, self.now))
        return [
            self._foretold(taken, route, doubts.of(route, taken.intake), suspected.get(taken.row))
            for taken, route in zip(new, routes, strict=True)
        ]

    @staticmethod
    def _foretold(taken: Taken, route: Route, doubt: str | None, suspected: Suspicion | None) -> Outcome:
        matters = matters_in(taken.intake)
        status = contradiction(taken.status, _state(taken, route))
        alike_marks = (Mark.ALIKE,) if suspected else ()
        return Outcome(
            taken.row,
            Verdict.CREATED,
            reason=_joined(doubt, suspected.reason if suspected else None, status),
            marks=desk_marks(route) + alike_marks + several_marks(matters) + status_marks(status),
            alike_id=suspected.case_id if suspected else None,
            said=said_text(taken.intake, matters),
        )

    def _change(self, session: Session, changes: Sequence[Change]) -> list[Outcome]:
        outcomes = [change.outcome for change in changes]
        calendar = load_office(session, [self.street_id]).calendar
        tiers = self._tier_clocks(session, changes)
        carry_out(session, [self._step(change, calendar, tiers) for change in changes])
        restated = [
            (change.known.case.id, change.known.reporter, change.difference.applied_to(change.known.facts))
            for change in changes
            if change.known.case and change.difference.reporter
        ]
        write_reporters(session, restated)
        self._suggest_anew(session, changes)
        return outcomes

    def _suggest_anew(self, session: Session, changes: Sequence[Change]) -> None:
        """A category that the former text suggested is no longer offered for the new one."""
        texts = [
            Text(change.known.case.id, change.known.case.title, change.known.case.body)
            for change in changes
            if change.known.case
            and change.known.case.category is None
            and change.difference.case.keys() & {"title", "body"}
        ]
        renew(session, self.street_id, texts, self.now)

    def _tier_clocks(self, session: Session, changes: Sequence[Change]) -> Mapping[int, Mapping[str, Any]]:
        """The clocks of holders whose case is more or less urgent now, by the key of the case."""
        urgencies = {
            change.known.case: change.difference.case["urgency"]
            for change in changes
            if change.known.case and "urgency" in change.difference.case
        }
        return clocks_by_urgency(session, urgencies, self.now) if urgencies else {}

    def _step(
        self, change: Change, calendar: WorkingCalendar, tiers: Mapping[int, Mapping[str, Any]]
    ) -> Step:
        case = change.known.case
        if case is None:
            raise LookupError(f"row {change.row}: only a dry run knows an order without a case")
        columns = dict(change.difference.case)
        if "due_at" in columns:
            columns |= clocks.upstream(columns["due_at"], calendar)
        columns |= tiers.get(case.id, {})
        detail = {"import": self.run_id, "row": change.row}
        detail |= reporter_detail(change.known.reporter, change.known.facts, change.difference)
        return Step(
            case=case, verb=Verb.UPDATE, actor=self.actor, at=self.now, changes=columns, detail=detail
        )

    def _remember(self, wave: Wave, taken: Mapping[str, Taken], done: Sequence[Outcome]) -> None:
        again = {number: each for number, each in taken.items() if number in self.repeated}
        note(self.firsts, again, done)
        for change in wave.changes:
            if change.number in self.repeated:
                facts = change.difference.applied_to(change.known.facts)
                self.rehearsed[change.number] = Known(facts, change.known.state)


def _state(taken: Taken, route: Route) -> CaseState:
    """The state in which a new order begins where the route leads."""
    return initial(taken.intake.kind, is_at_desk=route.holder_tier is Tier.STREET)


def _joined(*reasons: str | None) -> str | None:
    return " ".join(filter(None, reasons)) or None


def _refusals(rows: Sequence[ReadRow]) -> list[Outcome]:
    refused = (row for row in rows if row.intake is None)
    return [Outcome(row.row, Verdict.REFUSED, reason=row.refused, marks=row.marks) for row in refused]
