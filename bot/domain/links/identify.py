"""Identification of pasted text: one paper, one item, or a phrase to search.

Nothing here uses the network. Text is limited in length before any pattern is applied, and all patterns run in linear
time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, assert_never
from urllib.parse import quote, unquote

from bot.domain.links import arxiv_ids, sites, urls
from bot.domain.links.canonical import canonical, doi_of_page, page_of_doi
from bot.domain.links.sites import SiteKind
from bot.domain.links.tokens import (
    ARXIV_ID,
    DOI,
    DOI_START,
    GLUED,
    PastedToken,
    find_tokens,
    normalize_paste,
    strip_punctuation,
)
from bot.domain.links.urls import ParsedUrl
from bot.errors import UserError
from bot.locale.current import _, _n, formatted

__all__ = ["IdentifiedLink", "LinkedItem", "PaperRef", "SearchPhrase", "SiteKind", "find_all", "identify"]

MAX_TEXT_LENGTH = urls.MAX_URL_LENGTH
MAX_PHRASE_LENGTH = 300
"""Characters of a part of a title; no title on arXiv is longer."""
MAX_MESSAGE_LENGTH = 12_000
"""Characters of a chat message that are searched: Slack converts longer ones to a file, Discord allows 4,000."""
MAX_LINE_LENGTH = 40_000
"""Characters of a typed line, such as a pasted reference with its abstract."""
MAX_CHOICE = 10
"""Links of one line that are offered."""
MAX_LINKS = 50
"""Candidates examined in one message."""
_MAX_REDIRECTS = 3  # links within redirects


@dataclass(frozen=True, slots=True)
class PaperRef:
    """One paper, and its version if the link named one."""

    source: Literal["arxiv", "doi"]
    id: str
    version: int | None = None

    @property
    def key(self) -> str:
        """Key of the paper in all versions: `arxiv:1706.03762`, `doi:10.1145/3292500.3330701`."""
        return f"{self.source}:{self.id}"

    @property
    def url(self) -> str:
        """Page of the paper: arXiv's abstract, of the version if there is one, or the DOI's resolver."""
        if self.source == "doi":
            return f"https://doi.org/{quote(self.id)}"
        return f"https://arxiv.org/abs/{self.id}{f'v{self.version}' if self.version else ''}"


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """A link that is no paper known by an id: a blog post, code, news, or a paper known by its page only."""

    kind: SiteKind
    url: str

    @property
    def key(self) -> str:
        """Key that is the same for every link to the same page: `web:https://example.org/post`."""
        try:
            return f"web:{urls.normalized_key(canonical(urls.parse(self.url)))}"
        except UserError:  # an address stored under older rules keeps its own key
            return f"web:{self.url}"


@dataclass(frozen=True, slots=True)
class SearchPhrase:
    """Words that may be part of the title of a known paper; the store decides."""

    text: str


IdentifiedLink = PaperRef | LinkedItem

DOI_ALONE = re.compile(rf"(?:(?:info:)?doi\s?[:/]?\s?)?({DOI_START}[!$&-\[\]_a-z~]+)", re.IGNORECASE)
"""A text that is one DOI. Old ones contain < and >."""
_RESOLVER_AGAIN = re.compile(r"(?:(?:https?:/{1,3})?(?:dx\.)?doi\.org/|doi:\s?|https?:/{1,3})+", re.IGNORECASE)
_DOI_IN_URL = re.compile(rf"(?:^|[/:])({DOI})", re.IGNORECASE)
_DOI_SUFFIXES = frozenset(
    {
        "abstract", "article-info", "citation", "citations", "epdf", "figures", "full", "full-text", "fulltext", "html",
        "long", "meta", "pdf", "pdfdirect", "pdfplus", "reader", "references", "short", "summary", "xml",
    }
)  # fmt: skip
"""Parts that publishers append to a DOI in the addresses of a paper's pages."""
_BIORXIV = ("10.1101/", "10.64898/")  # prefixes of bioRxiv and medRxiv: the old one, and openRxiv's
_BIORXIV_VERSION = re.compile(r"(?<=[0-9])v[0-9]{1,3}(?:\.[a-z-]+)*$")
_DOI_WITH_SLUG = frozenset({"academic.oup.com", "direct.mit.edu"})
"""Sites that append the number and the title of an article to its DOI."""
_SLUG = re.compile(r"(?<!^)/[0-9]{4,9}(?:/.*)?$")
_ARXIV_ID_LIKE = re.compile(rf"(?:arxiv\s?[:/]?\s?)?({ARXIV_ID}|[0-9]{{4}}\.[0-9]+(?:v[0-9]*)?)", re.IGNORECASE)
_SITE_ALONE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}", re.IGNORECASE)
_OTHER_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]{0,30}://|(?:about|blob|data|file|javascript|mailto|tel|vbscript):\S", re.IGNORECASE
)
_AMPERSAND = re.compile(r"&(?:amp;)+")  # Slack escapes it in messages, sometimes twice
_GLUED = re.compile(GLUED, re.IGNORECASE)
_SLASHES = re.compile(r"(?<=:)/+")
ENTRY = re.compile(r"@[a-z]{2,20}\s?\{[^\s{}]{0,200},|(?:^|\s)TY {1,2}- [A-Z]", re.IGNORECASE)
"""Start of a BibTeX entry or of a RIS record."""
QUOTES = " \"'`“”‘’«»‹›"
"""Marks around a pasted text that do not belong to it."""


