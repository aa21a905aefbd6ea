"""Texts of an item: the Why, the key insights, and the passages around them, told apart by their labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.rich_text import Bold
from bot.chat.text import one_line
from bot.editions.importing.label_words import INSIGHTS, SUMMARY, WHY
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model.blocks import Block, ListBlock, Paragraph, Quotation, Subheading
from bot.editions.model.document import Item
from bot.editions.model.prose import Prose
from bot.editions.render import captions
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class ItemTextReader:
    """Reads the texts of items, whose labels may be in the language of `words`."""

    blocks: BlockReader
    words: Translator

    def read(self, item: Item, body: Sequence[SourceBlock], known: Item | None) -> Item:
        """The item with the texts of its blocks. `known` is the same item in the draft, which lends its quotes."""
        found = list(self.blocks.read(self._labeled(body)))
        why: Prose = ()
        why_within = 1 if self.blocks.exact else 4
        labeled = ((n, self.after_label(b, WHY, self.words.gettext("Why"))) for n, b in enumerate(found[:why_within]))
        candidates = [(n, words) for n, words in labeled if words is not None]
        whys = [(n, words) for n, words in candidates if self.after_label(found[n], SUMMARY, "") is None]
        place, words = next(iter(whys or candidates), (0, None))
        below = found[place + 1] if place + 1 < len(found) else None
        if words == () and not self.blocks.exact and isinstance(below, Paragraph):
            words = below.words  # the label stands on a line of its own
            del found[place]
        if words is not None:
            why = words
            del found[place]
            if item.kind != "paper":
                item = replace(item, kind="paper")
        why_more: tuple[Block, ...] = ()
        if words is not None:
            why_more, found = self._rest_of_why(found, place, known, bool(words))
        insights: list[Block] = []
        at = next((n for n, b in enumerate(found) if self.insights_lead(b) is not None), None)
        passages = found
        if at is not None:
            lead = self.insights_lead(found[at]) or ()
            rest = found[at + 1 :]
            end = next(
                (n for n, b in enumerate(rest) if not isinstance(b, Paragraph | ListBlock | Subheading)), len(rest)
            )
            end = max(end, 0 if lead else min(len(rest), 1))
            insights = [*([Paragraph(lead)] if lead else []), *rest[:end]]
            before = found[:at]
            if (
                insights and not why and len(before) == 1 and isinstance(before[0], Paragraph)
            ):  # news and code have no label there
                why, before = before[0].words, []
                item = replace(item, kind="post" if item.kind == "paper" else item.kind)
            passages = [*before, *rest[end:]] if insights else found
        elif not why and item.kind != "paper" and found and isinstance(found[0], Paragraph):
            why, passages = found[0].words, found[1:]
        quotes = {one_line(b.text): b for b in (known.passages if known else ()) if isinstance(b, Quotation)}
        kept = tuple(self._as_verified(block, quotes) for block in passages)
        return replace(item, why=why, why_more=why_more, insights=tuple(insights), passages=kept)

    def _rest_of_why(
        self, found: list[Block], place: int, known: Item | None, has_words: bool
    ) -> tuple[tuple[Block, ...], list[Block]]:
        """The blocks that belong to the Why behind its first line, and the other blocks.

        That is what the edition has there, the list below a label without words, and paragraphs and lists up to the
        key insights.
        """
        if known and known.why_more and tuple(found[place : place + len(known.why_more)]) == known.why_more:
            end = place + len(known.why_more)
            return known.why_more, [*found[:place], *found[end:]]
        end = place
        while end < len(found) and isinstance(found[end], Paragraph | ListBlock):
            if self.insights_lead(found[end]) is not None:
                break
            end += 1
        if end == len(found) or self.insights_lead(found[end]) is None:
            end = place if has_words else min(end, place + 1)
        return tuple(found[place:end]), [*found[:place], *found[end:]]

    def _labeled(self, body: Sequence[SourceBlock]) -> Sequence[SourceBlock]:
        return [s for s in body if s.kind != "rule"] if self.blocks.exact else body

    def insights_lead(self, block: Block) -> Prose | None:
        """The words after the label of the key insights; None if the block has no such label."""
        return self.after_label(block, INSIGHTS, self.words.gettext("Key insights"))

    def after_label(self, block: Block, label: re.Pattern[str], local: str) -> Prose | None:
        """The words after a label such as "**Why** → "; None if the block has no such label."""
        words = getattr(block, "words", ())
        if isinstance(block, Subheading) and label.match(block.text):
            return ()
        if not isinstance(block, Paragraph) or not words:
            return None
        first, rest = words[0], words[1:]
        if isinstance(first, Bold):
            name = re.sub(r"^\W+", "", first.text)
            if not (label.match(first.text) or name == local):
                return None
            if not rest:
                return ()
            if not isinstance(rest[0], str):
                return None if self.blocks.exact else rest
            if self.blocks.exact:
                if rest[0] == " →":
                    return () if len(rest) == 1 else None
                if not rest[0].startswith(" → "):
                    return None
                return tuple(s for s in (rest[0].removeprefix(" → "), *rest[1:]) if s != "")
            return tuple(s for s in (rest[0].lstrip(" →:：-–—>"), *rest[1:]) if s != "")
        if isinstance(first, str) and not self.blocks.exact:
            found = re.match(r"^(\W{0,4}[\w ?;’'-]{2,28}?)\s*(?:→|->|:|：)\s*", first)
            if found and (label.match(found[1])):
                return tuple(s for s in (first[found.end() :], *rest) if s != "")
        return None

    def _as_verified(self, block: Block, quotes: Mapping[str, Quotation]) -> Block:
        """The quote with where it was found, if the edition has it."""
        if not isinstance(block, Quotation) or (same := quotes.get(one_line(block.text))) is None:
            return block
        shown = replace(same, where=captions.quotation_source(same, self.words)).credit
        if block.where in (same.credit, shown):
            return replace(same, text=block.text)
        return replace(same, text=block.text, where=block.where, speaker="")
