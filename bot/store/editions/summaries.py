"""Stored summaries, full texts and model spending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.models import (
    ModelSpending,
    PaperText,
    StoredSummary,
)
from bot.domain.summary_values import Passage
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository


@dataclass(frozen=True, slots=True)
class Recalled:
    """An edition that went out and was taken back: why, for everyone to read, and when."""

    number: int
    title: str
    why: str
    at: datetime


def texts_in(value: Any) -> set[str]:
    """Every text in a document's JSON; of names in a row, each of them too."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.update((one, *one.split(", ")))
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


class Summaries(ClubRepository):
    """What was written about papers. Shared by all clubs, as it is made of public text only."""

    async def written(
        self, paper_ids: Iterable[int], *, writer: str, prompt: str, digests: Iterable[str]
    ) -> dict[tuple[int, str], dict[str, Any]]:
        """What a writer has already made of these sources, by paper and digest."""
        rows = await self._session.scalars(
            select(StoredSummary).where(
                StoredSummary.paper_id.in_(list(paper_ids)),
                StoredSummary.writer == writer,
                StoredSummary.prompt == prompt,
                StoredSummary.digest.in_(list(digests)),
            )
        )
        return {(row.paper_id, row.digest): row.body for row in rows}

    async def latest(self, paper_id: int) -> StoredSummary | None:
        """The latest that was written about a paper."""
        return await self._session.scalar(
            select(StoredSummary).where(StoredSummary.paper_id == paper_id).order_by(StoredSummary.id.desc()).limit(1)
        )

    async def keep(
        self, paper_id: int, version: int, *, writer: str, prompt: str, digest: str, body: dict[str, Any], now: datetime
    ) -> None:
        """Keep what was written; the same writer on the same source again changes nothing."""
        await insert_if_absent(
            self._session,
            StoredSummary,
            {
                "paper_id": paper_id,
                "version": version,
                "writer": writer,
                "prompt": prompt,
                "digest": digest,
                "body": body,
                "at": now,
            },
        )


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
        """Write down what one text took, in vain or not; the same text (its moment) again changes nothing."""
        same = (ModelSpending.club_id == self._club_id, ModelSpending.paper_id == paper_id, ModelSpending.at == now)
        if await self._session.scalar(select(ModelSpending.id).where(*same, ModelSpending.model == model).limit(1)):
            return
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
            select(ModelSpending)
            .where(ModelSpending.club_id == self._club_id, ModelSpending.at >= since)
            .order_by(ModelSpending.id)
        )
        return rows.all()


def _passages(pairs: Sequence[Sequence[str]]) -> tuple[Passage, ...]:
    return tuple(Passage(name, text) for name, text in pairs)
