"""Items of an edition from Markdown: heading, link, authors, badges, Why, key insights, quotes and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.chat.rich_text import LINK_TARGET, Bold, Link
from bot.chat.text import one_line, truncate
from bot.domain.links import identify as links
from bot.domain.links import sites, urls
from bot.editions.importing.blocks import BlockReader, is_italic
from bot.editions.importing.generated_lines import without_small_lines
from bot.editions.importing.inline import unescape
from bot.editions.importing.item_lines import names_in, number_before
from bot.editions.importing.item_links import cited_work, is_counter, leading_links, names_work, remark_behind
from bot.editions.importing.label_words import INSIGHTS, LINK_LINE, SUMMARY, WHY
from bot.editions.importing.markdown_lines import SourceBlock
from bot.editions.importing.references import paper_of
from bot.editions.model import prose
from bot.editions.model.blocks import Block, ListBlock, Paragraph, Point, Quotation, Subheading
from bot.editions.model.document import Badge, Document, Item, ItemKind, NumberedReference, SectionKind
from bot.editions.model.prose import Prose
from bot.editions.model.templates import BADGES
from bot.editions.render import captions, outline
from bot.editions.render.markdown import render_item_part, render_text
from bot.editions.render.outline_builder import item_outline
from bot.errors import UserError
from bot.locale import Translator

_LINKED_TITLE = re.compile(r"^\[((?:\\.|[^\[\]\\])*)\]\(<?((?:[^\s()<>]|\([^\s()<>]*\))+)>?\)$", re.DOTALL)
_LINKS_BEHIND = re.compile(
    rf"^(?P<title>.*?)\s*[(\[](?P<links>\[[^\[\]]+\]\({LINK_TARGET}\)(?:[\s,;|·/&]*\[[^\[\]]+\]\({LINK_TARGET}\))*)[)\]]$"
)
_AFTER_TITLE = re.compile(r"[)\]\s.]*(?:[:–—,;|(\[-]|\Z)")
_DIGITS = re.compile(r"\d+")

_KIND_OF_SECTION: dict[SectionKind, ItemKind] = {"news": "news", "code": "code"}
_FACTS = (outline.CorrectionNote, outline.VoteLine, outline.ThreadList, outline.CommentList)
"""Parts of an item that only the club's records say."""
MAX_TITLE = 200
"""Characters of a title before its link."""


