"""Translations of an edition's labels, in the language of the edition."""

from __future__ import annotations

from bot.editions.model.document import Document
from bot.locale import Translator, translator
from bot.locale.current import current_language

DOMAIN = "edition"
"""The gettext domain (catalogue name) of an edition's labels."""

IN_ENGLISH = translator(DOMAIN, "en")


def words_in_use() -> Translator:
    """The translator for labels of an edition in an answer: in the language of who is answered."""
    return translator(DOMAIN, current_language())


def words_of(document: Document) -> Translator:
    """The translator for an edition's language."""
    return translator(DOMAIN, document.language)
