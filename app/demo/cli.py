"""`dingfen demo`: the demonstration street by itself."""

import click

from app.config import data_dir
from app.demo.layout import SEED
from app.standalone.run import standalone


@click.group("demo", help="The demonstration street and its year.")
def group() -> None:
    pass


@group.command("load")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed tells another year.")
def load(seed: int) -> None:
    """Load the year into an empty database, through the verbs that users' actions call.

    A load that was cut off goes on. Nothing else may be running on the database meanwhile.

    \b
    Example: dingfen demo load --seed 7
    """
    standalone(data_dir(), port=0, seed=seed, once=True)
