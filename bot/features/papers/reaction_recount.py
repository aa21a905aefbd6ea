"""Recount of reactions after a start: what was added or taken away while the program did not listen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.app import App, Requester
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.features.shared.votes.voting_window import period_start
from bot.store.papers.card_reactions import KnownReaction, ReactedCard

log = logging.getLogger(__name__)

MOST_CARDS = 100
"""The most cards of one club that are asked for, the newest first."""


class ReactionSource(Protocol):
    """A platform that can be asked who reacted to a card, and that makes a request of each change."""

    platform: str
    pause: float
    """Seconds between two cards."""

    async def reacting(self, card: ReactedCard) -> Mapping[str, Mapping[str, Requester]]:
        """People whose reaction to a card counts, by its skin tone (empty for none) and by account.

        Raises NotSent, Refused and OutcomeUnknown.
        """

    async def correct(self, card: ReactedCard, who: Requester, *, present: bool, seen: datetime | None) -> None:
        """Have somebody's reaction corrected, and tell them if it does not count."""


async def recount(
    app: App, source: ReactionSource, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> int:
    """Ask about the cards of each club's current period that count reactions. Returns the number of corrections.

    A channel that may not be asked about is asked about once.
    """
    corrected = 0
    refused: set[tuple[str, str]] = set()
    async with app.store.read_admin_session() as admin:
        clubs = await admin.reacted_cards.counting(source.platform)
    for club_id in clubs:
        for card in await _open_cards(app, source.platform, club_id):
            channel = card.workspace, card.room
            if channel in refused:
                continue
            await sleep(source.pause)
            try:
                corrected += await _recount_card(app, source, card)
            except Refused as error:
                log.warning("the reactions to a card were not recounted: %s", error)
                if error.of_channel:
                    refused.add(channel)
            except (NotSent, OutcomeUnknown) as error:
                log.info("the reactions to a card were not recounted: %s", error)
    return corrected


async def _open_cards(app: App, platform: str, club_id: int) -> list[ReactedCard]:
    async with app.store.read(club_id) as db:
        since = await period_start(db, await db.club(), app.now())
    async with app.store.read_admin_session() as admin:
        return list(await admin.reacted_cards.open_cards(platform, club_id, since, limit=MOST_CARDS))


async def _recount_card(app: App, source: ReactionSource, card: ReactedCard) -> int:
    """Compare what is known of a card's reactions with what the platform says. Returns the number of corrections.

    Reactions that are there come first, so that one of them can hold the vote of another that is gone.
    """
    async with app.store.read(card.club_id) as db:
        known = list(await db.card_reactions.known(card.address, source.platform))
    reacting = await source.reacting(card)
    added: list[tuple[str, Requester, datetime | None]] = []
    removed: list[tuple[str, Requester, datetime | None]] = []
    for one in known:
        people = reacting.get(one.skin_tone, {})
        there = sorted(one.accounts & people.keys())
        if there and not one.present:
            added.append((one.skin_tone, people[there[0]], one.changed_at))
        elif one.present and not there:
            removed.append((one.skin_tone, Requester(min(one.accounts), ""), one.changed_at))
    added += _never_heard_of(reacting, known)
    for present, changes in ((True, added), (False, removed)):
        for skin_tone, who, seen in changes:
            await source.correct(replace(card, skin_tone=skin_tone), who, present=present, seen=seen)
    return len(added) + len(removed)


def _never_heard_of(
    reacting: Mapping[str, Mapping[str, Requester]], known: Collection[KnownReaction]
) -> list[tuple[str, Requester, datetime | None]]:
    """Skin tones and people of reactions that are there and were never heard of."""
    heard_of = {(one.skin_tone, account) for one in known for account in one.accounts}
    return [
        (skin_tone, who, None)
        for skin_tone, people in reacting.items()
        for account, who in people.items()
        if (skin_tone, account) not in heard_of
    ]
