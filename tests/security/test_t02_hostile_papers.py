"""T2: titles, authors and abstracts of papers as attacks: they are drawn as words, quickly, on both platforms."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from time import process_time

import pytest

from adapters.discord.render import components
from adapters.slack.render import block_kit
from bot.chat.cards import Card
from bot.latex.reader import latex_to_text
from bot.sources.recorded_arxiv import recorded_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.stand_ins import Harness

LONG = 1_000_000
BOMBS = ("{" * LONG, "$" * LONG, r"\hat{" * (LONG // 5), r"$\frac" * (LONG // 6), r"\a{" * 5_000 + "}" * 5_000)
ATTACKS = (
    "<!channel> and <@U123> win",
    "@everyone [arxiv.org](https://evil.test)",
    r"\href{javascript:alert(1)}{Read me} \input{/etc/passwd}",
    "<https://evil.test|arxiv.org>",
    "\u202egnp.exe\u2066 title\x00\x1b[31m",
    "```\n# Heading\n> *bold* ~gone~ ||hidden||",
)


def slack_words(card: Card) -> str:
    return json.dumps(block_kit.message(card), ensure_ascii=False)


def discord_words(card: Card) -> str:
    view = components.render(card, None)
    return json.dumps([item.to_component_dict() for item in view.children], ensure_ascii=False)


async def test_a_hostile_paper_is_words_on_both_platforms(club: Harness) -> None:
    await set_up(club)
    some = [record for record in recorded_papers() if len(record.abstract) > 900 and not record.withdrawn]
    for number, (record, attack) in enumerate(zip(some, ATTACKS, strict=False), 1):
        club.paper_source.put(
            replace(record, title=attack, authors=(attack, "Ada Lovelace"), abstract=attack, comment=attack)
        )
        assert not (await club.say("Ada", f"/paper submit {record.arxiv_id}")).failed
        assert not (await club.say("Ada", f"/paper show {number}")).failed
    cards = [*club.gateway.cards("papers"), (await club.say("Ada", "/paper top")).card]
    assert len(cards) == len(ATTACKS) + 1
    for drawn in cards:
        slack, discord = slack_words(drawn), discord_words(drawn)
        # In rich text and plain text Slack parses nothing; everything else is mrkdwn.
        parsed = re.findall(r'"type": "mrkdwn", "text": "(.*?)(?<!\\\\)"', slack)
        assert parsed
        assert not re.search(r"<[!@#]|<https?://evil", " ".join(parsed)), parsed
        assert not re.search(r"(?<!\\)\]\(https?://evil|(?<!\\\\)<[@#!]", discord), discord
        for text in (slack, discord):
            assert not re.search("[\u202a-\u202e\u2066-\u2069]|\\\\u0000|\\\\u001b", text)
            assert "javascript:" not in text


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:6])
def test_latex_bombs_take_no_time(bomb: str) -> None:
    best = 1.0
    for _ in range(3):
        began = process_time()
        latex_to_text(bomb)
        best = min(best, process_time() - began)
    assert best < 0.05
