"""The rule sets that ship with the program, read once from data/rule_sets.toml.

To change a limit, add a set with its own validity beside the old one: a case keeps the set of its
registration date, so an edited set would change the deadlines of cases that are already running.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from petitions.rules.rule_set import Roll, RuleSet, Step, Unit


class NoRuleSet(LookupError):
    """No rule set applies, or none has that code."""


def choose(kind: str, order_type: str | None, registered_on: date) -> RuleSet:
    """The rule set for a case registered on that day in Asia/Shanghai; the first in the file that covers it.

    Raises NoRuleSet where none does, as for a petition before 2005-05-01.
    """
    for rule_set in rule_sets().values():
        if rule_set.automatic and rule_set.covers(kind, order_type, registered_on):
            return rule_set
    raise NoRuleSet(f"no rule set covers {kind} of type {order_type} registered on {registered_on}")


def by_code(code: str) -> RuleSet:
    """The rule set a case was registered under; raises NoRuleSet for an unknown code."""
    try:
        return rule_sets()[code]
    except KeyError:
        raise NoRuleSet(f"there is no rule set {code}") from None


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """All shipped rule sets by code, in the order in which they are tried."""
    text = files("petitions.rules").joinpath("data/rule_sets.toml").read_text(encoding="utf-8")
    return {table["code"]: _rule_set(table) for table in tomllib.loads(text)["rule_set"]}


def _rule_set(table: Mapping[str, Any]) -> RuleSet:
    return RuleSet(
        code=table["code"],
        name=table["name"],
        name_zh=table["name_zh"],
        kind=table["kind"],
        order_types=frozenset(table.get("order_types", ())),
        automatic=table.get("automatic", True),
        valid_from=table["valid_from"],
        valid_to=table.get("valid_to"),
        steps={code: _step(code, step) for code, step in table["steps"].items()},
        max_hand_backs=table.get("max_hand_backs", RuleSet.max_hand_backs),
    )


def _step(code: str, table: Mapping[str, Any]) -> Step:
    return Step(
        code=code,
        amount=table["amount"],
        unit=Unit(table["unit"]),
        roll=Roll(table["roll"]),
        counted_from=table["from"],
        source=table["source"],
        is_law=table["is_law"],
    )
