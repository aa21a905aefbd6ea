"""Posts of the shortlist as they are now: what was added to the list or judged since says so."""

from __future__ import annotations

from bot.chat.cards import Card, to_json
from bot.domain.models import DeliveryKind
from bot.features.shared.languages import club_language
from bot.features.shared.stream.candidate_cards import post_card
from bot.store import UnitOfWork


async def redraw_posts(db: UnitOfWork, entry_id: int) -> None:
    """Update the post that proposed an entry."""
    if post_id := await db.shortlists.post_of(entry_id):
        await _redraw(db, post_id)


async def redraw_posts_with(db: UnitOfWork, paper_key: str) -> None:
    """Update the post that proposed a paper of the list, given by its key."""
    if post_id := await db.shortlists.post_with(paper_key):
        await _redraw(db, post_id)


async def shortlist_post_card(db: UnitOfWork, post_id: int) -> Card:
    """Card of a post, in the club's language."""
    run = await db.shortlists.run()
    works = await db.stream.listed_works()
    posted = await db.shortlists.posted(post_id)
    verdicts = await db.stream.verdicts()
    async with club_language(db):
        return post_card(post_id, posted, verdicts, works.numbers, run)


async def _redraw(db: UnitOfWork, post_id: int) -> None:
    await db.deliveries.replace_card(DeliveryKind.SHORTLIST, post_id, to_json(await shortlist_post_card(db, post_id)))
