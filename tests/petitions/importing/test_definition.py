"""A profile's file says what it may, and is told in words where it says anything else."""

import json

import pytest
from flask_babel import force_locale

from app.core.errors import Invalid
from petitions.importing.definition import MAX_BYTES, check_definition, read_definition
from petitions.importing.profile import build, definition_of, shipped

SAID = {
    "source": "district",
    "kind": "hotline",
    "channel": "hotline",
    "columns": {"number": ["号"], "body": ["内容"]},
    "required": ["number", "body"],
}


@pytest.mark.parametrize("name", [name for name, each in shipped().items() if not each.registered])
def test_every_profile_of_the_program_goes_out_as_a_file_and_in_again_unchanged(name):
    said = json.loads(json.dumps(definition_of(shipped()[name])))
    check_definition(said)
    assert build(name, said) == shipped()[name]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"source": ""}, "at source"),
        ({"source": "x" * 41}, "at source"),
        ({"kind": "letter"}, "at kind"),
        ({"kind": ["hotline"]}, "at kind"),
        ({"columns": ["号"]}, "at columns"),
        ({"columns": {"number": ["号"], "text": ["内容"]}}, "text is no meaning"),
        ({"columns": {"number": [], "body": ["内容"]}}, "at columns.number"),
        ({"columns": {"number": ["号", 3], "body": ["内容"]}}, "at columns.number[1]"),
        ({"columns": {"body": ["内容"]}, "required": ["body"]}, "the number of the order has no column"),
        ({"columns": {"number": ["号"]}, "required": ["number"]}, "neither text nor title"),
        ({"required": ["number", "phone"]}, "phone has no column"),
        ({"dates": ["%Y-%q"]}, "%Y-%q is no form of dates"),
        ({"dates": ["%Y-%m-%d %d"]}, "is no form of dates"),
        ({"words": {"title": {"甲": "hotline"}}}, "title has no words"),
        ({"words": {"channel": {"甲": "pigeon"}}}, "at words.channel.甲"),
        ({"dates": ["serial"]}, "one of them written"),
        ({"dates": ["%Y" + " " * 40 + "%m%d"]}, "is no form of dates"),
        ({"returned": {"nonsense": "甲"}}, "nonsense is nothing that is sent back"),
        ({"exact": "yes"}, "at exact"),
        ({"headings": ["号", ""]}, "at headings[1]"),
        ({"written_dates": {"received": "%Y-%m-%d"}}, "received is no meaning"),
        ({"written_dates": {"received_at": "serial"}}, "serial is no form of dates"),
        ({"written_dates": {"received_at": "%Y"}}, "%Y is no form of dates"),
        ({"written_words": {"title": {"web": "网"}}}, "title has no words"),
        ({"written_words": {"channel": {"pigeon": "鸽"}}}, "at written_words.channel"),
        ({"written_words": {"channel": {"web": ""}}}, "at written_words.channel.web"),
        ({"registered": "received_at"}, "only a profile of the program"),
        ({"colour": "red"}, "at colour"),
    ],
)
def test_what_is_missing_unknown_or_of_the_wrong_kind_is_named_with_its_place(app, given, fault):
    with app.test_request_context(), force_locale("en"), pytest.raises(Invalid) as refused:
        check_definition({**SAID, **given})
    assert fault in refused.value.message


@pytest.mark.parametrize("key", ["source", "kind", "channel", "columns", "required"])
def test_what_every_profile_needs_is_asked_for(key):
    with pytest.raises(Invalid):
        check_definition({name: value for name, value in SAID.items() if name != key})


@pytest.mark.parametrize("content", [b'{"source": "a"}', b'source = "a"', b'\xef\xbb\xbf{"source": "a"}'])
def test_json_and_toml_are_read(content):
    assert read_definition(content) == {"source": "a"}


@pytest.mark.parametrize(
    "content", [b"[1, 2]", b"PK\x03\x04", "来源".encode("gbk"), b"[" * 100_000, b" " * (MAX_BYTES + 1)]
)
def test_anything_else_is_refused(content):
    with pytest.raises(Invalid):
        read_definition(content)
