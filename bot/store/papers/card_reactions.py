"""Reactions to papers' cards: what was last heard of each, and the cards that they may be on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, or_, select

from bot.domain.club_settings import ClubSettings
from bot.domain.models import (
    Account,
    CardReaction,
    Club,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Room,
    Submission,
    Workspace,
)
from bot.store.base.transaction import BaseRepository, ClubRepository
from bot.store.papers.submissions import OPEN_STATES

VOTED_ON = (DeliveryKind.CARD, DeliveryKind.SHARED_COPY)
"""Posts that are cards of one paper; an edition's item is not, since a reaction to it is about the edition."""


NO_EVENT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stored as the time of the last event of a reaction for which no event has come."""


@dataclass(frozen=True, slots=True)
class KnownReaction:
    """One member's reaction to a card in one skin tone, as last known, with the member's accounts on the platform."""

    skin_tone: str
    present: bool
    changed_at: datetime
    accounts: set[str]


@dataclass(frozen=True, slots=True)
class ReactedCard:
    """A posted card of a paper in a club that counts reactions as votes."""

    club_id: int
    number: int
    reaction: str
    """Name of the reaction that counts."""
    workspace: str
    room: str
    thread: str
    message: str
    skin_tone: str = ""
    """Skin tone of the reaction in question; empty if it has none."""

    @property
    def address(self) -> str:
        """The card as `CardReaction.message` names it, without a skin tone."""
        return f"{self.room}/{self.message}"

    @property
    def reaction_key(self) -> str:
        """The card and the skin tone as `CardReaction.message` names them."""
        return f"{self.address}/{self.skin_tone}" if self.skin_tone else self.address


class CardReactions(ClubRepository):
    """Reactions of one club's members. The submission's row is locked by whoever changes one."""

    async def change(
        self, submission_id: int, member_id: int, message: str, *, present: bool, at: datetime
    ) -> CardReaction | None:
        """Note an event: a reaction was added or taken away. None if that is no news, or older than what is known."""
        reaction = await self._get_or_add(submission_id, member_id, message)
        if at < reaction.changed_at:
            return None
        reaction.changed_at = at
        return _set(reaction, present)

    async def correct(
        self, submission_id: int, member_id: int, message: str, *, present: bool, seen: datetime | None
    ) -> CardReaction | None:
        """Note what a platform was asked. None if that is no news, or if an event came since `seen`, the time of the
        last one that was known when the platform was asked.
        """
        reaction = await self._get_or_add(submission_id, member_id, message)
        return _set(reaction, present) if reaction.changed_at == (seen or NO_EVENT) else None

    async def _get_or_add(self, submission_id: int, member_id: int, message: str) -> CardReaction:
        reaction = await self._session.get(CardReaction, (member_id, message))
        if reaction is None:
            reaction = CardReaction(
                member_id=member_id,
                message=message,
                club_id=self._club_id,
                present=False,
                changed_at=NO_EVENT,
                voted_at=None,
                answered_at=None,
            )
            self._session.add(reaction)
        reaction.submission_id = submission_id  # another one once the paper was merged
        return reaction

    async def another(self, reaction: CardReaction) -> CardReaction | None:
        """The same member's reaction to another copy of the card, or in another skin tone, if it is there."""
        return await self._session.scalar(
            select(CardReaction)
            .where(CardReaction.submission_id == reaction.submission_id, CardReaction.present)
            .where(CardReaction.member_id == reaction.member_id, CardReaction.message != reaction.message)
            .limit(1)
        )

    async def is_answered(self, reaction: CardReaction) -> bool:
        """True if the member was told that their reaction to this card does not count, in whatever skin tone."""
        address = _address(reaction.message)
        answered = select(CardReaction.member_id).where(CardReaction.member_id == reaction.member_id)
        answered = answered.where(_is_on_card(address), CardReaction.answered_at.is_not(None))
        return await self._session.scalar(answered.limit(1)) is not None

    async def known(self, address: str, platform: str) -> Sequence[KnownReaction]:
        """Known reactions to a card, with the accounts of their members on a platform."""
        rows = await self._session.execute(
            select(
                CardReaction.member_id,
                CardReaction.message,
                CardReaction.present,
                CardReaction.changed_at,
                Account.external_id,
            )
            .join(Account, Account.member_id == CardReaction.member_id)
            .where(CardReaction.club_id == self._club_id, _is_on_card(address))
            .where(Account.platform == platform)
        )
        found: dict[tuple[int, str], KnownReaction] = {}
        for member_id, message, present, changed_at, account in rows:
            skin_tone = message.removeprefix(address).removeprefix("/")
            reaction = KnownReaction(skin_tone, present, changed_at, set())
            found.setdefault((member_id, skin_tone), reaction).accounts.add(account)
        return list(found.values())


