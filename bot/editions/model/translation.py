"""Translations of an edition's labels, in the language of the edition."""

from __future__ import annotations

from bot.editions.model.document import Document
from bot.locale import Translator, translator

DOMAIN = "edition"
"""The gettext domain (catalogue name) of an edition's labels."""

IN_ENGLISH = translator(DOMAIN, "en")


def words_of(document: Document) -> Translator:
    """The translator for an edition's language."""
    return translator(DOMAIN, document.language)
