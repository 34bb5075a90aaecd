"""Small phrases of the pages of a case that are more than one label."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.i18n import now_text as _
from app.core.i18n import plural
from grid.tree import Tree
from petitions.cohort import UNPLACED, Cohort, Outcome
from petitions.labels import VERB, label
from petitions.lights import Light
from petitions.models import Case
from petitions.rules.rule_set import Step, Unit
from petitions.vocabulary import Verb

_ICON = {
    Verb.ACCEPT: "check",
    Verb.NOTIFY_ROUTE: "check",
    Verb.RULE: "scale",
    Verb.SETTLE: "circle-check",
    Verb.REPLY: "note",
    Verb.SUBMIT: "circle-check",
    Verb.CALL_BACK: "phone",
    Verb.SEND_BACK: "arrow-back-up",
    Verb.REDO: "arrow-back-up",
    Verb.REFUSE_OBJECTION: "ban",
    Verb.REFUSE_EXTENSION: "ban",
    Verb.REQUEST_REVIEW: "scale",
    Verb.REQUEST_RE_REVIEW: "scale",
    Verb.RECORD_REVIEW: "scale",
    Verb.RECORD_RE_REVIEW: "scale",
    Verb.HAND_DOWN: "arrow-down",
    Verb.HAND_UP: "arrow-up",
    Verb.HAND_BACK: "arrow-back-up",
    Verb.ASK_HELP: "users",
    Verb.GIVE_HELP: "users",
    Verb.NOTE: "note",
    Verb.CATEGORISE: "list-check",
    Verb.ASK_INFO: "note",
    Verb.GIVE_INFO: "note",
    Verb.ANSWER_SUPERVISION: "note",
    Verb.REQUEST_EXTENSION: "clock",
    Verb.ADD_HEARING_DAYS: "clock",
    Verb.SUSPEND: "clock",
    Verb.OBJECT: "ban",
    Verb.FORWARD: "route",
    Verb.ASSIGN_WITH_REPORT: "route",
    Verb.DIVERT: "route",
    Verb.DECLINE: "ban",
    Verb.WITHDRAW: "arrow-back-up",
    Verb.REMIND: "inbox",
    Verb.SUPERVISE: "scale",
    Verb.SET_URGENCY: "arrow-up",
    Verb.TAKE_CHARGE: "user",
    Verb.REVOKE: "refresh",
    Verb.REOPEN: "refresh",
    Verb.RECALL: "refresh",
    Verb.VOID: "ban",
    Verb.MERGE: "route",
    Verb.SPLIT: "list-details",
}


@dataclass(frozen=True, slots=True)
class HelpingUnit:
    """A unit that was asked to help: until when, and when it answered."""

    name: str
    due_at: datetime
    answered_at: datetime | None


def read_assists(case: Case, tree: Tree) -> list[HelpingUnit]:
    """The helping units of a case as its page shows them."""
    return [
        HelpingUnit(
            tree[assist["unit"]].name,
            datetime.fromisoformat(assist["due_at"]),
            datetime.fromisoformat(assist["answered_at"]) if assist["answered_at"] else None,
        )
        for assist in case.assists
    ]


def verb_icon(verb: Verb) -> str:
    """The symbol before an action."""
    return _ICON.get(verb, "check")


def verb_name(code: str) -> Any:
    """The label of a verb by its code; the code itself where it is none."""
    return VERB[Verb(code)] if code in VERB else code


def light_word(light: Light) -> Any:
    """What a light says in a table without colours."""
    return {
        Light.GREEN: _("green"),
        Light.YELLOW: _("yellow"),
        Light.RED: _("red"),
        Light.GREY: _("none"),
    }[light]


def amount_words(step: Step) -> str:
    """15 calendar days, 5 working days, 13 working hours."""
    words = {
        Unit.CALENDAR_DAY: plural("%(num)s calendar day", "%(num)s calendar days", step.amount),
        Unit.WORKING_DAY: plural("%(num)s working day", "%(num)s working days", step.amount),
        Unit.WORKING_HOUR: plural("%(num)s working hour", "%(num)s working hours", step.amount),
    }
    return words[step.unit]


def after_words(rule: str) -> str:
    """What the limit after a reply is for, by its rule."""
    return {
        "review_request": _("to ask for a review"),
        "review": _("for the review"),
        "re_review_request": _("to ask for a re-review"),
        "re_review": _("for the re-review"),
    }[rule.rpartition(".")[2]]


def source_words(step: Step) -> str:
    """The source of a limit without the address of the page, which nobody can open from a closed network."""
    return step.source.partition("http")[0].rstrip(" ,，")


def place_name(tree: Tree, community_id: int | None, grid_id: int | None) -> str:
    """Community and grid by name, the community once where the grid's name begins with it."""
    names = [tree[key].name for key in (community_id, grid_id) if key in tree.nodes]
    if len(names) == 2 and names[1].startswith(names[0]):
        names = names[1:]
    return " · ".join(names)


def profile_name(code: str) -> str:
    """What a layout of files is called; the code of one that a street has added."""
    names = {
        "app": _("Hotline, list of the mobile application"),
        "demo_export": _("Hotline, export of the demonstration"),
        "month": _("Hotline, plain list of a month"),
        "petition_export": _("List of a petition information system"),
        "petition_ledger": _("Ledger of visits of a petition office"),
        "web_table": _("Hotline, table of the web application"),
        "fuzhou_river": _("River complaints of Fuzhou"),
        "town_form": _("Order form of a town, one to a sheet"),
        "town_ledger": _("Ledger of a town"),
        "wide": _("Hotline, wide table"),
    }
    return names.get(code, code)


def outcome_words(outcome: Outcome) -> str:
    """What an outcome of the figures is called."""
    return {
        Outcome.RECEIVED: _("received"),
        Outcome.SETTLED: _("settled"),
        Outcome.PENDING: _("pending"),
        Outcome.EXCLUDED: _("outside the rate"),
    }[outcome]


def cohort_words(cohort: Cohort) -> list[tuple[str, Any]]:
    """What narrows the rows behind a figure, as name and value."""
    found: list[tuple[str, Any]] = []
    if cohort.outcome:
        shown = (
            outcome_words(cohort.outcome) if isinstance(cohort.outcome, Outcome) else label(cohort.outcome)
        )
        found.append((_("Outcome"), shown))
    found += [(_("Kind"), label(cohort.kind))] if cohort.kind else []
    found += [(_("Channel"), label(cohort.channel))] if cohort.channel else []
    found += [(_("Month"), cohort.month)] if cohort.month else []
    found += [(_("Raised again"), _("repeats only"))] if cohort.repeat else []
    for name, code in ((_("Community"), cohort.community), (_("Grid"), cohort.grid)):
        if code:
            found.append((name, _("place not known yet") if code == UNPLACED else code))
    return found
