"""A second request to a model about its own text: which of the sentences does the paper not support?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.summary_values import SummarySource
from bot.sources.llm.api_formats import TokenUsage
from bot.sources.llm.chunks import frame_as_data
from bot.sources.llm.client import ModelClient
from bot.sources.llm.prompt_loader import prompt
from bot.sources.llm.responses import ModelFailed, ModelReading


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A model's list of sentences that it does not find in the text, as (number from 1, words), unchecked."""

    unsupported: tuple[tuple[int, str], ...]
    tokens_in: int = 0
    tokens_out: int = 0


class SecondReader:
    """A model that reads sentences about a paper beside the paper's text."""

    def __init__(self, client: ModelClient) -> None:
        self._client = client

    @property
    def prompt(self) -> str:
        """Version of the prompt."""
        return prompt("second_reading").version

    @property
    def max_length(self) -> int:
        """Characters of a paper's text that fit into one request."""
        return self._client.chunk_length

    async def read(self, source: SummarySource, text: str, sentences: Sequence[str]) -> SecondReading:
        """Ask once about all `sentences`, with `text` as the paper's text.

        Raises ModelFailed, and TextTooLong if the model takes no text of this length.
        """
        numbered = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))
        mark = sha256(f"{source.digest}\n{numbered}".encode()).hexdigest()[:16]
        question = f"{frame_as_data(source, text)}\n\n<<<sentences {mark}>>>\n{numbered}\n<<<end of sentences {mark}>>>"
        usage = TokenUsage()
        try:
            said = await self._client.ask_parsed(prompt("second_reading"), question, ModelReading, usage)
        except ModelFailed as error:
            raise type(error)(error.reason, usage.read, usage.written) from error
        return SecondReading(tuple((one.sentence, one.words) for one in said.unsupported), usage.read, usage.written)
