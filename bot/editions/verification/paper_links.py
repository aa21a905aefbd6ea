"""Links in a paper to its code, demo, data or project page, limited to known hosts.

The content behind a link is controlled by the authors; the list of hosts limits where a summary can send readers.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from bot.domain.summary_values import Check, FoundLink, WrittenSummary
from bot.ports import LinkChecker

_URL = re.compile(r"https?://[^\s<>\"'“”‘’{}|\\^`\[\]]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?<![\w/.@-])(?:(?:github|gitlab)\.com|huggingface\.co|[\w-]+\.github\.io)/[^\s<>\"'“”{}|\\^`\[\]]*", re.I
)
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
_PAGES = {"github.io": "project", "gitlab.io": "project", "hf.space": "demo", "readthedocs.io": "project"}
"""Hosts whose subdomains are personal or project pages."""


def found_links(text: str) -> tuple[FoundLink, ...]:
    """Links in a text to known hosts, without duplicates, in order; at most six."""
    found: dict[str, FoundLink] = {}
    for match in sorted([*_URL.finditer(text), *_WITHOUT_SCHEME.finditer(text)], key=lambda match: match.start()):
        url = match.group().rstrip(_END)
        url = url if "://" in url else f"https://{url}"
        if kind := link_kind(url):
            found.setdefault(_link_key(url), FoundLink(kind, url))
    return tuple(found.values())[:_MAX_LINKS]


def link_kind(url: str) -> str:
    """Kind of content at an address: `code`, `data`, `demo`, `project`, `video`, `colab`; "" if it may not be linked
    to."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or port or parts.username or len(url) > _MAX_URL_LENGTH:
        return ""
    if not url.isascii() or (not parts.path.strip("/") and host in _HOSTS):
        return ""
    if host == "huggingface.co":
        return {"spaces": "demo", "datasets": "data"}.get(parts.path.split("/")[1], "code")
    return _HOSTS.get(host) or next((kind for end, kind in _PAGES.items() if host.endswith(f".{end}")), "")


def _link_key(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.lower()).rstrip("/").removesuffix(".git")


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
