"""Data directories of the tests' own, and the program started in them as a person would."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standalone.program import Program


def _directory() -> Iterator[Path]:
    # pytest's own directories are closed to other users, and the database may have to run as one.
    made = Path(tempfile.mkdtemp(prefix="dingfen-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def directory() -> Iterator[Path]:
    """An empty directory that every user may enter."""
    yield from _directory()


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data directory which the tests of one module share, so that one cluster serves them all."""
    yield from _directory()


@pytest.fixture
def program(made: Path) -> Iterator[Program]:
    """The program over the shared data directory; whatever the test left running is ended."""
    found = Program(made)
    yield found
    found.end_everything()
