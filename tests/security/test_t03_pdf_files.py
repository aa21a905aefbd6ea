"""T3: no PDF is read: a link to one leads to its paper's record, or stays a link; its bytes are never parsed."""

from __future__ import annotations

import pytest
from aiohttp import web
from packaging.utils import canonicalize_name

from bot.domain.page_details import PageDetails
from bot.sources.link_metadata.fetch import PageNotRead
from bot.sources.link_metadata.page_reader import PageSources
from tests.features.conversation import ATTENTION, submission_numbered
from tests.features.conversation import set_moderators_channel as set_up
from tests.sources.link_metadata.test_fetch import Network, fetcher, network
from tests.stand_ins import Harness
from tests.test_dependencies import declared

__all__ = ["network"]

READERS = {"fitz", "pdf2image", "pdfminer", "pdfplumber", "pikepdf", "pymupdf", "pypdf", "PyPDF2", "reportlab", "tika"}


class UnusedReader:
    """A page reader that records what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def details(self, url: str) -> PageDetails | None:
        self.asked.append(url)
        return None


async def test_the_pdf_of_a_paper_is_its_record_and_is_not_asked_for(club: Harness) -> None:
    reader = UnusedReader()
    club.change(page_reader=reader)
    await set_up(club)
    assert not (await club.say("Ada", f"/paper submit https://arxiv.org/pdf/{ATTENTION}v5.pdf")).failed
    assert (await submission_numbered(club, 1)).paper.key == f"arxiv:{ATTENTION}"
    assert reader.asked == []


@pytest.mark.parametrize("kind", ["application/pdf", "application/octet-stream", "image/svg+xml", ""])
async def test_a_page_that_turns_out_to_be_a_pdf_is_not_read(network: Network, kind: str) -> None:
    body = b"%PDF-1.7\n<head><title>Not a title</title></head>" + b"\0" * 100_000
    network.answer = lambda _: web.Response(body=body, headers={"Content-Type": kind} if kind else {})
    with pytest.raises(PageNotRead, match="not an HTML page"):
        await fetcher(network).fetch("http://example.org/paper.pdf")
    assert await PageSources(fetcher(network)).details("http://example.org/paper.pdf") is None


def test_the_program_has_nothing_that_reads_a_pdf() -> None:
    assert not {canonicalize_name(name) for name in READERS} & declared()
