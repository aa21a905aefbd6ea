"""Sentences about changes of a draft that were undone."""

from __future__ import annotations

from typing import assert_never

from bot.chat.form_texts import option_label
from bot.chat.text import truncate
from bot.editions.edit.changes import (
    ArrangeSections,
    Change,
    ChartChange,
    CompleteItem,
    CorrectionChange,
    CreditChange,
    Drop,
    FigureChange,
    ImportChange,
    InsertOrReplaceItem,
    Move,
    QuoteChange,
    ReferenceChange,
    RefreshReference,
    RemoveQuote,
    ReplaceNames,
    ResolveQuote,
    RewriteItem,
    WriteText,
)
from bot.editions.model.document import Document
from bot.locale.current import _


def undone_sentence(change: Change | None, document: Document) -> str:
    """Sentence that names the deed that was undone; None stands for starting the draft over."""
    if change is None:
        return _("The fresh start was undone. Your manual changes are back.")
    return _("Undone: {deed}.", deed=_deed(change, {item.key: item.title for item in document.items}))


def _deed(change: Change, titles: dict[str, str]) -> str:
    """The deed in words, such as "the new introduction of the edition"."""
    title = truncate(
        titles.get(getattr(change, "item", "") if not isinstance(change, InsertOrReplaceItem) else "", ""), 80
    )
    match change:
        case WriteText(part):
            text = option_label("part", part)
            return (
                _("the new text of “{part}” in “{title}”", part=text, title=title)
                if title
                else (_("the new text of “{part}”", part=text))
            )
        case RewriteItem():
            return _("the new texts of “{title}”", title=title)
        case QuoteChange():
            return _("the new quote in “{title}”", title=title)
        case ResolveQuote() | RemoveQuote():
            return _("the change of a quote in “{title}”", title=title)
        case FigureChange():
            return _("the figure in “{title}”", title=title) if title else _("the figure in the letter")
        case Move():
            return _("the move of “{title}”", title=title)
        case Drop():
            return _("the removal of “{title}”", title=title) if title else _("the removal of an item")
        case InsertOrReplaceItem(item):
            return _("the new item “{title}”", title=truncate(item.title, 80))
        case ArrangeSections(section):
            return _("the change of the section “{section}”", section=truncate(section, 60))
        case ReferenceChange(work) | RefreshReference(work):
            return _("the reference “{title}”", title=truncate(work.title, 80))
        case ChartChange(chart):
            return _("the chart “{title}”", title=truncate(chart.title, 80))
        case CreditChange(role):
            return _("the credit “{role}”", role=role)
        case ImportChange():
            return _("the import")
        case CorrectionChange() | CompleteItem() | ReplaceNames():
            return _("the last correction")
        case _:
            assert_never(change)
