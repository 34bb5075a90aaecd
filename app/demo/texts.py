"""Titles and bodies of orders, composed from the shipped phrases so that a day's orders read varied."""

import re
from random import Random
from typing import Any

from app.demo.addresses import Address
from app.demo.vocabulary import words

_SLOT = re.compile(r"\{(\w+)\}")

Kind = dict[str, Any]


def kinds() -> list[Kind]:
    """The kinds of matter with their shares, order types, endings and sentences."""
    return list(words("matters")["matter"])


def fill(pattern: str, rng: Random, **known: str) -> str:
    """The pattern with each slot replaced by its known value or else by a drawn word."""
    slots = words("phrases")["slots"]

    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        return known[name] if name in known else str(rng.choice(slots[name]))

    return _SLOT.sub(replacement, pattern)


def phrase(section: str, name: str, rng: Random) -> str:
    """One filled sentence of a list in the shared phrases, such as a reply or an agreement."""
    return fill(rng.choice(words("phrases")[section][name]), rng)


def write_title(kind: Kind, order_type: str, address: Address, rng: Random) -> str:
    """One line that says what and where."""
    frame = words("phrases")["frame"]
    pattern = frame["titles"][order_type]
    if order_type == "inquiry" and kind["code"] != "inquiry":
        pattern = frame["inquiry_title"]
    title = fill(rng.choice(kind["titles"]), rng, spot=address.spot)
    return fill(pattern, rng, title=title, label=kind["label"], spot=address.spot)


def write_body(kind: Kind, order_type: str, address: Address, rng: Random) -> str:
    """A text as a hotline clerk takes it down: when, where, what, what it does, what is asked for."""
    phrases = words("phrases")
    situation = rng.choice(kind["situations"])
    # A situation that says for how many months does not go with a phrase for the hour of the day.
    when = rng.choice(phrases["when"]["since" if "{months}" in situation else kind["when"]])
    pattern = rng.choice(phrases["frame"][_frame(order_type, when)])
    history = phrases["history"]
    parts = {
        "opening": rng.choice(phrases["opening"][order_type]),
        "when": when,
        "situation": situation,
        "effect": rng.choice(kind["effects"]),
        "history": rng.choice(history["any"]) if rng.random() < history["share"] else "",
        "demand": rng.choice(kind["demands"]),
        "advice": rng.choice(kind.get("advice", kind["demands"])),
        "question": rng.choice(kind.get("questions", kind["demands"])),
        "closing": rng.choice(phrases["closing"]["note" if "\n" in pattern else "any"]),
    }
    text = _SLOT.sub(lambda match: parts.get(match.group(1), match.group(0)), pattern)
    return fill(text, rng, place=address.place, address=address.text)


def _frame(order_type: str, when: str) -> str:
    if order_type in ("inquiry", "suggestion"):
        return order_type
    return "once" if when.startswith(tuple(words("phrases")["when"]["once"])) else "lines"
