"""Texts vary like a day's orders and are finished sentences in Chinese."""

import re
from random import Random

import pytest

from app.demo.addresses import AddressBook
from app.demo.texts import fill, kinds, write_order
from app.demo.vocabulary import words


def test_of_a_years_bodies_at_least_95_in_100_differ(matters):
    bodies = [matter.intake.body for matter in matters]
    assert len(set(bodies)) / len(bodies) >= 0.95


def test_no_slot_is_left_unfilled_and_no_english_leaks(matters):
    for matter in matters:
        for text in (matter.intake.title, matter.intake.body):
            assert not re.search(r"[{}A-Za-z]", text), text


def test_sentences_end_and_do_not_stumble(matters):
    for matter in matters:
        body = matter.intake.body
        assert body[-1] in "。？", body
        assert not re.search(r"[，。？：]{2}", body), body
        assert "\n\n" not in body


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind["code"])
def test_every_kind_can_be_told_in_each_of_its_order_types(street, kind):
    book, rng = AddressBook(street), Random(3)
    for order_type in kind["order_types"]:
        address = book.draw(rng)
        title, body = write_order(kind, order_type, address, rng)
        assert len(title) >= 6
        assert len(body) >= 20


@pytest.mark.parametrize("section", ["reply", "agreement", "session", "hand_back", "void", "divert"])
def test_every_shared_phrase_can_be_filled(section):
    rng = Random(1)
    for patterns in words("phrases")[section].values():
        for pattern in patterns:
            assert "{" not in fill(pattern, rng)


def test_a_kind_that_can_be_mediated_has_agreements_to_offer():
    for kind in kinds():
        if "mediate" in kind:
            assert words("phrases")["agreement"][kind["mediate"]["kind"]]