def _address(message: str) -> str:
    """The card in `CardReaction.message`, without a skin tone."""
    return "/".join(message.split("/")[:2])


def _is_on_card(address: str) -> ColumnElement[bool]:
    """True of reactions to a card, in any skin tone."""
    return or_(CardReaction.message == address, CardReaction.message.startswith(f"{address}/", autoescape=True))


def _set(reaction: CardReaction, present: bool) -> CardReaction | None:
    """Set whether a reaction is there; None if it was so."""
    if reaction.present == present:
        return None
    reaction.present = present
    return reaction


class ReactedCards(BaseRepository):
    """Cards of all clubs that count reactions as votes."""

    async def find(self, platform: str, workspace: str, channel: str, message: str) -> ReactedCard | None:
        """The card that a message is; `channel` may be the thread that it is in. None if it is no such card."""
        rows = await self._session.execute(
            select(Club.id, Club.settings, Submission.number, Room.external_id, Delivery.thread)
            .join(Workspace, Workspace.club_id == Club.id)
            .join(Room, Room.workspace_id == Workspace.id)
            .join(Delivery, Delivery.room_id == Room.id)
            .join(Submission, Submission.id == Delivery.submission_id)
            .where(Workspace.platform == platform, Workspace.external_id == workspace)
            .where(Delivery.message == message, Delivery.kind.in_(VOTED_ON))
        )
        for club_id, settings, number, room, thread in rows:
            reaction = ClubSettings.of(settings).vote_reaction
            if reaction != "off" and channel in (room, thread):
                return ReactedCard(club_id, number, reaction, workspace, room, thread, message)
        return None

    async def counting(self, platform: str) -> Sequence[int]:
        """Clubs on a platform that count reactions as votes."""
        rows = await self._session.execute(
            select(Club.id, Club.settings)
            .join(Workspace, Workspace.club_id == Club.id)
            .where(Workspace.platform == platform, Workspace.left_at.is_(None))
        )
        return sorted({club_id for club_id, settings in rows if ClubSettings.of(settings).vote_reaction != "off"})

    async def open_cards(self, platform: str, club_id: int, since: datetime, *, limit: int) -> Sequence[ReactedCard]:
        """Posted cards of a club's papers that were submitted since a time and can be voted for, newest first."""
        rows = await self._session.execute(
            select(
                Club.settings,
                Submission.number,
                Workspace.external_id,
                Room.external_id,
                Delivery.thread,
                Delivery.message,
            )
            .join(Workspace, Workspace.club_id == Club.id)
            .join(Room, Room.workspace_id == Workspace.id)
            .join(Delivery, Delivery.room_id == Room.id)
            .join(Submission, Submission.id == Delivery.submission_id)
            .where(Club.id == club_id, Workspace.platform == platform, Workspace.left_at.is_(None), Room.active)
            .where(Delivery.kind.in_(VOTED_ON), Delivery.state == DeliveryState.SENT, Delivery.message != "")
            .where(Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None))
            .where(Submission.submitted_at >= since)
            .order_by(Delivery.id.desc())
            .limit(limit)
        )
        return [
            ReactedCard(club_id, number, ClubSettings.of(settings).vote_reaction, workspace, room, thread, message)
            for settings, number, workspace, room, thread, message in rows
        ]
