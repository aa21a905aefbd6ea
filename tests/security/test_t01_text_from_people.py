"""T1: a label cannot disguise where its link leads, on any surface that draws links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.discord.render.discord_markdown import markdown
from adapters.slack.render.mrkdwn import mrkdwn, rich
from bot.chat.rich_text import Link
from bot.editions.model.document import Document
from bot.editions.render import basic_html, email, html_page
from bot.editions.render import markdown as markdown_file
from tests.editions.sample import full

LABEL = "Read it on paypal-login.example/account today"
URL = "https://evil.test/x"
HONEST = f"(evil.test) {LABEL}"


def disguised() -> Document:
    document = full()
    first = document.sections[0]
    item = replace(first.items[0], title=LABEL, url=URL, why=("See ", Link(LABEL, URL), "."))
    return replace(document, sections=(replace(first, items=(item, *first.items[1:])), *document.sections[1:]))


def test_slack_shows_the_true_host() -> None:
    assert f"<{URL}|{HONEST}>" in mrkdwn((Link(LABEL, URL),), 500)
    assert rich((Link(LABEL, URL),), 500)[0]["text"] == HONEST


def test_discord_shows_the_true_host() -> None:
    assert markdown((Link(LABEL, URL),), 500).startswith("[(evil.test) Read it")


@pytest.mark.parametrize(
    "draw",
    [html_page.render, basic_html.edition, email.render, markdown_file.render],
    ids=["page", "feed", "mail", "md"],
)
def test_an_edition_shows_the_true_host_of_titles_and_links(draw: object) -> None:
    shown = draw(disguised())  # type: ignore[operator]  # each renderer takes a document
    assert shown.count("(evil.test) Read it on paypal") >= 2
