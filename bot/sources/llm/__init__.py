"""The language model: asked for a draft about one paper at a time, told nothing else, believed in nothing."""

from bot.sources.llm.answers import ModelDraft, ModelFailed
from bot.sources.llm.model import ModelClient

__all__ = ["ModelDraft", "ModelClient", "ModelFailed"]
