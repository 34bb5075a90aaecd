"""The commands of `dingfen grid` as a shell runs them: nothing has opened the application before."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from grid.cli import group


@pytest.mark.parametrize("command", sorted(group.commands))
def test_every_command_opens_the_application_itself(app: Flask, command: str) -> None:
    arguments = {
        "import": [__file__],
        "export": ["nowhere.geojson", "--street", "000000000"],
        "score": [__file__],
        "locate": ["--address", "x", "--street", "000000000"],
        "repair": [__file__, "nowhere.geojson"],
    }
    # A new thread has none of the contexts that the tests have opened.
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(app.test_cli_runner().invoke, group, [command, *arguments.get(command, [])])
        result = run.result()
    assert not isinstance(result.exception, RuntimeError)