def identify(text: str) -> IdentifiedLink | SearchPhrase:
    """The one paper, item or phrase in a text; words around a link are ignored.

    Of a paper with its code or its news, it is the paper. Raises UserError for text that is empty or too long, for
    several papers, for an invalid id, and for a link to many papers or one that should not be followed.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise UserError(
            _(
                "That is {count} characters long, but a link or a title can have at most {most}. Please paste only "
                "the link.",
                count=formatted(len(text), ","),
                most=formatted(MAX_TEXT_LENGTH, ","),
            )
        )
    text = " ".join(normalize_paste(text).split()).lstrip("/")
    if alone := DOI_ALONE.fullmatch(text.strip(QUOTES)):
        return identify_doi(alone[1])
    found, refused = _find_links(text, alone=" " not in text.strip(QUOTES))
    if one := only_link(text, found):
        return one
    if found:
        papers = [link for link in found if is_paper(link)]
        several = _n("{n} paper", "{n} papers", len(papers)) if papers else _n("{n} link", "{n} links", len(found))
        raise UserError(_("There are {several} in that. Please send them one at a time.", several=several))
    if refused:
        raise refused[0]
    return _identify_phrase(text.strip(QUOTES))


def alternatives(text: str) -> list[IdentifiedLink]:
    """The papers among which a text leaves a choice, or its links if none is a paper; [] if it names one or none."""
    found = _find_links(normalize_paste(text[:MAX_LINE_LENGTH]), alone=False)[0]
    papers = [link for link in found if is_paper(link)]
    return [] if len(papers) == 1 or len(found) < 2 else (papers or found)[:MAX_CHOICE]


def hinted_paper(link: LinkedItem) -> PaperRef | None:
    """The paper whose arXiv id is in the path of a page of an unknown site: perhaps a mirror; None if there is none."""
    address = urls.parse(link.url)
    ids = arxiv_ids.in_path(unquote(address.path)) if sites.known_kind(address) is None else []
    return _by_id_or_none(ids[0]) if len(ids) == 1 else None


def is_paper(link: IdentifiedLink) -> bool:
    """True for a paper, known by its id or by its page."""
    return isinstance(link, PaperRef) or link.kind is SiteKind.PAPER


def find_all(message: str) -> list[IdentifiedLink]:
    """Every paper and item that a chat message links to, once each, in order; unusable links are skipped."""
    return _find_links(normalize_paste(message[:MAX_MESSAGE_LENGTH]), alone=False)[0]


def only_link(text: str, found: list[IdentifiedLink]) -> IdentifiedLink | None:
    """The one paper that a text is about, or its only link; None if it leaves a choice or has none."""
    known = [link for link in found if isinstance(link, PaperRef)]
    papers = known if len(known) == 1 else [link for link in found if is_paper(link)]
    if len(ENTRY.findall(text)) == 1 and len(papers) > 1:  # one work, with its preprint, its DOI and its page
        preprints = [link for link in known if link.source == "arxiv"]
        papers = preprints if len(preprints) == 1 else known[:1] or papers[:1]
    return papers[0] if len(papers) == 1 else found[0] if len(found) == 1 else None


def _find_links(text: str, *, alone: bool) -> tuple[list[IdentifiedLink], list[UserError]]:
    """Links of a text, and the errors of its other links."""
    found: dict[str, IdentifiedLink] = {}
    refused: list[UserError] = []
    for piece in find_tokens(text, MAX_LINKS):
        try:
            link = identify_token(piece, alone=alone)
        except UserError as error:
            refused.append(error)
        else:
            if link:
                found.setdefault(link.key, link)
    return list(found.values()), refused


def identify_token(piece: PastedToken, *, alone: bool) -> IdentifiedLink | None:
    """Target of a token; None if it only looked like a link. Raises UserError."""
    match piece.form:
        case "doi":
            return identify_doi(piece.text)
        case "arxiv":
            return _by_id(piece.text)
        case "id":
            return _by_id_or_none(piece.text)  # may be any number with a dot; see `_identify_phrase`
        case "named":
            if paper := _by_id_or_none(piece.text):  # math.GT/0309136 has the form of a site
                return paper
            address = _parse_address(piece.text)
            return _identify_address(address) if alone or sites.is_known(address) else None  # and/or, e.g./i.e.
        case "url":
            return _identify_address(_parse_address(piece.text))
        case _:
            assert_never(piece.form)


def _identify_phrase(text: str) -> IdentifiedLink | SearchPhrase:
    """Text without a link: a mistyped id, the name of a site, or part of a title. Raises UserError."""
    if _OTHER_SCHEME.match(text):
        urls.parse(text)  # raises UserError with the accepted links
    if almost := _ARXIV_ID_LIKE.fullmatch(text):
        return _by_id(almost[1])
    if _SITE_ALONE.fullmatch(text) and (text.lower().startswith("www.") or sites.is_known(_parse_address(text))):
        return _identify_address(_parse_address(text))
    if not any(map(str.isalnum, text)):
        raise UserError(_("Please paste a link, an arXiv id such as 1706.03762, a DOI, or some words of the title."))
    if len(text) > MAX_PHRASE_LENGTH:
        raise UserError(
            _(
                "There is no link in that text, and it is too long for a title ({count} characters). Please paste the "
                "paper’s link, its arXiv id or its DOI.",
                count=len(text),
            )
        )
    return SearchPhrase(text)


def _by_id(text: str) -> PaperRef:
    """Paper of an arXiv id. Raises UserError if the id is invalid."""
    if not (known := arxiv_ids.parse(text)):
        raise UserError(_("“{text}” is not an arXiv id. They look like 1706.03762 or hep-th/9901001.", text=text[:40]))
    return PaperRef("arxiv", *known)


def _by_id_or_none(text: str) -> PaperRef | None:
    """Paper of an arXiv id; None if the id is invalid."""
    try:
        return _by_id(text)
    except UserError:
        return None


def identify_doi(text: str) -> IdentifiedLink:
    """Paper of a DOI; arXiv's own DOIs are arXiv ids, and those of some sites are pages of theirs.

    Raises UserError if the DOI is incomplete.
    """
    doi = strip_punctuation(text).lower()
    if doi.startswith(_BIORXIV):
        doi = _BIORXIV_VERSION.sub("", doi)
    if doi.startswith("10.48550/arxiv."):
        return _by_id(doi.removeprefix("10.48550/arxiv."))
    if doi.endswith("/") or not doi.isascii():
        raise UserError(_("The DOI {doi} is incomplete or has invalid characters. Please copy it again.", doi=doi))
    if page := page_of_doi(doi):
        address = _parse_address(page)
        return LinkedItem(sites.kind_of(address), address.url)
    return PaperRef("doi", doi)


def _parse_address(url: str) -> ParsedUrl:
    """Canonical address of a link, unchanged when parsed again. Raises UserError."""
    url = _GLUED.split(_AMPERSAND.sub("&", url), maxsplit=1)[0]
    url = _SLASHES.sub("//", strip_punctuation(url), count=1)
    address = canonical(urls.parse(url))
    while (normalized := strip_punctuation(address.url)) != url:  # removing a tracking parameter may expose a full stop
        url = normalized
        address = canonical(urls.parse(url))
    return address


def _identify_address(address: ParsedUrl, depth: int = 0) -> IdentifiedLink:
    """Paper or item at an address. Raises UserError if there is no single one."""
    if address.site in sites.SHORTENERS:
        raise UserError(
            _(
                "{site} hides the real address. Please open the link and paste the address you arrive at.",
                site=address.site,
            )
        )
    _reject_spoofed_host(address)
    if sites.is_private(address):
        raise UserError(
            _(
                "That link leads to a message that only the members of its chat can open. Please paste the link of the "
                "paper itself."
            )
        )
    if depth < _MAX_REDIRECTS and (target := sites.unwrap(address)):
        inner = _identify_address(_parse_address(target), depth + 1)
        if isinstance(inner, LinkedItem) and address.site == "web.archive.org":
            return LinkedItem(inner.kind, address.url)  # the page may be deleted, so keep the link to the archived copy
        return inner
    if paper := _paper_at(address):
        return paper
    kind = sites.kind_of(address)
    if (kind is SiteKind.PAPER and sites.is_list(address)) or sites.is_web_search(address):
        raise _list_page_error(address)
    return LinkedItem(kind, address.url)


def _paper_at(address: ParsedUrl) -> IdentifiedLink | None:
    """Paper that an address names by an arXiv id or a DOI; None if it names none. Raises UserError."""
    path, values = unquote(address.path), [unquote(pair.partition("=")[2]) for pair in address.query]
    if address.site in sites.DOI_RESOLVERS:
        name = path.lstrip("/ ")
        if again := _RESOLVER_AGAIN.match(name):  # doi.org/https://doi.org/10.…
            name = name[again.end() :]
        if found := DOI_ALONE.fullmatch(name):
            return identify_doi(found[1])
        raise UserError(_("That doi.org link has no DOI in it. A DOI looks like 10.1145/3292500.3330701."))
    if hidden := sites.hidden_id(address):
        return _by_id(hidden)
    if sites.shows_arxiv(address):
        ids = arxiv_ids.in_path(path) or arxiv_ids.in_path(",".join(values))
        if len(ids) == 1:
            return _by_id(ids[0])
        if ids or sites.known_kind(address) is None:
            raise _list_page_error(address)
    if sites.known_kind(address) in (SiteKind.PAPER, None) or "/doi/" in path:
        for part in (path, *values):
            if found := _DOI_IN_URL.search(part):
                doi = _strip_doi_suffixes(found[1].lower())
                return identify_doi(_SLUG.sub("", doi) if address.site in _DOI_WITH_SLUG else doi)
    if doi := doi_of_page(address):
        return PaperRef("doi", doi)
    return None


def _strip_doi_suffixes(doi: str) -> str:
    """A DOI from a publisher's address, without /full, .pdf and the like."""
    doi = doi.removesuffix("+html")
    while doi[(end := max(doi.rfind("."), doi.rfind("/"))) + 1 :] in _DOI_SUFFIXES:
        doi = doi[:end]
    return doi


def _reject_spoofed_host(address: ParsedUrl) -> None:
    name = urls.unicode_host(address.site)
    seen = urls.confusable_skeleton(name)
    if not name.isascii() and sites.is_known(ParsedUrl("https", seen, "/")):
        raise UserError(
            _(
                "That link only looks like {seen}: some of its letters are from another alphabet. Do not open it; "
                "paste the paper’s id or its title instead.",
                seen=seen,
            )
        )


def _list_page_error(address: ParsedUrl) -> UserError:
    return UserError(
        _(
            "That page of {site} is not about one paper. Please open the paper you mean and paste its link, or its "
            "arXiv id.",
            site=address.site,
        )
    )
