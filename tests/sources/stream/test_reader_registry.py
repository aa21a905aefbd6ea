"""Registry of readers: every kind of source has its reader, its label and a name that people can type."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain.stream.source_kinds import StreamSourceKind
from bot.domain.stream.source_names import parse_source
from bot.ports import StreamReader
from bot.settings import load
from bot.sources.stream.biorxiv import MedrxivServer, PreprintServer
from bot.sources.stream.reader_registry import open_stream_readers
from tests.sources.clock import Clock
from tests.sources.local_rate_gate import LocalRateGate
from tests.sources.stream.recorded import RecordedListing

TYPED = {
    StreamSourceKind.ARXIV: "cs.CL",
    StreamSourceKind.BIORXIV: "biorxiv:neuroscience",
    StreamSourceKind.MEDRXIV: "medrxiv:oncology",
    StreamSourceKind.JOURNAL: "0028-0836",
    StreamSourceKind.FEED: "https://example.org/feed.xml",
    StreamSourceKind.OPENREVIEW: "openreview:ICLR.cc/2026/Conference",
    StreamSourceKind.HUGGINGFACE: "huggingface",
}


async def readers_of(folder: Path, **given: str) -> Mapping[StreamSourceKind, StreamReader]:
    settings = load(
        {"JOURNALCLUB_DATA_DIR": str(folder)} | {f"JOURNALCLUB_{name}": value for name, value in given.items()},
        env_file=None,
    )
    async with AsyncExitStack() as stack:
        return await open_stream_readers(settings, LocalRateGate(), RecordedListing(Clock().now), stack)


async def test_every_kind_has_a_reader_of_its_own(tmp_path: Path) -> None:
    readers = await readers_of(tmp_path)
    assert set(readers) == set(StreamSourceKind)
    assert len({type(reader) for reader in readers.values()}) == len(StreamSourceKind)
    assert type(readers[StreamSourceKind.BIORXIV]) is PreprintServer
    assert type(readers[StreamSourceKind.MEDRXIV]) is MedrxivServer


async def test_only_a_kind_whose_host_is_turned_off_has_no_reader(tmp_path: Path) -> None:
    readers = await readers_of(tmp_path, CROSSREF__ENABLED="false")
    assert set(StreamSourceKind) - set(readers) == {StreamSourceKind.JOURNAL}


@pytest.mark.parametrize("kind", list(StreamSourceKind))
def test_every_kind_has_a_label_and_can_be_typed(kind: StreamSourceKind) -> None:
    found, address = parse_source(TYPED[kind])
    assert found == kind
    assert kind.label
    assert parse_source(kind.typed(address)) == (kind, address), "as it is shown"
