"""Suggested categories: how right they are on real messages held out, and what they cost an import."""

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter

from app.auth.actor import OPERATOR
from app.core import clock
from app.core.calendar import WorkingCalendar
from app.core.db import db
from app.demo.export import write_export
from benchmarks.database import fresh_app
from benchmarks.import_export import import_file, some_orders, some_street
from benchmarks.result import Measure, Result, at_least, at_most
from petitions.categories import learning
from petitions.categories.ngrams import one_text
from petitions.categories.suggesting import Text, suggest
from petitions.categories.training import Example, Quality, train, usable
from petitions.intake import Intake
from petitions.register import register
from petitions.vocabulary import CaseKind, Channel
from tests.petitions.categories.labelled import labelled

SHARED = Path(os.environ.get("DINGFEN_SHARED", Path(__file__).parents[2] / "shared"))
ROUNDS = 3
AIM_COST = 0.1


def measure(size: int = 7_598) -> Iterator[Result]:
    """Macro F1 on a fifth of labelled messages, where they are; the cost for `size` orders of an import."""
    yield from _right()
    orders = list(some_orders(size))
    with tempfile.TemporaryDirectory(prefix="dingfen-bench-") as folder:
        path = Path(folder) / "export.xlsx"
        rows = write_export(iter(orders), path, WorkingCalendar.shipped())
        with fresh_app():
            whole = import_file(path, some_street())
    examples = [Example(one_text(order.title, order.body), order.category_label) for order in orders]
    ours = _suggesting(examples, [(order.title, order.body) for order in orders])
    yield at_most(
        f"suggesting a category for {rows:,} orders, against their import",
        Measure(ours * 1000, "ms"),
        Measure(whole * 1000, "ms"),
        AIM_COST,
    )


def _right() -> Iterator[Result]:
    folder = SHARED / "data" / "labelled-messages"
    if not folder.is_dir():
        print("NOT MEASURED: no labelled messages; set DINGFEN_SHARED", file=sys.stderr)
        return
    quality: Quality = train(usable(labelled(folder)), precision=0.95)[1]
    ours = Measure(quality.macro_f1, "macro F1")
    named = f"categories of {quality.held_out} real messages held out"
    yield at_least(f"{named}, against words alone", ours, Measure(quality.words_f1, "macro F1"), 1.1)
    yield at_least(f"{named}, against the largest", ours, Measure(quality.largest_f1, "macro F1"), 5.0)


def _suggesting(examples: list[Example], texts: list[tuple[str, str]]) -> float:
    """Seconds for all of them in chunks as an import has them; the best of some rounds."""
    with fresh_app():
        session, street_id, now = db.session(), some_street(), clock.now()
        model, quality = train(usable(examples), precision=0.95)
        learning.keep(session, street_id, model, quality, seen=len(examples), now=now)
        intakes = [_intake(title, body, now) for title, body in texts]
        keys = [
            done.case_id for done in register(session, intakes, street_id=street_id, actor=OPERATOR, now=now)
        ]
        session.commit()
        bare = [Text(key, *text) for key, text in zip(keys, texts, strict=True)]
        times = []
        for _ in range(ROUNDS):
            session.connection().exec_driver_sql("TRUNCATE category_suggestions")
            start = perf_counter()
            for first in range(0, len(bare), 1_000):
                suggest(session, street_id, bare[first : first + 1_000], now)
            times.append(perf_counter() - start)
            session.rollback()
    return min(times)


def _intake(title: str, body: str, now: datetime) -> Intake:
    return Intake(kind=CaseKind.HOTLINE, channel=Channel.HOTLINE, title=title, body=body, received_at=now)
