"""Cases in the columns of the file that they came in, with what became of them: to be sent back upstream."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import chunks
from app.core.clock import SHANGHAI
from app.core.secrecy import mask_name, mask_numbers, mask_phone
from petitions.clocks import UPSTREAM
from petitions.importing.profile import Profile
from petitions.importing.reporters import load_reporters
from petitions.labels import label
from petitions.models import Case, CaseEvent, Party
from petitions.office import Office
from petitions.queries import may_read_names
from petitions.rules.deadlines import is_whole_day
from petitions.states.anywhere import ENDED
from petitions.vocabulary import UpstreamState, Verb

CHUNK = 500

ANSWERS = (
    *(Verb.SUBMIT, Verb.REPLY, Verb.SETTLE, Verb.ANSWER_DIRECTLY, Verb.RECORD_REVIEW, Verb.RECORD_RE_REVIEW),
    *(Verb.DECLINE, Verb.DIVERT, Verb.FORWARD, Verb.WITHDRAW, Verb.CLOSE_OFF),
)
"""The acts whose words are what the upstream is told; the last of them counts."""

# The files are Chinese, whoever takes them out.
_LANGUAGE = "zh"
_SECOND = timedelta(seconds=1)

UNREAD = ""
"""The role of a column of the file that means nothing here."""

DAY_ENDS = (time(0), time(23, 59, 59))
"""Times that a day alone says as well."""


@dataclass(frozen=True, slots=True)
class _Returned:
    """One case with what its row is made of."""

    case: Case
    reporter: Party | None
    reply: str
    is_clear: bool
    profile: Profile
    office: Office

    def coded(self, role: str, code: str | None) -> str:
        return self.profile.word(role, code) if code else ""

    def written(self, role: str, at: datetime | None) -> str:
        """In the form of the column; that of the layout where a form without an hour would lose it."""
        form = self.profile.written_dates.get(role, self.profile.written_date)
        local = at.astimezone(SHANGHAI) if at else None
        is_lost = "%H" not in form and local and local.time() not in DAY_ENDS
        return local.strftime(self.profile.written_date if is_lost else form) if local else ""

    def answered(self, at: datetime | None) -> str:
        """A moment that the file itself does not have, written like that of receipt."""
        form = self.profile.written_dates.get("received_at", self.profile.written_date)
        return at.astimezone(SHANGHAI).strftime(form) if at else ""

    def text(self, text: str | None) -> str:
        return (text if self.is_clear else mask_numbers(text)) if text else ""

    def person(self, text: str | None, mask: Callable[[str], str]) -> str:
        return (text if self.is_clear else mask(text)) if text else ""

    def unit(self, unit_id: int | None) -> str:
        return self.office.tree[unit_id].name if unit_id in self.office.tree.nodes and unit_id else ""


def _due_on(row: _Returned) -> str:
    due = row.case.due_at if row.case.due_rule == UPSTREAM else None
    if due is None:
        return ""
    # One that ends with its day is written as the last second of it: 00:00 would be a day too early.
    return row.written("due_on", due - _SECOND if is_whole_day(due) else due)


def _status(row: _Returned) -> str:
    """Whether it has ended in the upstream's word; in ours where it has several words for it, or none."""
    said = UpstreamState.ENDED if row.case.state in ENDED else UpstreamState.OPEN
    return row.profile.status_word(said) or str(label(row.case.state))


def _anonymous(row: _Returned) -> str:
    return row.coded("anonymous", "yes" if row.reporter and row.reporter.is_anonymous else "no")


_CELLS: Mapping[str, Callable[[_Returned], str]] = {
    "number": lambda row: row.case.source_number or "",
    "received_at": lambda row: row.written("received_at", row.case.received_at),
    "due_on": _due_on,
    "channel": lambda row: row.coded("channel", row.case.channel),
    "kind": lambda row: row.coded("kind", row.case.kind),
    "order_type": lambda row: row.coded("order_type", row.case.order_type),
    "urgency": lambda row: row.coded("urgency", row.case.urgency),
    "category": lambda row: row.case.category or "",
    "title": lambda row: row.text(row.case.title),
    "body": lambda row: row.text(row.case.body),
    "address": lambda row: row.case.address or "",
    "community": lambda row: row.unit(row.case.community_id),
    "lon": lambda row: "" if row.case.given_lon is None else str(row.case.given_lon),
    "lat": lambda row: "" if row.case.given_lat is None else str(row.case.given_lat),
    "datum": lambda row: row.coded("datum", row.case.given_datum),
    "name": lambda row: row.person(row.reporter.name if row.reporter else None, mask_name),
    "phone": lambda row: row.person(row.reporter.phone if row.reporter else None, mask_phone),
    "anonymous": _anonymous,
    "persons": lambda row: str(row.case.persons_present or ""),
    "status": _status,
    "holder": lambda row: row.unit(row.case.holder_id),
    "state": lambda row: str(label(row.case.state)),
    "reply": lambda row: row.text(row.reply),
    "answered_at": lambda row: row.answered(row.case.answered_at),
    "ending": lambda row: str(label(row.case.ending)) if row.case.ending else "",
    "ended_at": lambda row: row.answered(row.case.ended_at),
    UNREAD: lambda _row: "",
}


def returned_columns(profile: Profile) -> list[tuple[str, str]]:
    """The headings of the file with the role below each, in its order; what is answered beyond these is last.

    A column that the import does not read is `UNREAD`: what stood in it was not kept, so it is blank. Our
    state has a column where the file has none for its own.
    """
    answers = [each for each in profile.returned if each[0] != "state" or "status" not in profile.columns]
    roles = {heading: role for role, heading in answers}
    many = len(profile.headings) or 1
    roles |= {heading: role for role, choices in profile.columns.items() for heading in choices[:many]}
    own = profile.headings or tuple(dict.fromkeys(choices[0] for choices in profile.columns.values()))
    columns: list[tuple[str, str]] = []
    for heading in (*own, *(heading for _role, heading in answers if heading not in own)):
        role = roles.get(heading, UNREAD)
        # Where a role stands in several columns, the first has all of it.
        columns.append((heading, UNREAD if role in {known for _heading, known in columns} else role))
    return columns


def returned_rows(
    session: Session, cases: Iterable[Case], profile: Profile, office: Office, actor: Actor
) -> Iterator[list[str]]:
    """One row for each case, its cells in the words and forms of the profile, so that it can be read again.

    People and the numbers inside texts are masked for who may not read them.
    """
    roles = [role for _heading, role in returned_columns(profile)]
    for chunk in chunks(cases, CHUNK):
        reporters = load_reporters(session, [case.id for case in chunk])
        replies = _replies(session, chunk)
        with force_locale(_LANGUAGE):
            for case in chunk:
                is_clear = may_read_names(case, actor)
                reply = replies.get(case.id, "")
                row = _Returned(case, reporters.get(case.id), reply, is_clear, profile, office)
                yield [_CELLS[role](row) for role in roles]


def _replies(session: Session, cases: Sequence[Case]) -> dict[int, str]:
    """What was answered last, of those whose answer stands: one that was sent back is none."""
    answered = [case.id for case in cases if case.answered_at or case.ended_at]
    query = (
        select(CaseEvent.case_id, CaseEvent.reason)
        .where(CaseEvent.case_id.in_(answered), CaseEvent.verb.in_(ANSWERS), CaseEvent.reason.is_not(None))
        .order_by(CaseEvent.seq)
    )
    return {row.case_id: row.reason for row in session.execute(query)} if answered else {}
