"""What is to be done for a chunk of rows, in waves of which none holds a number twice; nothing is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from petitions.importing import outcome
from petitions.importing.compare import Difference, compare, facts_of
from petitions.importing.fault import other_street
from petitions.importing.known import Known
from petitions.importing.outcome import Outcome, Verdict
from petitions.importing.reading import ReadRow
from petitions.importing.said import said_text
from petitions.importing.upstream_status import UpstreamStatus, contradiction
from petitions.intake import Intake
from petitions.states.anywhere import ENDED


@dataclass(frozen=True, slots=True)
class Taken:
    """A readable row."""

    row: int
    number: str
    intake: Intake
    unsaid: frozenset[str]
    status: UpstreamStatus | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something new of a known order; `status` is what the platform says otherwise."""

    row: int
    number: str
    known: Known
    difference: Difference
    status: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The verdict once the change is made."""
        case = self.known.case
        case_id = case.id if case else None
        return outcome.changed(self.row, case_id, self.difference, self.known.facts, self.status)


@dataclass(frozen=True, slots=True)
class Wave:
    """Rows to be registered, changes to be recorded, and verdicts that ask for nothing."""

    new: list[Taken] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    settled: list[Outcome] = field(default_factory=list)


def distinct(rows: Iterable[ReadRow]) -> Iterator[dict[str, Taken]]:
    """The readable rows by number; one whose number has come before waits for a later wave."""
    waiting = [
        Taken(row.row, str(row.number), row.intake, row.unsaid, row.status) for row in rows if row.intake
    ]
    while waiting:
        wave: dict[str, Taken] = {}
        later = [taken for taken in waiting if wave.setdefault(taken.number, taken) is not taken]
        yield wave
        waiting = later


def sort(rows: Mapping[str, Taken], known: Mapping[str, Known], street_id: int) -> Wave:
    """Hold each row against what is known of its number in the street; other streets' orders are not told."""
    wave = Wave()
    for number, taken in rows.items():
        kept = known.get(number)
        if kept is None:
            wave.new.append(taken)
        elif kept.case and kept.case.street_id != street_id:
            wave.settled.append(Outcome(taken.row, Verdict.REFUSED, reason=str(other_street())))
        else:
            _sort_known(wave, taken, kept)
    return wave


def _sort_known(wave: Wave, taken: Taken, kept: Known) -> None:
    given = facts_of(taken.intake, taken.unsaid)
    difference = compare(kept.facts, given, is_ended=kept.state in ENDED)
    status = contradiction(taken.status, kept.state)
    if difference.names:
        wave.changes.append(Change(taken.row, taken.number, kept, difference, status))
    else:
        case_id, said = (kept.case.id, None) if kept.case else (None, said_text(taken.intake, ()))
        wave.settled.append(outcome.unchanged(taken.row, case_id, difference, status, said))
