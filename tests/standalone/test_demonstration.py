"""What the loading of the demonstration says of itself."""

import pytest

from app.standalone.demonstration import Telling


def test_a_log_hears_of_every_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    tell = Telling()
    for done in range(1, 201):
        tell("import", done, 200)
    tell("replay", 10, 200)
    tell("replay", 200, 200)
    told = capsys.readouterr().err.splitlines()
    assert told[:3] == ["import: 1/200", "import: 20/200", "import: 40/200"]
    assert told[-3:] == ["import: 200/200", "replay: 10/200", "replay: 200/200"]
    assert len(told) == 13
