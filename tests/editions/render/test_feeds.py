"""Feeds: valid, complete, and with ids that survive moves and corrections."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from bot.editions.model.document import Correction
from bot.editions.render import feeds
from tests.editions import inventory
from tests.editions.feed_reading import (
    CLUB,
    HERE,
    NS,
    OUT,
    check_atom,
    check_json_feed,
    in_atom,
    in_json,
    of_editions,
    of_items,
)
from tests.editions.inventory import VisibleContent
from tests.editions.render.test_renderers import NASTY, hostile
from tests.editions.sample import cascades, full, moco


@pytest.mark.parametrize("read", [in_atom, in_json])
def test_the_feed_of_items_has_all_of_each(read: Callable[[feeds.Feed], VisibleContent]) -> None:
    document = full()
    found = read(of_items(document))
    for item in document.items:
        for text in inventory.texts(item):
            assert text in found.text
    assert found.links == set(inventory.addresses(document.sections))
    assert found.quotes == inventory.quotes(document)
    assert found.numbers <= inventory.numbers(document)


def test_a_feed_without_entries_or_pages_is_valid() -> None:
    for feed in (of_editions(), of_editions(full(), url=""), of_items(full(), url="")):
        check_atom(etree.fromstring(feeds.atom(feed)))
        check_json_feed(json.loads(feeds.json_feed(feed)))
    assert of_editions().updated == OUT


def test_a_correction_changes_updated_and_not_the_id() -> None:
    before = full()
    later = OUT + timedelta(days=3)
    after = replace(before, corrections=(Correction(later, "It was 5, not 4.", moco().key),))
    bare = replace(before, corrections=())
    was, now = (feeds.edition_entry(document, CLUB, OUT) for document in (bare, after))
    assert (was.id, was.updated) == (now.id, OUT)
    assert now.updated == later
    told, untold = (feeds.item_entry(after, item, CLUB, OUT) for item in (moco(), cascades()))
    assert (told.updated, untold.updated) == (later, OUT)
    assert told.id == feeds.item_entry(bare, moco(), CLUB, OUT).id


def test_ids_stay_when_the_pages_move_and_differ_between_clubs() -> None:
    here, there = (feeds.edition_entry(full(), CLUB, OUT, url=url) for url in (HERE, "http://other.test/x"))
    assert here.id == there.id
    founded = datetime(2026, 1, 5, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert feeds.club_id(1, founded) == CLUB  # the same time in another zone
    assert feeds.club_id(2, founded) != CLUB
    assert feeds.club_id(1, founded + timedelta(microseconds=1)) != CLUB
    entries = of_items(full()).entries
    assert len({entry.id for entry in entries} | {here.id}) == len(entries) + 1


def test_ids_are_what_they_were() -> None:
    """Feed readers store these ids: a changed scheme would show every old entry as new."""
    assert CLUB.urn == "urn:uuid:4d473c62-e735-5e22-a3a2-0478cc03fe58"
    assert feeds.edition_entry(full(), CLUB, OUT).id.urn == "urn:uuid:25ad6d5c-739d-5932-a7c8-8a8e021a14c3"


def test_the_entry_names_every_author_the_references_know() -> None:
    (first, *_) = of_items(full()).entries
    assert first.authors == ("Xinlei Chen", "Saining Xie", "Kaiming He")


@pytest.mark.parametrize("text", [*NASTY, "]]>", "a\x00b\x0bc\ufffe", "\ud800"])
def test_hostile_text_stays_text(text: str) -> None:
    feed = of_editions(hostile(text))
    for content in (in_atom_content(feed), json.loads(feeds.json_feed(feed))["items"][0]["content_html"]):
        tree = html.fromstring(f"<div>{content}</div>")
        assert not tree.xpath("//script | //img | //iframe | //@style | //@*[starts-with(name(), 'on')]")
        assert all(href.startswith("https://") for href in tree.xpath("//a/@href"))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_makes_a_valid_feed(text: str) -> None:
    check_atom(etree.fromstring(feeds.atom(of_editions(hostile(text or "x")))))


def in_atom_content(feed: feeds.Feed) -> str:
    """The HTML of the first entry, as an XML parser returns it."""
    return str(etree.fromstring(feeds.atom(feed)).findtext("a:entry/a:content", namespaces=NS))
