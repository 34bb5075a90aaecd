"""The demonstration year: every matter of 2020, where it lies, and what becomes of it when."""

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.demo import script, texts
from app.demo.arrivals import arrivals
from app.demo.intakes import IntakeWriter
from app.demo.matter import Fate, Intake, Matter
from app.demo.street import Street
from app.demo.vocabulary import words
from petitions.rules.tier_limits import TierLimits

CUTOFF = datetime(2021, 1, 1, tzinfo=SHANGHAI)
"""Matters not settled before this moment are the open ones of the year."""

SHORTEST = 20
"""Working minutes a settlement takes at least."""

LAST_CHANCE = 60
"""With fewer working minutes left in the year a matter stays open."""

EXCLUDED_BEFORE = timedelta(days=12)
"""Void and diverted matters come in at least this long before the end, so that each has had its verdict."""

Draft = tuple[Intake, texts.Kind, bool]


def plan(seed: int, street: Street, calendar: WorkingCalendar) -> list[Matter]:
    """The matters in the order of their receipt; the same seed gives the same list.

    For every seed: 7,752 counted matters, of them 7,598 online and hotline, 7,376 settled before the cut-off
    and 376 open at it, and beside them 40 void and 60 diverted ones.
    """
    rng = Random(seed)  # noqa: S311 - a story that must be repeatable, not a secret
    counts = words("scenario")["counts"]
    moments = arrivals(sum(map(sum, counts.values())), calendar, rng)
    groups, fates = _deal(moments, rng)
    writer = IntakeWriter(street, calendar, rng)
    drafts = [_draft(writer, *come, rng) for come in zip(moments, groups, strict=True)]
    left = [calendar.working_minutes_between(moment, CUTOFF) for moment in moments]
    for index in _still_open(drafts, left, fates, rng):
        fates[index] = Fate.PENDING
    return [
        _matter(draft, fate, minutes, calendar, rng)
        for draft, fate, minutes in zip(drafts, fates, left, strict=True)
    ]


def _deal(moments: list[datetime], rng: Random) -> tuple[list[bool], list[Fate]]:
    """Which matters are online and hotline, and which are void or diverted; the rest is settled for now."""
    counts = words("scenario")["counts"]
    early = [index for index, moment in enumerate(moments) if moment < CUTOFF - EXCLUDED_BEFORE]
    excluded = rng.sample(early, sum(counts["void"]) + sum(counts["diverted"]))
    groups, fates = [True] * len(moments), [Fate.SETTLED] * len(moments)
    for fate in (Fate.VOID, Fate.DIVERTED):
        for online, count in zip((True, False), counts[fate.value], strict=True):
            for index in (excluded.pop() for _ in range(count)):
                groups[index], fates[index] = online, fate
    counted = [index for index, fate in enumerate(fates) if fate is Fate.SETTLED]
    for index in rng.sample(counted, counts["counted"][1]):
        groups[index] = False
    return groups, fates


def _draft(writer: IntakeWriter, moment: datetime, online_and_hotline: bool, rng: Random) -> Draft:
    intake, kind = writer.write(moment, online_and_hotline)
    share = kind.get("mediate", {}).get("share", 0.0)
    # A proposal or a question has nobody on the other side to agree with.
    mediated = intake.order_type in ("complaint", "help") and rng.random() < share
    return intake, kind, mediated


def _still_open(drafts: list[Draft], left: list[int], fates: list[Fate], rng: Random) -> list[int]:
    """The matters that stay open: those that came too late, then by lot the young and the hard ones."""
    text = words("scenario")
    pending = text["pending"]
    per_day = script.WORKING_MINUTES_PER_DAY
    lots: list[tuple[float, int]] = []
    for index, (_, _, mediated) in enumerate(drafts):
        if fates[index] is not Fate.SETTLED:
            continue
        weight = pending["old_mediated" if mediated else "old"]
        weight += 0.5 ** (left[index] / per_day / pending["half_life"]) * (
            pending["mediated_factor"] if mediated else 1
        )
        lots.append((1.0 if left[index] < LAST_CHANCE else rng.random() ** (1 / weight), index))
    count = sum(text["counts"]["counted"]) - text["settled"]
    return [index for _, index in sorted(lots, reverse=True)[:count]]


def _matter(draft: Draft, fate: Fate, left: int, calendar: WorkingCalendar, rng: Random) -> Matter:
    intake, kind, mediated = draft
    grid, community = _limits(intake.kind, intake.urgency)
    if fate is Fate.VOID or fate is Fate.DIVERTED:
        drafted = script.draft_void(rng) if fate is Fate.VOID else script.draft_divert(kind, rng)
        steps = script.lawful(drafted, intake.kind)
        minutes = max(SHORTEST, round(grid * rng.uniform(0.1, 0.9)))
        timed = script.time_out(steps, intake.received_at, minutes, left, calendar)
        return Matter(intake, fate, fate.value, False, timed)
    drafted, ending = script.draft_settling(kind, mediated, rng)
    steps = script.lawful(drafted, intake.kind)
    if fate is Fate.PENDING:
        minutes = max(left + 1, round(left * rng.uniform(1.1, 2.2)))
        timed = script.time_out(steps[:-1], intake.received_at, minutes, left, calendar)
        return Matter(intake, fate, None, mediated, timed)
    minutes = _duration(grid, community, mediated, rng)
    if minutes >= left:
        minutes = max(SHORTEST, round((left - LAST_CHANCE // 2) * rng.uniform(0.5, 1.0)))
    timed = script.time_out(steps, intake.received_at, minutes, left, calendar)
    return Matter(intake, fate, ending, mediated, timed)


def _duration(grid: int, community: int, mediated: bool, rng: Random) -> int:
    """Working minutes to the settlement: mostly within the grid's limit, now and then beyond."""
    over_grid, over_community = words("scenario")["overrun"]["mediated" if mediated else "plain"]
    lot = rng.random()
    if lot < over_community:
        return round(grid + community * rng.uniform(1.05, 2.2))
    if lot < over_grid + over_community:
        return round(grid * 1.03 + community * rng.uniform(0.0, 0.9))
    return max(SHORTEST, round(grid * rng.uniform(0.35 if mediated else 0.04, 0.97)))


@lru_cache
def _limits(kind: str, urgency: str) -> tuple[int, int]:
    """Working minutes that the grid and then the community may keep a matter."""
    limits = [TierLimits.shipped().get(kind, urgency, tier) for tier in ("grid", "community")]
    # What goes up at once is seen to in the time that a unit would have to which it was handed down.
    grid, community = (60 * (limit.handed_down().limit_hours or 0) for limit in limits)
    return grid, community
