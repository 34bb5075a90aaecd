"""`dingfen category`: how good the suggested categories are, and training them now."""

import json
from typing import Any

import click
from flask.cli import AppGroup

from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.categories.suggesting import latest_model
from petitions.cli import street_named
from petitions.models import CategoryModel

group = AppGroup("category", help="Categories suggested from the text of a matter.")

FIGURES = (
    *("examples", "held_out", "macro_f1", "largest_f1", "words_f1"),
    *("sure_from", "sure_share", "sure_right", "by_category"),
)
STREET = click.option("--street", help="Code of the street. Default: the only one there is.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One object on standard output.")


@group.command("score")
@STREET
@AS_JSON
def score(street: str | None, as_json: bool) -> None:
    """Tell how well the street's model does on cases that it has not seen.

    Macro F1 is the mean over the categories; beside it what always saying the largest category and what the
    list of words alone would have reached on the same cases.

    \b
    Example: dingfen category score
    """
    model = latest_model(db.session(), street_named(street))
    if model is None:
        raise Conflict(
            _("There is no model yet. It is learnt by itself from about 100 cases with a category on.")
        )
    tell(model, as_json)


def tell(model: CategoryModel, as_json: bool) -> None:
    """Print the figures of a model."""
    said: dict[str, Any] = {"trained_at": model.trained_at.isoformat()}
    said |= {name: getattr(model, name) for name in FIGURES}
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(_lines(model)))


def _lines(model: CategoryModel) -> list[str]:
    sure = "none is sure"
    if model.sure_from is not None and model.sure_right is not None:
        sure = f"sure from {model.sure_from:.3f} on: {model.sure_share:.1%}; {model.sure_right:.1%} right"
    return [
        f"learnt from {model.examples} cases, tried on {model.held_out} others",
        f"macro F1 {model.macro_f1:.4f}; largest alone {model.largest_f1:.4f}; words {model.words_f1:.4f}",
        sure,
        *(
            f"{row['held_out']:>6} {row['category']}: precision {row['precision']:.3f},"
            f" recall {row['recall']:.3f}, F1 {row['f1']:.3f}"
            for row in model.by_category
        ),
    ]
