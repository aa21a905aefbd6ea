"""Votes by reaction: one emoji on a paper's card is its member's vote, where a club wants it.

A vote by the button and a reaction are one vote. Taking the reaction away takes back the vote that it cast, and no
other: what the button cast stays, and so does a vote while the member's reaction is on another copy of the card, or
on this one in another skin tone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.app import App, Context
from bot.chat.cards import Card
from bot.chat.error_cards import build_error_card
from bot.chat.gateway import Location
from bot.domain.club_settings import ClubSettings
from bot.domain.models import CardReaction, VoteStance
from bot.domain.vote_reactions import EMOJI, reaction_name, skin_tone
from bot.errors import UserError
from bot.features.papers.vote_casting import check_open, check_votes_left, confirmation, load_target, set_stance
from bot.features.shared.votes.vote_age import counts_from
from bot.store import UnitOfWork
from bot.store.papers.card_reactions import ReactedCard
from bot.store.papers.votes import VoteTarget


async def reacted_card(app: App, where: Location, emoji: str | None) -> ReactedCard | None:
    """The card that somebody reacted to, if its club counts this reaction as a vote; None for `emoji` means any.

    `where.room` may be the thread that the message is in.
    """
    if emoji is not None and not reaction_name(emoji):
        return None
    async with app.store.read_admin_session() as admin:
        card = await admin.reacted_cards.find(where.platform, where.workspace, where.room, where.message)
    if card is None or emoji is None:
        return card
    return replace(card, skin_tone=skin_tone(emoji)) if card.reaction == reaction_name(emoji) else None


async def counted_emoji(app: App, platform: str, workspace: str) -> str:
    """The emoji that the club of a workspace counts as a vote; empty if it counts none."""
    async with app.store.read_admin_session() as admin:
        known = await admin.directory.workspace(platform, workspace)
        club = await admin.directory.club(known.club_id) if known else None
    return EMOJI.get(ClubSettings.of(club.settings).vote_reaction, "") if club else ""


async def change_reaction(ctx: Context, card: ReactedCard, *, present: bool, at: datetime) -> Card | None:
    """Vote, or take the vote back, since a reaction was added or taken away at a time.

    Returns a card for the member alone that says why it does not count, once for each paper's card; else None.
    """
    async with ctx.begin() as db:
        chosen = await load_target(ctx, db, str(card.number))
        changed = await db.card_reactions.change(chosen.id, ctx.member.id, card.reaction_key, present=present, at=at)
        answer = await _apply_reaction(ctx, db, chosen, changed) if changed else None
    ctx.app.wake_up.set()
    return answer


async def correct_reaction(ctx: Context, card: ReactedCard, *, present: bool, seen: datetime | None) -> Card | None:
    """The same for a reaction as the platform lists it. Nothing is changed if an event came after `seen`.

    `seen` is the time of the newest event that was known before the platform was asked.
    """
    async with ctx.begin() as db:
        chosen = await load_target(ctx, db, str(card.number))
        key = card.reaction_key
        changed = await db.card_reactions.correct(chosen.id, ctx.member.id, key, present=present, seen=seen)
        answer = await _apply_reaction(ctx, db, chosen, changed) if changed else None
    ctx.app.wake_up.set()
    return answer


async def _apply_reaction(ctx: Context, db: UnitOfWork, chosen: VoteTarget, reaction: CardReaction) -> Card | None:
    """Set the vote that follows from a changed reaction. Returns what its member is to be told, if anything."""
    try:
        check_open(chosen)
        answer = await (_vote if reaction.present else _take_back)(ctx, db, chosen, reaction)
    except UserError as error:
        answer = build_error_card(str(error))
    if answer is None or await db.card_reactions.is_answered(reaction):
        return None
    reaction.answered_at = ctx.now
    return answer


async def _vote(ctx: Context, db: UnitOfWork, chosen: VoteTarget, reaction: CardReaction) -> Card | None:
    """Cast the member's vote. Returns the answer to a vote that is saved and does not count now."""
    await check_votes_left(ctx, db, chosen)
    changed = await set_stance(ctx, db, chosen, VoteStance.VOTE)
    if not changed:
        return None
    reaction.voted_at = await db.vote_queries.vote_time(ctx.member.id, chosen.id)  # not the clock's, which goes on
    counts = chosen.member_id != ctx.member.id and not ctx.member.votes_excluded and not counts_from(ctx)
    return None if counts else await confirmation(ctx, db, chosen, VoteStance.VOTE, before=None, changed=True)


async def _take_back(ctx: Context, db: UnitOfWork, chosen: VoteTarget, reaction: CardReaction) -> None:
    """Take back the vote that a reaction cast, unless another reaction of the member holds it."""
    cast_at, reaction.voted_at = reaction.voted_at, None
    if cast_at is None or await db.vote_queries.vote_time(ctx.member.id, chosen.id) != cast_at:
        return
    if other := await db.card_reactions.another(reaction):
        other.voted_at = cast_at
    else:
        await set_stance(ctx, db, chosen, None)
