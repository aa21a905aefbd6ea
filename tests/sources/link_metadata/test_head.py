"""Titles, authors and identifiers in the heads of pages."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.page_details import PageDetails
from bot.domain.publication_date import PublicationDate
from bot.sources.link_metadata.head import read_head


def head(inner: str) -> bytes:
    return f"<!doctype html><html><head>{inner}</head><body></body></html>".encode()


def test_a_paper_with_citation_tags() -> None:
    found = read_head(
        head(
            "<title>A Paper | Proceedings</title>"
            '<meta name="citation_title" content="A Paper: with H&lt;sub&gt;2&lt;/sub&gt;O">'
            '<meta name="citation_author" content="Lee, Ada"><meta name="citation_author" content="Bo Chen">'
            '<meta name="citation_author" content="The Group"><meta name="citation_doi" content="doi:10.1000/EX.1">'
            '<meta name="citation_publication_date" content="2020/05/04">'
            '<meta name="citation_conference_title" content="Conference of Examples">'
            '<meta property="og:description" content="About water.">'
        )
    )
    assert found == PageDetails(
        "A Paper: with H₂O",
        ("Ada Lee", "Bo Chen", "The Group"),
        "About water.",
        "Conference of Examples",
        "10.1000/ex.1",
        published=PublicationDate.of_iso("2020-05-04"),
    )


@pytest.mark.parametrize(
    ("inner", "arxiv_id", "doi"),
    [
        ('<meta name="citation_arxiv_id" content="2401.00001v2">', "2401.00001", ""),
        ('<meta name="citation_doi" content="10.48550/arXiv.2401.00001">', "2401.00001", ""),
        ('<meta name="dc.identifier" content="https://doi.org/10.1000/182">', "", "10.1000/182"),
        ('<meta name="dc.identifier" content="isbn 12"><meta name="citation_arxiv_id" content="x">', "", ""),
    ],
)
def test_identifiers(inner: str, arxiv_id: str, doi: str) -> None:
    found = read_head(head(f"<title>T</title>{inner}"))
    assert found is not None
    assert (found.arxiv_id, found.doi) == (arxiv_id, doi)


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<title>  A \n post </title>", "A post"),
        ("<title>Post | Site</title><meta property='og:site_name' content='Site'>", "Post"),
        ("<title>x</title><meta property='og:title' content='Shown &amp; shared'>", "Shown & shared"),
        ("<title>Tom &lt;b&gt; Jerry</title>", "Tom <b> Jerry"),
        ("<title>\u202eevil\u200b name</title>", "evil name"),
        ("<title>Errors in proofs</title>", "Errors in proofs"),
        (f"<title>{'x' * 10_000}</title>", "x" * 999 + "…"),
    ],
)
def test_titles(inner: str, title: str) -> None:
    found = read_head(head(inner))
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    "title",
    [
        "", " ", "Just a moment...", "Access Denied", "403 Forbidden", "404 Not Found", "Page not found", "Log in",
        "Attention Required! | Cloudflare", "Redirecting…", "Are you a robot?", "Sign in · GitLab",
        "Error", "Loading...",
        "Checking your browser before accessing", "500 Internal Server Error",
    ],
)  # fmt: skip
def test_titles_of_other_pages_than_the_right_one_are_none(title: str) -> None:
    assert read_head(head(f"<title>{title}</title>")) is None


def test_five_thousand_authors_and_unknown_charsets() -> None:
    authors = "".join(f'<meta name="citation_author" content="B{n}, A">' for n in range(5_000))
    found = read_head(head(f"<title>Ärger</title>{authors}"), "utf-8")
    assert found is not None
    assert (found.title, len(found.authors), found.authors[0]) == ("Ärger", 5_000, "A B0")
    assert read_head(head("<title>Plain</title>"), "no-such-charset") == PageDetails("Plain")
    latin = read_head("<title>Ärger</title>".encode("latin-1"), "iso-8859-1")
    assert latin == PageDetails("Ärger")


def test_external_entities_are_not_read() -> None:
    body = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><title>a&x;b</title></html>'
    found = read_head(body)
    assert found is not None
    assert "root:" not in found.title


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-16", "x"]))
def test_no_bytes_are_too_odd(body: bytes, charset: str) -> None:
    for whole in (body, b"<title>" + body, b"<meta name=citation_title content='" + body):
        found = read_head(whole, charset)
        assert found is None or found.title
