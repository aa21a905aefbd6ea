"""Stored summaries, full texts of papers, and the cost of models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.models import (
    ModelSpending,
    PaperText,
    StoredSummary,
)
from bot.domain.summary_values import Passage
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository


@dataclass(frozen=True, slots=True)
class RecalledEdition:
    """A published edition that was recalled, with the public reason and the time."""

    number: int
    title: str
    why: str
    at: datetime


def texts_in(value: Any) -> set[str]:
    """Every text in a JSON document; of a list of names in one text, each name too."""
    found: set[str] = set()
    queue = [value]
    while queue:
        item = queue.pop()
        if isinstance(item, str):
            found.update((item, *item.split(", ")))
        elif isinstance(item, dict):
            queue += item.values()
        elif isinstance(item, list):
            queue += item
    return found


def submissions_in(document: Any) -> frozenset[int]:
    """Ids of the submissions in an edition's JSON document."""
    items = [item for section in document.get("sections", ()) for item in section.get("items", ())]
    return frozenset(item["submission"] for item in items if item.get("submission"))


class Summaries(ClubRepository):
    """Stored summaries of papers, shared by all clubs because they come from public text only."""

    async def find(
        self, paper_ids: Iterable[int], *, writer: str, prompt: str, digests: Iterable[str]
    ) -> dict[tuple[int, str], dict[str, Any]]:
        """Summaries of a writer for these sources, by paper and digest."""
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
        """The latest summary of a paper."""
        return await self._session.scalar(
            select(StoredSummary).where(StoredSummary.paper_id == paper_id).order_by(StoredSummary.id.desc()).limit(1)
        )

    async def save(
        self, paper_id: int, version: int, *, writer: str, prompt: str, digest: str, body: dict[str, Any], now: datetime
    ) -> None:
        """Store a summary; the same writer and source again change nothing."""
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
    """Sections of one version of a paper; empty if there were none at that time."""

    passages: tuple[Passage, ...]
    at: datetime


_TEXTS = select(PaperText).where(PaperText.paper_id.in_(bindparam("papers", expanding=True)))


class FullTexts(ClubRepository):
    """Full texts of papers, shared by all clubs because they are public."""

    async def get(self, versions: Mapping[int, int]) -> dict[int, StoredText]:
        """Stored texts of these versions, by the paper's id. `versions` is paper id → version."""
        rows = await self._all_of(_TEXTS, papers=list(versions))
        return {
            row.paper_id: StoredText(_passages(row.passages), row.at)
            for row in rows
            if row.version == versions[row.paper_id]
        }

    async def save(self, paper_id: int, version: int, passages: Iterable[Passage], now: datetime) -> None:
        """Store a text, or that there is none; a stored text never changes.

        Quotes refer to positions in it, so the text must stay as it was first read.
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
    """Cost of the model calls for this club."""

    async def add(
        self, paper_id: int, now: datetime, *, model: str, tokens_in: int, tokens_out: int, cost: float
    ) -> None:
        """Record the tokens and the cost of one call, successful or not. A repeat for the same time changes nothing."""
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
        """Model calls of this club since a time, oldest first."""
        rows = await self._session.scalars(
            select(ModelSpending)
            .where(ModelSpending.club_id == self._club_id, ModelSpending.at >= since)
            .order_by(ModelSpending.id)
        )
        return rows.all()


def _passages(pairs: Sequence[Sequence[str]]) -> tuple[Passage, ...]:
    return tuple(Passage(name, text) for name, text in pairs)
