"""The small lines around an item, in the words that every renderer uses."""

from __future__ import annotations

from bot.editions.document import Document, Item, Reference
from bot.editions.labels import Labels


def heading(item: Item) -> str:
    """The title, with its number where items are numbered: "3. Language Model Cascades"."""
    return f"{item.number}. {item.title}" if item.number else item.title


def byline(item: Item, labels: Labels) -> str:
    """Who wrote it, where and when, and its place in the references; empty where none of it is known."""
    bits = [f"{labels.by} {item.authors}" if item.authors else "", item.venue]
    bits += [labels.details_follow] if item.pending else []
    line = " · ".join(bit for bit in bits if bit)
    return f"{line} [{item.reference}]".strip() if item.reference else line


def standing(item: Item, labels: Labels, *, beside_live: bool = False) -> str:
    """How the club stood to it when the edition was closed, and who brought it; empty where the club had no part.

    `beside_live` says that these votes are of then, where the votes of now stand below.
    """
    bits = []
    if item.submission:
        bits.append(labels.count(item.votes) + (f" {labels.at_closing}" if beside_live else ""))
    if item.voices:
        bits.append(labels.discussed.format(n=item.voices))
    if item.voters:
        bits.append(labels.voted_by.format(names=", ".join(item.voters)))
    if item.brought_by:
        number = f" (#{item.brought})" if item.brought else ""
        by = labels.brought_by[:1].lower() + labels.brought_by[1:]
        bits.append(f"{by} {', '.join(item.brought_by)}{number}")
    return " · ".join(bits)


def reference(entry: Reference) -> tuple[str, str, str]:
    """An entry of the references in three pieces: what stands before the title, the title, what stands after it."""
    before = f"[{entry.number}] {entry.people}".rstrip()
    after = f". {entry.place}." if entry.place else "."
    after += f" {entry.work.withdrawn}" if entry.work.withdrawn else ""
    stop = "" if not entry.people or entry.people.endswith(".") else "."
    return f"{before}{stop} ", entry.work.title, after


def source_note(document: Document) -> str:
    """The last line of all: how the edition came about."""
    return f"{document.name} · {document.days}"
