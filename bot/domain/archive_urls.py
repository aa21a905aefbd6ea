"""Where everything of the archive lies. These addresses are printed and linked to: none may ever change its meaning."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

LinkBuilder = Callable[[str], str]
"""Makes of an address of the archive what a page writes into its links."""

CLUBS = "/clubs"
"""The list of the clubs that are public."""


@dataclass(frozen=True, slots=True)
class ArchiveUrls:
    """The addresses of one club's pages, from the root of the site."""

    club: int

    @property
    def home(self) -> str:
        """The front page; `/editions/…` below it is what posts in the chat link to."""
        return f"{CLUBS}/{self.club}"

    def year(self, year: int) -> str:
        """The editions of a year. A year's page is finished when the year is, unlike a page "2 of 40"."""
        return f"{self.home}/years/{year}"

    def edition(self, number: int, ending: str = "") -> str:
        """An edition, or a form of it to take away: `.md`, `.bib` …"""
        return f"{self.home}/editions/{number}{ending}"

    def paper(self, number: int, ending: str = "") -> str:
        """A paper, by the number that members know it by."""
        return f"{self.home}/papers/{number}{ending}"

    @property
    def themes(self) -> str:
        """Every theme."""
        return f"{self.home}/themes"

    def theme(self, slug: str, ending: str = "") -> str:
        """A theme; with an ending its feed (`.atom`), or a year of it (`/2026`)."""
        return f"{self.themes}/{quote(slug, safe='')}{ending}"

    @property
    def member_list(self) -> str:
        """The members who wish to be listed."""
        return f"{self.home}/people"

    def member(self, number: int) -> str:
        """A member who wishes to be listed, by their row: names change."""
        return f"{self.member_list}/{number}"

    @property
    def statistics(self) -> str:
        """What the club did, in numbers and charts."""
        return f"{self.home}/statistics"

    def chart(self, name: str) -> str:
        """A chart of the statistics, as a picture."""
        return f"{self.home}/charts/{name}"

    @property
    def search(self) -> str:
        """Where editions are searched."""
        return f"{self.home}/search"

    def feed(self, name: str) -> str:
        """A feed of the club: `editions.atom`, `items.json` …"""
        return f"{self.home}/{name}"


def slug(name: str) -> str:
    """A theme's name as part of an address: letters and digits of any script, in lower case, at most 60.

    A name without any is told by its code points, so that each has an address.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    made = re.sub(r"[\W_]+", "-", folded).strip("-")[:60].strip("-")
    return made or "-".join(f"{ord(c):x}" for c in name[:12]) or "none"


def absolute_path(address: str) -> str:
    """Links of pages that a server sends: from the root."""
    return address


def relative_file_path(here: str) -> LinkBuilder:
    """Links of a page that lies in a folder among others: relative, so that it works from anywhere, also from a disk.

    `here` is the page's own address; a page is the `index.html` of a folder of that name.
    """

    def link(address: str) -> str:
        path, mark, fragment = address.partition("#")
        return posixpath.relpath(file_path(path), here) + mark + fragment

    return link


def file_path(address: str) -> str:
    """The file that holds what is at an address: `…/3/index.html` for a page, `…/3.bib` for a file."""
    return address if "." in posixpath.basename(address) else posixpath.join(address, "index.html")
