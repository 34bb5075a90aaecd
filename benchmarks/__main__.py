"""Run the benchmarks, print a table, write var/bench.json."""

import argparse
import importlib
import json
import logging
import sys
from collections.abc import Iterator
from pkgutil import iter_modules

import benchmarks
from app.config import data_dir
from app.core import memory
from benchmarks.result import Measure, Result

TOOLS = {"__main__", "copying", "database", "result"}


def main() -> int:
    """Exit 1 where an aim is missed, so that a script notices."""
    names = sorted(module.name for module in iter_modules(benchmarks.__path__) if module.name not in TOOLS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", choices=[*names, []], help="which; all of them by default")
    parser.add_argument("--size", type=int, help="how much data, in each benchmark's own unit")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    memory.tune()
    results = []
    for result in _run(given.names or names, given.size):
        results.append(result)
        print(_line(result), flush=True)
    path = data_dir() / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([result.as_dict() for result in results], indent=1, ensure_ascii=False))
    print(
        f"written to {path.name}; {sum(not result.ok for result in results)} of {len(results)} miss their aim"
    )
    return 0 if all(result.ok for result in results) else 1


def _run(names: list[str], size: int | None) -> Iterator[Result]:
    for name in names:
        measure = importlib.import_module(f"benchmarks.{name}").measure
        yield from measure(size) if size else measure()


def _line(result: Result) -> str:
    mark = "ok  " if result.ok else "MISS"
    return (
        f"{mark} {result.name:<58} {_said(result.ours):>18} / {_said(result.against):>18}"
        f" = {result.ratio:<7} {result.aim}"
    )


def _said(measure: Measure) -> str:
    return f"{measure.value:,.4g} {measure.unit}"


sys.exit(main())
