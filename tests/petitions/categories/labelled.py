"""The labelled messages beside the project, as examples; none of their sentences is kept here."""

import csv
from pathlib import Path

from petitions.categories.ngrams import one_text
from petitions.categories.training import Example


def labelled(folder: Path) -> list[Example]:
    """Every message with its class of the first level."""
    with next(folder.glob("*.csv")).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Example(one_text(row["留言主题"], row["留言详情"]), row["一级标签"]) for row in rows]
