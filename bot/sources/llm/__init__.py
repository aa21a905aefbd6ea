"""The language model: asked for a draft about one paper at a time, told nothing else, believed in nothing."""

from bot.sources.llm.answers import Draft, ModelFailed
from bot.sources.llm.model import Model

__all__ = ["Draft", "Model", "ModelFailed"]
