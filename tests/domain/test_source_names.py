"""Names of sources of new papers, as people type them."""

from __future__ import annotations

import pytest

from bot.domain.stream.source_kinds import StreamSourceKind
from bot.domain.stream.source_names import parse_source
from bot.errors import UserError

ARXIV, FEED, JOURNAL = StreamSourceKind.ARXIV, StreamSourceKind.FEED, StreamSourceKind.JOURNAL
BIORXIV, OPENREVIEW = StreamSourceKind.BIORXIV, StreamSourceKind.OPENREVIEW
ICLR = "ICLR.cc/2026/Conference"


@pytest.mark.parametrize(
    ("typed", "kind", "address"),
    [
        *[(typed, ARXIV, "cs.CL") for typed in ("cs.cl", "arXiv cs.CL", "arxiv: cs.CL (Computation and Language)")],
        *[(typed, ARXIV, "cs.CL") for typed in ("cs.CL on arXiv", "https://arxiv.org/list/cs.CL/recent", "“cs.CL”")],
        *[
            (typed, StreamSourceKind.HUGGINGFACE, "daily")
            for typed in ("hugging face", "Hugging Face’s Daily Papers", "HF", "huggingface.co/papers", "huggingface")
        ],
        *[(typed, JOURNAL, "0028-0836") for typed in ("ISSN 0028-0836", "issn: 00280836", "Nature (ISSN 0028-0836)")],
        *[(typed, JOURNAL, "0028-0836") for typed in ("journal 0028–0836", "0028 0836", "ISSN0028-0836")],
        *[(typed, BIORXIV, "neuroscience") for typed in ("bioRxiv: Neuroscience", "biorxiv neuroscience")],
        ("Neuroscience (bioRxiv)", BIORXIV, "neuroscience"),
        ("https://www.biorxiv.org/collection/cell-biology", BIORXIV, "cell biology"),
        ("medRxiv HIV/AIDS", StreamSourceKind.MEDRXIV, "hiv aids"),
        ("blog.example.org/feed", FEED, "https://blog.example.org/feed"),
        ("RSS: www.example.org/rss.xml", FEED, "https://www.example.org/rss.xml"),
        ("feed:https://example.org/a.xml", FEED, "https://example.org/a.xml"),
        *[(typed, OPENREVIEW, ICLR) for typed in (ICLR, f"OpenReview {ICLR}", f"https://openreview.net/group?id={ICLR}")],
    ],
)  # fmt: skip
def test_a_source_is_understood_as_it_is_typed(typed: str, kind: StreamSourceKind, address: str) -> None:
    assert parse_source(typed) == (kind, address)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cs.CL survey, benchmark", "“survey, benchmark” after the source cs.CL"),
        ("cs.CL, cs.LG", "“cs.LG” after the source cs.CL"),
        ("hugging face please", "“please” after the source huggingface"),
        ("bioRxiv neuroscience of fish", "“of fish” after the source biorxiv:neuroscience"),
        ("cs.CLL", "Did you mean `cs.CL`?"),
        ("cs", "several categories at arXiv.*cs.AI, cs.AR"),
        ("biorxiv", "Which subject of bioRxiv"),
        ("openreview", "Which venue of OpenReview"),
        ("journal Nature", "A journal is named by its ISSN"),
        ("0028-0837", "not a valid ISSN"),
        ("localhost/feed", "No source is called “localhost/feed”"),
        ("http://127.0.0.1/feed", "not the address of a public feed"),
        ("!!!", "No source is called"),
        ("“”", "Which source?"),
        ("cs.CL" + " x" * 200, "Which source?"),
    ],
)
def test_what_is_no_source_or_too_much_is_named(typed: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_source(typed)
