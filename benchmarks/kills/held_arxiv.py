"""An arXiv that does not answer for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.domain.paper_record import PaperRecord
from bot.sources.recorded_arxiv import RecordedArxiv


class HeldArxiv(RecordedArxiv):
    """The recorded arXiv; while `answers` is not set, it takes requests and says nothing."""

    def __init__(self, papers: Sequence[PaperRecord]) -> None:
        super().__init__(papers)
        self.answers, self.asked = asyncio.Event(), asyncio.Event()
        self.answers.set()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as soon as it may."""
        self.asked.set()
        await self.answers.wait()
        return await super().answer(request)
