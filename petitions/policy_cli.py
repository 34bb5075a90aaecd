"""`dingfen policy`: the escalation policy of a street, to read and to change."""

import json
from typing import Any

import click
from flask.cli import AppGroup

from app.auth.actor import OPERATOR
from app.auth.vocabulary import ADMIN_ROLES, Role
from app.core import clock
from app.core.clock import SHANGHAI
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.models import Unit
from petitions.cli import street_named
from petitions.office import load_office
from petitions.period import parse_moment
from petitions.policies import MAX_HOURS, TIERS, TierPolicy, limit_of
from petitions.policy_changes import Terms, change
from petitions.policy_table import CellRow, cell_rows, changes
from petitions.replanning import Forecast, count_replanned, forecast
from petitions.rules.tier_limits import AT_ONCE, TierLimit
from petitions.vocabulary import CaseKind, Urgency

group = AppGroup("policy", help="How long a tier may keep a matter before it goes up.")

_ROLES = sorted(role.value for role in Role if role not in ADMIN_ROLES)


@group.command("show")
@click.option("--street", help="Code of the street. Default: the only one there is.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output, with every change.")
def show(street: str | None, as_json: bool) -> None:
    """List every limit beside the shipped default. None of them is law.

    \b
    Example: dingfen policy show --json
    """
    unit, now = _street(street), clock.now()
    policies = load_office(db.session(), [unit.id]).policies
    rows = list(cell_rows(policies, unit.id, now))
    if not as_json:
        click.echo("\n".join(_line(row) for row in rows))
        return
    made = [each.version for each in changes(policies, unit.id)]
    replanned = count_replanned(db.session(), [version.id for version in made])
    said = {
        "street": unit.code,
        "now": now.isoformat(),
        "cells": [_cell(row) for row in rows],
        "versions": [_version(version) | {"replanned": replanned.get(version.id, 0)} for version in made],
    }
    click.echo(json.dumps(said, ensure_ascii=False))


@group.command("set")
@click.argument("kind", type=click.Choice([kind.value for kind in CaseKind]))
@click.argument("tier", type=click.Choice([tier.value for tier in TIERS]))
@click.option("--urgency", type=click.Choice([each.value for each in Urgency]), default=Urgency.NORMAL.value)
@click.option("--hours", type=int, help=f"Working hours, 0 (at once) to {MAX_HOURS}.")
@click.option("--no-limit", is_flag=True, help="Such a matter stays until somebody moves it.")
@click.option("--default", "is_default", is_flag=True, help="Follow the shipped default again.")
@click.option("--warn", type=int, default=0, help="Warn so many working hours before; 0: no warning.")
@click.option("--tell-above", is_flag=True, help="When it goes up, also tell the tiers above.")
@click.option("--tell-role", type=click.Choice(_ROLES), help="Also tell where somebody serves in this role.")
@click.option("--from", "starts", metavar="MOMENT", help="From when (ISO; Asia/Shanghai). Default: now.")
@click.option("--reason", required=True, help="Why; it is kept with the change.")
@click.option("--street", help="Code of the street. Default: the only one there is.")
@click.option("--dry-run", is_flag=True, help="Tell how many open cases are re-planned; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def set_limit(
    kind: str,
    tier: str,
    urgency: str,
    starts: str | None,
    reason: str,
    street: str | None,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Change the limit of one KIND at one TIER; open cases follow with the next sweep.

    \b
    Example: dingfen policy set hotline grid --hours 8 --warn 2 --reason "试行"
    """
    unit, now, terms = _street(street), clock.now(), _terms(**given)
    cell = (unit.id, CaseKind(kind), Urgency(urgency), next(each for each in TIERS if each == tier))
    with transaction():
        office = load_office(db.session(), [unit.id])
        version = change(
            db.session(),
            cell,
            terms,
            reason=reason,
            in_force_from=parse_moment(starts) if starts else None,
            actor=OPERATOR,
            now=now,
        )
        foretold = forecast(db.session(), office, cell, limit_of(version), now)
        said = _version(version)
        if dry_run:
            db.session.rollback()
    click.echo(_as_json(said, foretold, dry_run) if as_json else _as_text(said, foretold, dry_run))


def _street(code: str | None) -> Unit:
    return db.session.get_one(Unit, street_named(code))


def _terms(
    hours: int | None, no_limit: bool, is_default: bool, warn: int, tell_above: bool, tell_role: str | None
) -> Terms:
    if [hours is not None, no_limit, is_default].count(True) != 1:
        raise Invalid(_("Give one of --hours, --no-limit and --default."))
    if is_default:
        return Terms(is_default=True)
    role = Role(tell_role) if tell_role else None
    return Terms(limit_hours=hours, warn_before_hours=warn, tell_above=tell_above, tell_role=role)


def _limit(limit: TierLimit) -> dict[str, Any]:
    return {
        "limit_hours": limit.limit_hours,
        "warn_before_hours": limit.warn_before_hours,
        "tell_above": limit.tell_above,
        "tell_role": limit.tell_role,
    }


def _cell(row: CellRow) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "urgency": row.urgency.value,
        "tier": row.tier.value,
        **_limit(row.limit),
        "is_default": not row.limit.is_own,
        "policy": row.limit.policy_id,
        "default": _limit(row.shipped),
        "next_from": row.coming.in_force_from.isoformat() if row.coming else None,
    }


def _version(version: TierPolicy) -> dict[str, Any]:
    return {
        "policy": version.id,
        "kind": version.kind.value,
        "urgency": version.urgency.value,
        "tier": version.tier.value,
        **_limit(limit_of(version)),
        "is_default": version.is_default,
        "in_force_from": version.in_force_from.astimezone(SHANGHAI).isoformat(),
        "made_at": version.made_at.astimezone(SHANGHAI).isoformat(),
        "made_by": version.made_by_name,
        "reason": version.reason,
    }


def _line(row: CellRow) -> str:
    own = f"  (default: {_words(row.shipped)})" if row.limit.is_own else ""
    return f"{row.kind:<9}{row.urgency:<8}{row.tier:<10}{_words(row.limit)}{own}"


def _words(limit: TierLimit) -> str:
    hours = {None: "no limit", AT_ONCE: "at once"}.get(
        limit.limit_hours, f"{limit.limit_hours} working hours"
    )
    warned = [f"warned {limit.warn_before_hours} before"] if limit.warn_before_hours else []
    told = ["tiers above told"] if limit.tell_above else []
    return ", ".join([hours, *warned, *told, *([f"{limit.tell_role} told"] if limit.tell_role else [])])


def _as_json(said: dict[str, Any], foretold: Forecast, dry_run: bool) -> str:
    counts = {"dry_run": dry_run, "open_cases": foretold.cases, "going_up": foretold.going_up}
    return json.dumps(said | counts, ensure_ascii=False)


def _as_text(said: dict[str, Any], foretold: Forecast, dry_run: bool) -> str:
    verb = "would be" if dry_run else "are"
    return (
        f"{said['kind']} {said['urgency']} {said['tier']} from {said['in_force_from']}: {foretold.cases} open"
        f" cases {verb} re-planned by the next sweep, {foretold.going_up} of them go up"
    )
