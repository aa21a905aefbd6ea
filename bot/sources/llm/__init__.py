"""The language model: asked for a draft about one paper at a time, told nothing else, believed in nothing."""

from bot.sources.llm.client import ModelClient
from bot.sources.llm.responses import ModelDraft, ModelFailed

__all__ = ["ModelClient", "ModelDraft", "ModelFailed"]
