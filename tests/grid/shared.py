"""Real data beside the project: tests that need it say so when it is absent."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(os.environ.get("DINGFEN_SHARED", Path(__file__).parents[3] / "shared"))


def shared(folder: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give the test the folder of real data as `folder`, or skip it with the reason."""
    path = ROOT / "data" / folder

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        absent = pytest.mark.skipif(not path.is_dir(), reason=f"no shared data: {folder}; set DINGFEN_SHARED")
        return absent(pytest.mark.parametrize("folder", [path], ids=[folder])(test))

    return decorate
