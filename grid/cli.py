"""`dingfen grid`: which grid a point or an address lies in; the other commands stand beside it."""

from collections.abc import Callable
from typing import Any, cast

import click
from flask.cli import AppGroup, with_appcontext

from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.check_cli import check, repair
from grid.cli_answers import AS_JSON, STREET, print_json
from grid.exchange_cli import export, import_
from grid.importing.apply import find_street
from grid.locating.address import Reading
from grid.locating.locate import Locator
from grid.route import Route
from grid.score_cli import score_
from grid.tree import load_tree
from grid.vocabulary import Datum, RouteMethod, Tier

group = AppGroup("grid", help="The street, its communities and grids: import, locate, score, check.")
for command in (import_, export, check, repair, score_):
    # A group of Flask's opens the application for its own commands only.
    command.callback = with_appcontext(cast(Callable[..., Any], command.callback))
    group.add_command(command)

_DATUMS = click.Choice([datum.value for datum in Datum])


@group.command("locate")
@click.option("--lon", type=float, help="Longitude in degrees.")
@click.option("--lat", type=float, help="Latitude in degrees.")
@click.option("--datum", type=_DATUMS, default=Datum.WGS84.value, help="Of the point. Default: wgs84.")
@click.option("--address", help="An address as people write it.")
@STREET
@AS_JSON
def locate(
    lon: float | None,
    lat: float | None,
    datum: str,
    address: str | None,
    street: str | None,
    as_json: bool,
) -> None:
    """Say which grid a point or an address lies in, how that was found, and how sure it is.

    \b
    Example: dingfen grid locate --lon 113.0721 --lat 22.6034 --datum gcj02 --json
    """
    if (lon is None) != (lat is None):
        raise Invalid(_("A point needs both --lon and --lat."))
    if lon is None and not address:
        raise Invalid(_("Give a point with --lon and --lat, or an --address."))
    session = db.session()
    unit = find_street(session, street)
    locator = Locator.load(session, unit.id)
    route = locator.locate(address=address, lon=lon, lat=lat, datum=datum)
    codes = {node.id: node.code for node in load_tree(session, [unit.id]).nodes.values()}
    answer = _route(route, codes) | {"alike": _alike(locator.read(address or ""))}
    if as_json:
        print_json(answer)
    else:
        click.echo("\n".join(f"{key:<11}{_cell(value)}" for key, value in answer.items()))


def _route(route: Route, codes: dict[int, str]) -> dict[str, Any]:
    located = route.method is not RouteMethod.DESK
    return {
        Tier.GRID.value: codes.get(route.grid_id or 0),
        Tier.COMMUNITY.value: codes.get(route.community_id or 0),
        Tier.STREET.value: codes[route.street_id],
        "method": route.method.value,
        "certainty": round(route.certainty, 3) if located else 0.0,
        "candidates": list(route.candidates),
        "reason": str(route.reason),
    }


def _alike(reading: Reading) -> list[dict[str, Any]]:
    """What names unknown here were taken for, or may stand for: how likely, and in what they differ."""
    taken = (reading.guess,) if reading.guess else reading.alike
    return [
        {"wording": one.wording, "name": one.name, "score": one.score, "why": one.slip.value} for one in taken
    ]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_item, value)) or "-"
    return "-" if value is None else str(value)


def _item(value: Any) -> str:
    return "{wording} = {name}? {score:g} {why}".format_map(value) if isinstance(value, dict) else str(value)
