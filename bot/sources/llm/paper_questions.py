"""Requests to a model about one paper: an answer with quotes, or questions for a discussion. Nothing is checked."""

from __future__ import annotations

from hashlib import sha256
from typing import TypeVar

from pydantic import BaseModel

from bot.domain.summary_values import SummarySource
from bot.sources.llm.api_formats import TokenUsage
from bot.sources.llm.chunks import MAX_CHUNK_LENGTH, chunks, frame_as_data
from bot.sources.llm.client import ModelClient
from bot.sources.llm.prompt_loader import prompt
from bot.sources.llm.responses import ModelAnswer, ModelFailed, ModelStarters

Reply = TypeVar("Reply", bound=BaseModel)


class QuestionModel:
    """A model that reads a part of a paper and answers, or asks, about it."""

    def __init__(self, client: ModelClient) -> None:
        self.name = client.name
        self._client = client

    async def answer(self, source: SummarySource, question: str) -> tuple[ModelAnswer, int, int]:
        """An answer, and the tokens read and written. Raises ModelFailed. The source must fit into one request."""
        mark = sha256(question.encode()).hexdigest()[:16]
        asked = f"<<<question {mark}>>>\n{question}\n<<<end of question {mark}>>>"
        return await self._ask("answer", source, ModelAnswer, asked)

    async def starters(self, source: SummarySource) -> tuple[ModelStarters, int, int]:
        """Questions for a discussion, and the tokens read and written. Raises ModelFailed."""
        return await self._ask("starters", source, ModelStarters)

    async def _ask(
        self, name: str, source: SummarySource, reply_type: type[Reply], more: str = ""
    ) -> tuple[Reply, int, int]:
        usage = TokenUsage()
        text = frame_as_data(source, chunks(source, MAX_CHUNK_LENGTH)[0])
        try:
            reply = await self._client.ask_parsed(prompt(name), f"{text}\n\n{more}".strip(), reply_type, usage)
        except ModelFailed as error:
            raise ModelFailed(error.reason, usage.read, usage.written) from error
        return reply, usage.read, usage.written
