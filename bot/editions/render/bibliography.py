"""The references of an edition for reference managers and for LaTeX: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain import citations
from bot.domain.bibliography.csl_items import csl_item
from bot.domain.bibliography.typed_reference import read_typed_reference
from bot.editions.model.document import Document, NumberedReference, Work


def _complete(document: Document) -> list[NumberedReference]:
    """The references. One that was typed as a single line is split into its parts, as far as they are recognized."""
    return [_in_parts(reference) for reference in document.references]


def _in_parts(reference: NumberedReference) -> NumberedReference:
    work = reference.work
    if work.authors or work.journal:
        return reference
    typed = read_typed_reference(work.title)
    return replace(
        reference,
        work=replace(
            work, title=typed.title, latex_title=typed.title,
            authors=typed.authors, latex_authors=typed.authors, year=work.year or typed.year,
        ),
        et_al=reference.et_al or typed.others,
    )  # fmt: skip


def bibtex(document: Document) -> str:
    """Every reference as a BibTeX entry, each under a key of its own: `vaswani2017attention`, `…b`, `…c`."""
    return _joined(citations.bibtex(work, name=name, with_abstract=True) for name, work in _named(_complete(document)))


def ris(document: Document) -> str:
    """Every reference as an RIS record, for Zotero, EndNote and Mendeley. Lines end as its specification has them."""
    return _joined(citations.ris(reference.work, with_abstract=True) for reference in _complete(document)).replace(
        "\n", "\r\n"
    )


def csl_json(document: Document) -> str:
    """Every reference as CSL-JSON, which Zotero, Pandoc and citeproc read. Titles are as a reader sees them."""
    items = [csl_item(name, reference.work) for name, reference in _with_names(_complete(document))]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _named(references: Sequence[NumberedReference]) -> Iterator[tuple[str, Work]]:
    """Each work with its citation key; a work with truncated authors ends in "and others"."""
    for name, reference in _with_names(references):
        work = reference.work
        yield name, replace(work, latex_authors=(*work.latex_authors, "others")) if reference.et_al else work


def _with_names(references: Sequence[NumberedReference]) -> Iterator[tuple[str, NumberedReference]]:
    """Each reference with a key that no other has."""
    return zip(citations.unique_keys(reference.work for reference in references), references, strict=True)


def _joined(records: Iterator[str]) -> str:
    return "".join(f"{record}\n\n" for record in records).removesuffix("\n")
