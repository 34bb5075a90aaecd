"""Names within a sentence are parted as the language of the page parts them."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core.formats import listed
from app.core.i18n import lazy as _


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("en", ["title", "phone"], "title, phone"),
        ("zh", ["标题", "电话"], "标题、电话"),
        ("zh", ["标题"], "标题"),
        ("en", [], ""),
        ("zh", [1, 2], "1、2"),
        ("zh", [_("title"), _("phone")], "标题、电话"),
    ],
)
def test_names_in_a_sentence(app: Flask, language: str, names: list[object], said: str) -> None:
    with app.app_context(), force_locale(language):
        assert listed(names) == said
