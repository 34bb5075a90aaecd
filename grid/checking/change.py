"""Dynamic adjustment (动态调整): grids without an owner, postings that end soon, drafts left open. Warns."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground, Held


def change_findings(ground: Ground) -> Iterator[Finding]:
    """What waits for somebody to act, on the day of `ground`; nothing where it has none."""
    if ground.day is None:
        return
    yield from _owners(ground, ground.day)
    for draft in ground.drafts:
        message = _(
            "the draft %(name)s has been open since %(since)s; publish it or drop it",
            name=draft.name,
            since=draft.since.isoformat(),
        )
        yield Finding(Check.OPEN_DRAFT, False, draft.units, message)


def _owners(ground: Ground, day: date) -> Iterator[Finding]:
    held: dict[str, list[Held]] = {}
    for posting in ground.postings:
        held.setdefault(posting.code, []).append(posting)
    horizon = day + timedelta(days=ground.standards.days_ahead)
    for code in ground.grids():
        vacant = _vacant_from(held.get(code, ()), day, horizon)
        if vacant == day:
            message = _("nobody is posted to %(code)s; post a grid worker", code=code)
            yield Finding(Check.POSTING, False, (code,), message)
        elif vacant:
            message = _(
                "nobody is posted to %(code)s from %(day)s on; post a successor",
                code=code,
                day=vacant.isoformat(),
            )
            yield Finding(Check.POSTING_ENDS, False, (code,), message)


def _vacant_from(held: Sequence[Held], day: date, horizon: date) -> date | None:
    """The first day without anybody from `day` to `horizon`, this one included; None where there is none."""
    for posting in sorted(held, key=lambda one: one.since):
        if posting.since <= day and (posting.until is None or posting.until > day):
            if posting.until is None:
                return None
            day = posting.until
    return day if day <= horizon else None
