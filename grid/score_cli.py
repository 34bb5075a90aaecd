"""`dingfen grid score`: how well the addresses of a file find their way, against answers that are known."""

from pathlib import Path
from typing import Any

import click

from app.core.db import db
from grid.cli_answers import AS_JSON, STREET, print_json
from grid.importing.apply import find_street
from grid.locating.certainty import SURE
from grid.locating.locate import Locator, Where
from grid.locating.score import Miss, Score, read_labelled, score
from grid.tree import load_tree

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("score")
@click.argument("file", type=_FILE)
@STREET
@AS_JSON
def score_(file: Path, street: str | None, as_json: bool) -> None:
    """Route the addresses of a CSV file and compare with the answers beside them; changes nothing.

    \b
    address   as people write it
    answer    code of its grid, or of its community where it says no more, or - where it says too little
    way       how it is written (may be left out)

    \b
    Example: dingfen grid score addresses.csv
    """
    labelled = read_labelled(file)
    session = db.session()
    unit = find_street(session, street)
    routes = Locator.load(session, unit.id).locate_many([Where(one.address) for one in labelled])
    codes = {node.id: node.code for node in load_tree(session, [unit.id]).nodes.values()}
    found = score(labelled, routes, codes)
    if as_json:
        print_json(_object(file, found))
    else:
        click.echo("\n".join(_lines(file, found)))


def _object(file: Path, found: Score) -> dict[str, Any]:
    listed = {"wrong": found.wrong, "placed": found.placed, "missed": found.missed}
    return {
        "file": file.name,
        "addresses": found.enough + found.short,
        "enough": found.enough,
        "right": found.right,
        "share": None if found.share is None else round(found.share, 4),
        "right_and_certain": found.sure,
        "too_little": found.short,
        "certain_from": SURE,
        **{name: [_miss(miss) for miss in misses] for name, misses in listed.items()},
    }


def _miss(miss: Miss) -> dict[str, Any]:
    return {
        "row": miss.labelled.row,
        "address": miss.labelled.address,
        "answer": miss.labelled.answer,
        "found": miss.found,
        "certainty": round(miss.certainty, 3),
        "reason": miss.reason,
    }


def _lines(file: Path, found: Score) -> list[str]:
    share = "-" if found.share is None else f"{found.share:.2%}"
    lines = [
        f"{file.name}: {found.enough + found.short} addresses; certain from {SURE:g} on",
        f"{found.enough:>6} say enough; {found.right} reach their grid ({share}), {found.sure} as certain",
        f"{len(found.wrong):>6} of them reach a wrong grid as certain",
        f"{found.short:>6} say too little; {len(found.placed)} of them are placed in a grid as certain",
    ]
    for kind, misses in (("wrong", found.wrong), ("placed", found.placed), ("missed", found.missed)):
        lines += [
            f"{kind:<7} row {miss.labelled.row}: {miss.labelled.address!r} is {miss.labelled.answer}, "
            f"found {miss.found} ({miss.certainty:.2f}, {miss.reason})"
            for miss in misses
        ]
    return lines
