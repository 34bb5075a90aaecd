"""The Chinese catalogue is complete, and says everything that code and templates say."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app/translations/zh/LC_MESSAGES/messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy": None,
    "now_text": None,
    "plural": (1, 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def said() -> set[str]:
    """Every message of code and templates."""
    found = set()
    for package in ("app", "grid", "petitions", "mediation", "tasks"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / package, METHODS, keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def chinese() -> Catalog:
    """The catalogue as it is kept."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def test_nothing_is_left_untranslated_or_uncertain() -> None:
    messages = [message for message in chinese() if message.id]

    assert [message.id for message in messages if message.fuzzy] == []
    assert [m.id for m in messages if not (m.string if isinstance(m.string, str) else all(m.string))] == []


def test_the_catalogue_holds_what_the_code_says_and_no_more() -> None:
    kept = {
        message.id if isinstance(message.id, str) else message.id[0] for message in chinese() if message.id
    }

    assert said() - kept == set(), "run make translations and translate these"
    assert kept - said() == set(), "run make translations"


def test_every_placeholder_of_a_message_stands_in_its_translation() -> None:
    assert [(message.id, list(message.check())) for message in chinese() if list(message.check())] == []
