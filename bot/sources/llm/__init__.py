"""Client of a language model, which writes drafts about papers. Its answers are not trusted."""

from bot.sources.llm.client import ModelClient
from bot.sources.llm.responses import ModelDraft, ModelFailed

__all__ = ["ModelClient", "ModelDraft", "ModelFailed"]
