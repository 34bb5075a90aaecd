"""The tables of states as a page of Markdown, made from the code so that the two cannot differ."""

from collections.abc import Iterator

from petitions.states.anywhere import ENDED
from petitions.states.edge import Edge
from petitions.states.machine import TABLES, Machine

_HEAD = """# The states of a case

Made by `dingfen petitions states`; a test holds that this page is what the code says. Each line is one lawful
step: the verb, who may take it (the permission is held at the unit that has the case or above it), what it
asks for, what may be said besides, and the article it rests on. What no text sets is called a local default.
Ended states are marked with *. H.3, B.2 and the like are places of the domain reference.
"""
_TITLES = {
    Machine.PETITION_2005: "Petition registered before 2022-05-01 (信访条例 2005)",
    Machine.PETITION_2022: "Petition registered from 2022-05-01 on (信访工作条例 2022)",
    Machine.HOTLINE: "Hotline order",
    Machine.DISPUTE: "Dispute",
}


def markdown() -> str:
    """All tables, one section to a kind; steps possible in several states stand in one line."""
    return "\n".join([_HEAD, *(line for machine in Machine for line in _section(machine))])


def _section(machine: Machine) -> Iterator[str]:
    yield f"## {_TITLES[machine]}\n"
    yield "| from | verb | to | who | asks for | may say | source |"
    yield "|---|---|---|---|---|---|---|"
    for edges in _alike(machine):
        first = edges[0]
        before = ", ".join(_state(edge) for edge in edges)
        stays = all(edge.after is edge.before for edge in edges)
        after = "as it is" if stays else _marked(first.after, first.after in ENDED)
        who = first.by.value if first.by else "the service"
        asks, may = ", ".join(first.needs) or "—", ", ".join(first.may_say) or "—"
        yield f"| {before} | {first.verb} | {after} | {who} | {asks} | {may} | {first.source} |"
    yield ""


def _alike(machine: Machine) -> list[list[Edge]]:
    """The edges of a table, those together that differ in nothing but where they begin."""
    groups: dict[object, list[Edge]] = {}
    for edge in TABLES[machine].values():
        after = None if edge.after is edge.before else edge.after
        key = edge.verb, after, edge.by, edge.needs, edge.may_say, edge.source
        groups.setdefault(key, []).append(edge)
    return list(groups.values())


def _state(edge: Edge) -> str:
    return _marked(edge.before, edge.before in ENDED)


def _marked(state: str, is_ended: bool) -> str:
    return f"{state}*" if is_ended else str(state)
