"""Links in a paper to its code, demo, data or project page, limited to known hosts.

The content behind a link is controlled by the authors; the list of hosts limits where a summary can send readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.domain.summary_values import Check, FoundLink, WrittenSummary
from bot.ports import LinkChecker

_URL = re.compile(r"https?://[^\s<>\"'“”‘’{}|\\^`\[\]]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?<![\w/.@-])(?:(?:github|gitlab)\.com|huggingface\.co|[\w-]+\.github\.io)/[^\s<>\"'“”{}|\\^`\[\]]*", re.I
)
_BROKEN = (
    (re.compile(r"\b(https?)\s?:\s?/\s?/\s?(?=[\w-]+\s?[./])", re.IGNORECASE), r"\1://"),
    (re.compile(r"\b(github|gitlab|bitbucket|huggingface|zenodo)\s?\.\s?(com|org|co)\s?/\s?(?=\w)", re.I), r"\1.\2/"),
    (re.compile(r"(?<![\w-])([\w-]{1,60})\s?\.\s?(github|gitlab)\s?\.\s?io\b", re.IGNORECASE), r"\1.\2.io"),
    (
        re.compile(r"\b((?:github|gitlab)\.com/[\w.-]{1,100})\s?/\s([\w.-]{0,100}\w)(?=[.)\]]*\s*(?:$|[.)\]]\s))"),
        r"\1/\2",
    ),
)
"""Places where arXiv's texts have a blank within an address, and what is meant. A name after a blank is joined only at
the end of a sentence, since in its middle it may be the next word."""
_END = ".,;:!?)'’*"
_MAX_LINKS = 6
_MAX_URL_LENGTH = 300

_HOSTS = {
    "github.com": "code", "gitlab.com": "code", "bitbucket.org": "code", "codeberg.org": "code",
    "anonymous.4open.science": "code", "colab.research.google.com": "colab", "huggingface.co": "code",
    "zenodo.org": "data", "kaggle.com": "data", "figshare.com": "data", "osf.io": "data", "physionet.org": "data",
    "youtube.com": "video", "youtu.be": "video", "vimeo.com": "video",
    "sites.google.com": "project", "paperswithcode.com": "code",
}  # fmt: skip
"""Hosts that may be linked to, without `www.`, and the usual kind of content there."""
_REPOSITORY_HOSTS = frozenset(("github.com", "gitlab.com", "bitbucket.org", "codeberg.org"))
"""Hosts where a repository has an owner and a name; the page of an owner alone is no code."""
_NO_REPOSITORY = frozenset(
    (
        "orgs",
        "topics",
        "features",
        "sponsors",
        "marketplace",
        "explore",
        "search",
        "collections",
        "blog",
        "docs",
        "papers",
    )
)
"""First parts of an address at these hosts and at Hugging Face that are no owner."""
_PAGES = {"github.io": "project", "gitlab.io": "project", "hf.space": "demo", "readthedocs.io": "project"}
"""Hosts whose subdomains are personal or project pages."""


def found_links(text: str) -> tuple[FoundLink, ...]:
    """Links in a text to known hosts, in order; at most six.

    Two addresses of one repository, or of one page, count as the same: the first is returned. An address that a blank
    breaks is joined where it is clear what is meant, and left out otherwise.
    """
    found: dict[str, FoundLink] = {}
    for broken, meant in _BROKEN:
        text = broken.sub(meant, text)
    for match in sorted([*_URL.finditer(text), *_WITHOUT_SCHEME.finditer(text)], key=lambda match: match.start()):
        url = match.group().rstrip(_END)
        url = url if "://" in url else f"https://{url}"
        if kind := link_kind(url):
            found.setdefault(link_key(url), FoundLink(kind, url))
    return tuple(found.values())[:_MAX_LINKS]


def link_kind(url: str) -> str:
    """Kind of content at an address: `code`, `data`, `demo`, `project`, `video`, `colab`; "" if it may not be linked
    to.

    The page of an organisation or a person is none of these, so it is not linked to.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or port or parts.username or len(url) > _MAX_URL_LENGTH:
        return ""
    if not url.isascii() or (not parts.path.strip("/") and host in _HOSTS):
        return ""
    folders = [part for part in parts.path.split("/") if part]
    if host == "huggingface.co":
        kind = {"spaces": "demo", "datasets": "data"}.get(folders[0])
        return kind or ("code" if _is_repository(folders) else "")
    if host in _REPOSITORY_HOSTS and not _is_repository(folders):
        return ""
    return _HOSTS.get(host) or next((kind for end, kind in _PAGES.items() if host.endswith(f".{end}")), "")


def _is_repository(folders: Sequence[str]) -> bool:
    """Return True if the parts of a path begin with an owner and a name."""
    return len(folders) >= 2 and folders[0].lower() not in _NO_REPOSITORY


def link_key(url: str) -> str:
    """The address by which links are compared: of a repository its owner and name, whatever page of it is linked."""
    key = re.sub(r"^https?://(?:www\.)?", "", url.lower()).partition("#")[0].rstrip("/")
    host, *folders = key.split("/")
    if host in _REPOSITORY_HOSTS:
        folders = folders[:2]
    return "/".join((host, *folders)).removesuffix(".git")


async def without_dead_links(written: WrittenSummary, checker: LinkChecker) -> WrittenSummary:
    """The text without dead links, such as a repository that was never made public or a page that was taken down.

    A check lists the links that were removed. Links that could not be checked stay.
    """
    if not written.links:
        return written
    dead = await checker.missing([link.url for link in written.links])
    live = tuple(link for link in written.links if link.url not in dead)
    detail = f"left out, since nothing is there: {', '.join(sorted(dead))}" if dead else "looked at"
    return replace(written, links=live, checks=(*written.checks, Check("links", True, detail)))