@dataclass(slots=True)
class ItemReader:
    """Reads items. `base` is the edition whose facts are known; `listed` are the labels of all links by address."""

    blocks: BlockReader
    base: Document
    words: Translator
    listed: Mapping[str, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    references: Sequence[NumberedReference] = ()

    def read(self, heading: str, body: Sequence[SourceBlock], kind: SectionKind) -> Item:
        """One item from its heading and what follows it."""
        heading, in_heading = (heading, ()) if self.blocks.exact else self._links_beside_title(heading)
        number, title, url = self._heading(heading)
        body = list(body)
        badges = (*in_heading, *self._link_lines(body)) if not self.blocks.exact else ()
        url = url or next((badge.url for badge in badges if paper_of(badge.url)), "") or _first_url(badges)
        if not self.blocks.exact:
            url = self._real_address(url, title, body)
        known = self._known(url, title)
        item = self._identified(known, title, url, kind)
        item = replace(item, number=number, title=title, url=url, badges=badges)
        if self.blocks.exact:
            body = without_small_lines(body)
        if known:
            self._remove_facts(known, body)
        item = self._byline(item, body)
        if self.blocks.exact:
            item = replace(item, badges=self._badge_row(item, body))
        return self._texts(item, body, kind, known)

    def bullet(self, words: Prose, below: ListBlock | None, kind: SectionKind) -> Item:
        """One bullet of news or code as an item: its first link leads, and the sentence stays whole."""
        link = next(iter(prose.links(words)), None)
        bold = next((span.text for span in words if isinstance(span, Bold)), "")
        shown = (span for span in words if not (isinstance(span, Link) and span.label == span.url))
        sentence = _trimmed(one_line(prose.plain(tuple(shown)))) or one_line(prose.plain(words))
        label = link.label if link and link.label != link.url and len(link.label) >= 3 else ""
        before = one_line(prose.plain(words[: words.index(link)])).strip(" ([:.,–—-") if link else ""
        names_page = not label or LINK_LINE.match(label)
        if link and names_page and 3 <= len(bold or before) <= MAX_TITLE and _is_title_before(words, link):
            label = bold or before  # "Title ([arXiv](…))", "Title: https://…"
        title = one_line(label.strip(" :.") or bold.strip(" :.")) or truncate(sentence, 80)
        url = link.url if link else ""
        if link and kind == "theme" and (found := remark_behind(words, link)):
            title, words = found
        known = self._known(url, title)
        item = replace(self._identified(known, title, url, kind), title=title, url=url, why=words)
        if not url and not known and not bold:
            item = replace(item, kind=_KIND_OF_SECTION.get(kind, "post"))
        if kind == "theme":
            return self._paper_of_list(item, below)
        return replace(item, passages=(below,) if below else ())

    def _paper_of_list(self, item: Item, below: ListBlock | None) -> Item:
        """A paper that is a point of a list: its title leads, and the points below it may be labeled texts."""
        found, why_words = leading_links(_without_title(item.why, item), item.url)
        badges = tuple(Badge(badge_kind(one.label, one.url), one_line(one.label), one.url) for one in found)
        item = replace(item, why=why_words, badges=badges)
        others: list[Point] = []
        for point in below.points if below else ():
            block = Paragraph(point.words)
            why = self._after_label(block, WHY, self.words.gettext("Why"))
            insights = self._insights_lead(block)
            line = prose.plain(point.words)
            if why and not item.why:
                item = replace(item, why=why)
            elif insights is not None and not item.insights and (insights or point.below):
                lead: list[Block] = [Paragraph(insights)] if insights else []
                item = replace(item, insights=(*lead, *([point.below] if point.below else [])))
            elif not item.authors and not point.below and (names := names_in(line)):
                item = replace(item, authors=names)
            else:
                others.append(point)
        return replace(item, passages=(ListBlock(tuple(others), below.numbered),) if below and others else ())

    # Heading and links

    def _heading(self, text: str) -> tuple[int, str, str]:
        number = 0
        if found := (re.match(r"^(\d+)\. (.*)$", text, re.DOTALL) if self.blocks.exact else number_before(text)):
            number, text = (int(found[1]) if found[1].isdigit() else 0), found[2]
        if found := _LINKED_TITLE.match(text.strip() if not self.blocks.exact else text):
            title = self.blocks.plain(found[1])
            return number, title if self.blocks.exact else one_line(title), found[2]
        words = self.blocks.words(text)
        link = next(iter(prose.links(words)), None) if not self.blocks.exact else None
        title = self.blocks.plain(text)
        return number, title if self.blocks.exact else one_line(title), link.url if link else ""

    def _links_beside_title(self, heading: str) -> tuple[str, tuple[Badge, ...]]:
        """A heading without the links in brackets behind its title, "([paper](…), [slides](…))", and their badges."""
        found = _LINKS_BEHIND.match(heading)
        if not found or not found["title"].strip():
            return heading, ()
        links_there = prose.links(self.blocks.words(found["links"]))
        badges = (Badge(badge_kind(one.label, one.url), one_line(one.label), one.url) for one in links_there)
        return found["title"].rstrip(" :–—-"), tuple(badges)

    def _link_lines(self, body: list[SourceBlock]) -> tuple[Badge, ...]:
        """Badges from lines that are only links: "Content Link", "Paper: https://…", "[Paper](…) | [Code](…)"."""
        badges: list[Badge] = []
        for source in list(body[:6]):
            if source.kind not in ("text", "list") or source.text.startswith("!["):
                continue
            text = re.sub(r"^\s*[-*+•]\s+", "", source.text, flags=re.MULTILINE)
            words = self.blocks.words(text)
            said = (span.text if isinstance(span, Bold) else span for span in words if isinstance(span, str | Bold))
            found, rest = prose.links(words), "".join(said)
            names = [part for part in re.split(r"[|·•,/:;\s]{0,20}[|·•,/;]\s*|\s*:\s*", rest) if re.search(r"\w", part)]
            if not found or any(not isinstance(s, str | Link | Bold) for s in words):
                continue
            if not all(LINK_LINE.match(name) for name in names):
                continue
            if not names and not all(names_work(link) for link in found):
                continue
            body.remove(source)
            for place, link in enumerate(found):
                name = names[place].strip(" :-–—→") if place < len(names) else ""
                label = name if link.label == link.url else link.label
                if any(badge.url == link.url for badge in badges):
                    continue
                badges.append(Badge(badge_kind(label, link.url), one_line(label) or "Link", link.url))
        return tuple(badges)

    def _real_address(self, url: str, title: str, body: Sequence[SourceBlock]) -> str:
        """The address of the work itself: behind a click counter, in the text, or in the references."""
        if url and (paper := paper_of(url)) and is_counter(url):
            return paper.url
        if url and not is_counter(url):
            return url
        found = self._first_paper(body)
        if url:
            return found if found and not is_counter(found) else url
        return found or cited_work(title, self.references)

    def _first_paper(self, body: Sequence[SourceBlock]) -> str:
        found = [link for source in body for link in prose.links(self.blocks.words(source.text))]
        return next((link.url for link in found if paper_of(link.url)), found[0].url if len(found) == 1 else "")

    def _badge_row(self, item: Item, body: list[SourceBlock]) -> tuple[Badge, ...]:
        if not body or body[0].kind != "text":
            return ()
        words = self.blocks.words(body[0].text)
        found = prose.links(words)
        pairs = " | ".join("\x00" for _ in found)
        if not found or "".join(s if isinstance(s, str) else "\x00" for s in words) != pairs:
            return ()
        if any(self.listed.get(link.url, f"{item.title}: ") == link.label for link in found):
            return ()
        del body[0]
        return tuple(Badge(badge_kind(link.label, link.url), link.label, link.url) for link in found)

    # What is known of the item

    def _known(self, url: str, title: str) -> Item | None:
        paper = paper_of(url) if url else None
        for item in self.base.items:
            if item.key in self.keys:
                continue
            if (paper and item.key == paper.key) or (url and item.url == url):
                return item
        named = [i for i in self.base.items if i.title.casefold() == title.casefold() and i.key not in self.keys]
        return named[0] if len(named) == 1 and (not url or not named[0].url) else None

    def _identified(self, known: Item | None, title: str, url: str, kind: SectionKind) -> Item:
        """The item with its key and kind; texts are still those that are known."""
        if known:
            self.keys.add(known.key)
            return replace(
                known, badges=(), why=(), why_more=(), insights=(), passages=(), authors="", venue="", reference=0
            )
        key, item_kind = _key_and_kind(url, title, kind)
        first, place = key, 2
        while key in self.keys:
            key, place = f"{first}-{place}", place + 1
        self.keys.add(key)
        return Item(item_kind, key, title, url)

    def _remove_facts(self, known: Item, body: list[SourceBlock]) -> None:
        """Remove what the club's records say themselves, such as the line of votes, from what was written."""
        small = (outline.VoteLine,) if self.blocks.exact else ()
        if not self.blocks.exact:
            self._remove_origin(known, body)
        for part in item_outline(known, self.base).parts:
            if not isinstance(part, _FACTS) or isinstance(part, small):
                continue
            for piece in reversed(render_item_part(part)):
                wanted = _DIGITS.sub("0", piece)
                at = [n for n, source in enumerate(body) if _DIGITS.sub("0", source.source) == wanted]
                if at:
                    del body[at[-1] if not isinstance(part, outline.CorrectionNote) else at[0]]

    def _remove_origin(self, known: Item, body: list[SourceBlock]) -> None:
        """Remove the line that says who or what wrote the texts, as far as they were the same."""
        lines = [captions.item_origin(known, self.words)]
        if known.provenance:
            lines.append(captions.provenance(known.provenance, self.words))
        said = {_DIGITS.sub("0", note) for line in lines for note in line.split(" · ") if note}
        for source in body:
            text = source.text
            if source.kind == "text" and is_italic(text):
                notes = {_DIGITS.sub("0", note) for note in unescape(text[1:-1]).split(" · ")}
                if notes & said:
                    body.remove(source)
                    return

    def _byline(self, item: Item, body: list[SourceBlock]) -> Item:
        """The item with authors and venue from the line in italics below its heading."""
        if not body or body[0].kind != "text":
            return item
        text = body[0].text
        if not self.blocks.exact and (names := names_in(self.blocks.plain(text))):
            del body[0]
            return replace(item, authors=names)
        if (
            len(text) < 3
            or text[0] != "*"
            or text[-1] != "*"
            or text[:2] == "**"
            or re.search(r"(?<!\\)\*", text[1:-1])
        ):
            return item
        line = unescape(text[1:-1])
        if f"*{render_text(line)}*" != text and self.blocks.exact:
            return item
        lead = self.words.gettext("By {authors}", authors="\x00").partition("\x00")[0]
        if not line.startswith((lead, "By ", "by ")) and not self.blocks.exact:
            return item
        del body[0]
        reference = 0
        if (found := re.search(r"(?: |^)\[(\d{1,3})\]$", line)) and int(found[1]) in self.blocks.cited:
            line, reference = line[: found.start()], int(found[1])
        if item.pending:
            follow = self.words.gettext("Details to follow: the source did not answer in time")
            line = line.removesuffix(follow).removesuffix(" · ")
        authors, _, venue = line.partition(" · ")
        if not line.lower().startswith((lead.lower(), "by ")):
            authors, venue = "", line
        else:
            authors = authors[len(lead) if authors.startswith(lead) else 3 :]
        return replace(item, authors=authors, venue=venue, reference=reference)

    # Texts

    def _texts(self, item: Item, body: Sequence[SourceBlock], kind: SectionKind, known: Item | None) -> Item:
        found = list(self.blocks.read(self._labeled(body)))
        why: Prose = ()
        why_within = 1 if self.blocks.exact else 4
        labeled = ((n, self._after_label(b, WHY, self.words.gettext("Why"))) for n, b in enumerate(found[:why_within]))
        candidates = [(n, words) for n, words in labeled if words is not None]
        whys = [(n, words) for n, words in candidates if self._after_label(found[n], SUMMARY, "") is None]
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
        at = next((n for n, b in enumerate(found) if self._insights_lead(b) is not None), None)
        passages = found
        if at is not None:
            lead = self._insights_lead(found[at]) or ()
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
            if self._insights_lead(found[end]) is not None:
                break
            end += 1
        if end == len(found) or self._insights_lead(found[end]) is None:
            end = place if has_words else min(end, place + 1)
        return tuple(found[place:end]), [*found[:place], *found[end:]]

    def _labeled(self, body: Sequence[SourceBlock]) -> Sequence[SourceBlock]:
        return [s for s in body if s.kind != "rule"] if self.blocks.exact else body

    def _insights_lead(self, block: Block) -> Prose | None:
        return self._after_label(block, INSIGHTS, self.words.gettext("Key insights"))

    def _after_label(self, block: Block, label: re.Pattern[str], local: str) -> Prose | None:
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


def _without_title(words: Prose, item: Item) -> Prose:
    """Words of a point about an item, without the item's title and address at their start."""
    rest = list(words)
    first = rest[0] if rest else ""
    is_title = isinstance(first, str) and one_line(first).strip(" ([:.,–—-").casefold() == item.title.casefold()
    if is_title and len(rest) > 1 and isinstance(rest[1], Link) and names_work(rest[1]):
        return tuple(rest[1:])  # the title, and its address behind a colon or in brackets
    if (
        not isinstance(first, Link | Bold)
        or one_line(getattr(first, "label", getattr(first, "text", ""))) != item.title
    ):
        return words
    del rest[0]
    if len(rest) > 1 and rest[0] == " (" and isinstance(rest[1], Link) and rest[1].url == rest[1].label == item.url:
        rest[:2] = []
        rest[:1] = [rest[0].removeprefix(")")] if rest and isinstance(rest[0], str) else []
    if rest and isinstance(rest[0], str):
        rest[0] = rest[0].lstrip(" :—–-,")
    return tuple(span for span in rest if span != "")


def badge_kind(label: str, url: str) -> str:
    """The kind of a link by its label, else by its site."""
    name = re.sub(r"^\W+", "", label).casefold()
    for kind, (english, _unused) in BADGES.items():
        if name in (english.casefold(), kind):
            return kind
    if paper_of(url):
        return "paper"
    try:
        known = sites.known_kind(urls.parse(url))
    except UserError:
        known = None
    return str(known) if known else "post"


def _is_title_before(words: Prose, link: Link) -> bool:
    """True if what stands before a link is a title: a sign divides the link from what follows, or nothing follows."""
    at = words.index(link) + 1
    after = words[at] if at < len(words) else ""
    return any(isinstance(span, Bold) for span in words[:at]) or (
        isinstance(after, str) and bool(_AFTER_TITLE.match(after))
    )


def _trimmed(sentence: str) -> str:
    """A sentence from which an address was taken, without the signs that stood around it."""
    sentence = re.sub(r"\s*[(\[]\s*[)\]]", "", sentence).strip(" :–—-,")
    for opening, closing in ("()", "[]"):
        if sentence.count(opening) > sentence.count(closing):
            sentence = sentence.removesuffix(opening).rstrip()
        elif sentence.count(closing) > sentence.count(opening):
            sentence = sentence.removesuffix(closing).rstrip()
    return sentence.strip(" :–—-,")


def _first_url(badges: Sequence[Badge]) -> str:
    return badges[0].url if badges else ""


def _key_and_kind(url: str, title: str, kind: SectionKind) -> tuple[str, ItemKind]:
    slug = "added:" + re.sub(r"[^\w]+", "-", title.casefold()).strip("-")[:80]
    try:
        link = links.identify(url) if url else None
    except UserError:
        link = None
    if isinstance(link, links.PaperRef):
        return link.key, "paper"
    fallback = _KIND_OF_SECTION.get(kind, "post")
    if isinstance(link, links.LinkedItem):
        site: ItemKind = next((k for k in ("code", "video", "news", "paper") if k == str(link.kind)), "post")
        return link.key, fallback if fallback != "post" else site
    return slug, "paper" if kind == "theme" and not url else fallback
