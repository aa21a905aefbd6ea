"""What papers say in full, and what models cost: kept beside the summaries that were made with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain.models import PaperText, ModelSpending
from bot.domain.summaries import Passage
from bot.store.base import insert_if_absent
from bot.store.block import ClubRepository


@dataclass(frozen=True, slots=True)
class StoredText:
    """The sections of one version of a paper, none where there were none to read when it was asked for."""

    passages: tuple[Passage, ...]
    at: datetime


class FullTexts(ClubRepository):
    """The whole texts of papers. Shared by all clubs, as they are public."""

    async def of(self, versions: Mapping[int, int]) -> dict[int, StoredText]:
        """What is kept of these papers (rows) in these versions, by the paper's row."""
        rows = await self._session.scalars(select(PaperText).where(PaperText.paper_id.in_(versions)))
        return {
            row.paper_id: StoredText(_passages(row.passages), row.at)
            for row in rows
            if row.version == versions[row.paper_id]
        }

    async def keep(self, paper_id: int, version: int, passages: Iterable[Passage], now: datetime) -> None:
        """Keep a text, or that there is none; a text that is kept already is never changed.

        Quotes are cut out of it by their place, so what was read once must stay as it was read.
        """
        pairs = [[passage.name, passage.text] for passage in passages]
        values = {"paper_id": paper_id, "version": version, "passages": pairs, "at": now}
        if not await insert_if_absent(self._session, PaperText, values):
            row = await self._session.scalar(
                select(PaperText).where(PaperText.paper_id == paper_id, PaperText.version == version)
            )
            if row and not row.passages:
                row.passages, row.at = pairs, now


class SpendingLog(ClubRepository):
    """What models wrote for this club has cost."""

    async def note(
        self, paper_id: int, now: datetime, *, model: str, tokens_in: int, tokens_out: int, cost: float
    ) -> None:
        """Write down what one text took, in vain or not."""
        self._session.add(
            ModelSpending(
                club_id=self._club_id,
                paper_id=paper_id,
                at=now,
                model=model,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                cost=cost,
            )
        )

    async def since(self, since: datetime) -> Sequence[ModelSpending]:
        """Everything this club spent since then, oldest first."""
        rows = await self._session.scalars(
            select(ModelSpending).where(ModelSpending.club_id == self._club_id, ModelSpending.at >= since).order_by(ModelSpending.id)
        )
        return rows.all()


def _passages(pairs: Sequence[Sequence[str]]) -> tuple[Passage, ...]:
    return tuple(Passage(name, text) for name, text in pairs)
