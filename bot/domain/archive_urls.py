"""Addresses of the web archive. They are printed and linked to, so none may change its meaning."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

LinkBuilder = Callable[[str], str]
"""Function from an archive address to the link that a page contains."""

CLUBS = "/clubs"
"""Address of the list of public clubs."""


@dataclass(frozen=True, slots=True)
class ArchiveUrls:
    """Addresses of one club's pages, from the root of the site."""

    club: int

    @property
    def home(self) -> str:
        """Front page; posts in the chat link to `/editions/…` below it."""
        return f"{CLUBS}/{self.club}"

    def stylesheet(self, name: str) -> str:
        """The style sheet of the pages; its name changes with its content."""
        return f"{self.home}/style-{name}.css"

    def year(self, year: int) -> str:
        """Editions of a year. Its content is final once the year is over, unlike that of a page "2 of 40"."""
        return f"{self.home}/years/{year}"

    def edition(self, number: int, ending: str = "") -> str:
        """An edition, or a file of it: `.md`, `.bib` …"""
        return f"{self.home}/editions/{number}{ending}"

    def paper(self, number: int, ending: str = "") -> str:
        """A paper, by its number."""
        return f"{self.home}/papers/{number}{ending}"

    @property
    def themes(self) -> str:
        """List of themes."""
        return f"{self.home}/themes"

    def theme(self, slug: str, ending: str = "") -> str:
        """A theme; with an ending its feed (`.atom`), or a year of it (`/2026`)."""
        return f"{self.themes}/{quote(slug, safe='')}{ending}"

    @property
    def member_list(self) -> str:
        """Members who want to be listed."""
        return f"{self.home}/people"

    def member(self, number: int) -> str:
        """A member who wants to be listed, by row id, since names change."""
        return f"{self.member_list}/{number}"

    @property
    def meetings(self) -> str:
        """List of meetings that took place."""
        return f"{self.home}/meetings"

    def meeting(self, number: int) -> str:
        """A meeting, by its number."""
        return f"{self.meetings}/{number}"

    def log(self, year: int | None = None) -> str:
        """The log of a club that opens it; with a year, that of the year."""
        return f"{self.home}/log" + (f"/{year}" if year else "")

    @property
    def statistics(self) -> str:
        """Statistics of the club."""
        return f"{self.home}/statistics"

    def chart(self, name: str) -> str:
        """A chart of the statistics, as an image."""
        return f"{self.home}/charts/{name}"

    def share_card(self, number: int) -> str:
        """The picture of an edition for link previews."""
        return f"{self.edition(number)}/card.png"

    def index(self, page: int = 1) -> str:
        """A page of the index of titles."""
        return f"{self.home}/index" + (f"/{page}" if page > 1 else "")

    @property
    def search(self) -> str:
        """Search page for editions."""
        return f"{self.home}/search"

    def feed(self, name: str) -> str:
        """A feed of the club: `editions.atom`, `items.json` …"""
        return f"{self.home}/{name}"


def slug(name: str) -> str:
    """A theme's name for an address: letters and digits of any script, in lower case, at most 60.

    A name without letters or digits becomes its code points, so that each theme has an address.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    result = re.sub(r"[\W_]+", "-", folded).strip("-")[:60].strip("-")
    return result or "-".join(f"{ord(c):x}" for c in name[:12]) or "none"


def absolute_path(address: str) -> str:
    """Link from the root, for pages that a server sends."""
    return address


def relative_file_path(here: str) -> LinkBuilder:
    """Builder of relative links for exported pages, which also work from a disk.

    `here` is the page's own address; a page is the file `index.html` in a folder of that name.
    """

    def link(address: str) -> str:
        path, mark, fragment = address.partition("#")
        return posixpath.relpath(file_path(path), here) + mark + fragment

    return link


def file_path(address: str) -> str:
    """File of an address: `…/3/index.html` for a page, `…/3.bib` for a file."""
    return address if "." in posixpath.basename(address) else posixpath.join(address, "index.html")


CALENDARS = "/calendars"
"""Address below which calendars are, each at its secret."""


def calendar_path(secret: str) -> str:
    """Address of a calendar."""
    return f"{CALENDARS}/{secret}.ics"
