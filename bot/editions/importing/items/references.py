"""References of an edition from Markdown: numbered entries with a title, its address, people and place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from bot.chat.rich_text import Link
from bot.domain.links import identify as links
from bot.editions.importing.label_words import CLOSING
from bot.editions.importing.markdown.inline import parse_inline, unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model import prose
from bot.editions.model.document import NumberedReference, Work
from bot.editions.render import captions, outline
from bot.editions.render.markdown import render_reference
from bot.errors import UserError

_ENTRY = re.compile(r"^(?:[-*+•]\s+)?(?:\\?\[(\d{1,3})\\?\]|(\d{1,3})[.)])\s*(.*)$", re.DOTALL)
_LINKED = re.compile(
    r"^(?P<before>.*?)\[(?P<title>(?:\\.|[^\[\]\\])*)\]\((?P<url>(?:[^\s()]|\([^\s()]*\))+)\)(?P<after>.*)$", re.DOTALL
)
_ID = re.compile(r"arxiv:|doi:", re.IGNORECASE)
_PLACE = re.compile(r"^\. (?P<place>.+?)\.(?: (?P<withdrawn>.+))?$", re.DOTALL)


def paper_of(url: str) -> links.PaperRef | None:
    """The paper that a link is about; None if it is about none that is known by an id."""
    try:
        link = links.identify(url)
    except UserError:
        return None
    return link if isinstance(link, links.PaperRef) else None


def read_references(
    sources: Sequence[SourceBlock], known: Sequence[NumberedReference]
) -> tuple[NumberedReference, ...]:
    """The entries of a list of references. Of an entry that the edition has word for word, all details are kept."""
    by_source = {_source(entry): entry for entry in known}
    texts = list(_entry_texts(sources))
    taken = {int(found[1] or found[2]) for text in texts if (found := _ENTRY.match(text))}
    entries: dict[int, NumberedReference] = {}
    for text in texts:
        free = next(n for n in count(1) if n not in taken)
        entry = by_source.get(text) or _entry(text, free)
        if entry.number in entries:  # a number that stands there twice
            entry = replace(entry, number=free)
        taken.add(entry.number)
        entries[entry.number] = entry
    return tuple(entries.values())


def repeated_numbers(sources: Sequence[SourceBlock]) -> tuple[int, ...]:
    """Numbers that several entries of a list of references have: a citation of one means the first of them."""
    found = [_ENTRY.match(text) for text in _entry_texts(sources)]
    numbers = Counter(int(entry[1] or entry[2]) for entry in found if entry)
    return tuple(number for number, times in numbers.items() if times > 1)


def reference_of_url(url: str, number: int) -> NumberedReference:
    """A reference to a work of which only the address is known."""
    return NumberedReference(number, _as_typed(url), cited=True)


def after_references(sources: Sequence[SourceBlock]) -> int:
    """Place of the block after the last entry of a list of references: what follows there belongs to no entry.

    Of a list without numbers, that is where the author takes leave.
    """
    numbered = [n for n, source in enumerate(sources) if any(map(_ENTRY.match, source.lines))]
    if not numbered:
        leave = (n for n, source in enumerate(sources) if n and source.kind == "text" and CLOSING.match(source.text))
        return next(leave, len(sources))
    end = numbered[-1] + 1
    while end < len(sources) and (sources[end].kind != "text" or sources[end].source[:1].isspace()):
        end += 1
    return end


def _source(entry: NumberedReference) -> str:
    before, title, after = captions.reference(entry)
    return render_reference(outline.ReferenceEntry(entry.number, before, title, entry.work.url, after))


def _entry_texts(sources: Sequence[SourceBlock]) -> Iterator[str]:
    """Each entry as text; one begins at a number, or at a new block."""
    for source in sources:
        entry = ""
        for line in source.lines:
            if entry and _ENTRY.match(line):
                yield entry
                entry = ""
            entry = f"{entry}\n{line}" if entry else line
        if entry:
            yield entry


def _entry(text: str, number: int) -> NumberedReference:
    found = _ENTRY.match(text)
    number = int(found[1] or found[2]) if found else number
    rest = found[3] if found else text
    candidates = [*_linked(rest), _untitled(rest)]
    for work in candidates:
        entry = NumberedReference(number, work, cited=True)
        if _source(entry) == text:
            return entry
    return NumberedReference(number, _as_typed(rest), cited=True)


def _as_typed(text: str) -> Work:
    """The work of an entry as a person writes it: its parts where its link divides them, else the entry as a whole."""
    words = parse_inline(" ".join(text.split()))
    plain = prose.plain(words).strip()
    found = next((span for span in words if isinstance(span, Link)), None)
    if found is None:
        return _work(plain.removesuffix("."), "", "", "")
    before, _, after = plain.partition(found.label)
    people = before.strip()
    if _ID.match(found.label) or found.label == found.url:  # the link is the address of all that is said before
        title = f"{before.rstrip(' .,:;([—–-')} {after.strip(' .,:;)]')}".strip()
        return _work(title or plain, "", found.url, "")
    if not people or people[-1] in ".,:;–—":
        people = people.rstrip(" ,:;–—")
        return _work(
            found.label, people if people.endswith("al.") else people.rstrip("."), found.url, after.strip(" .,")
        )
    return _work(plain.removesuffix("."), "", found.url, "")


def _linked(text: str) -> Iterator[Work]:
    """The work of an entry whose title, or whose address, is a link."""
    found = _LINKED.match(text)
    if found is None:
        return
    people = unescape(found["before"]).strip()
    place = _PLACE.match(unescape(found["after"]))
    title = Link.as_shown(unescape(found["title"]), found["url"]).label
    yield _work(
        title, people.removesuffix("."), found["url"],
        place["place"] if place else unescape(found["after"]).strip(" ."), (place["withdrawn"] or "") if place else "",
    )  # fmt: skip
    yield _work(title, people, found["url"], place["place"] if place else "")


def _untitled(text: str) -> Work:
    return _work(unescape(text).removesuffix("."), "", "", "")


def _work(title: str, people: str, url: str, place: str, withdrawn: str = "") -> Work:
    authors = tuple(filter(None, re.split(r", (?:and |& )?| and | & ", people)))
    if ", ".join(authors) != people:
        authors = (people,) if people else ()
    paper = paper_of(url) if url else None
    where, _, last = place.rpartition(", ")
    year = int(last) if re.fullmatch(r"[12]\d{3}", last) else None
    journal = where if year else place
    if year is None and re.fullmatch(r"[12]\d{3}", place):
        year, journal = int(place), ""
    arxiv = paper.id if paper and paper.source == "arxiv" else ""
    return Work(
        title, authors, url, title, authors, year, arxiv_id=arxiv,
        doi=paper.id if paper and paper.source == "doi" else "",
        journal="" if journal == f"arXiv:{arxiv}" or (paper and journal == paper.id) else journal,
        withdrawn=withdrawn,
    )  # fmt: skip
