"""The words that an edition sets around its texts. Another language is another value; no renderer knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labels:
    """The headings and small words of an edition, in English unless given otherwise.

    What holds a number, a day or a name has its place in braces.
    """

    themes: str = "Major themes"
    contents: str = "Contents"
    why: str = "Why"
    insights: str = "Key insights"
    quotes: str = "In the authors’ words"
    related: str = "Related"
    said: str = "What the club said"
    brought_by: str = "Brought by"
    discussion: str = "Discussion"
    video: str = "Video version of this edition"
    references: str = "References"
    links: str = "All content links"
    credits: str = "Credits"
    corrections: str = "Corrections"
    by: str = "By"
    source: str = "Source"
    research: str = "Research"
    news: str = "News"
    code: str = "Code"
    meta: str = "Around the field"
    picks: str = "Also worth a look"
    min_read: str = "{n} min read"
    selected: str = "selected from {n} new papers {where}"
    vote: str = "{n} vote"
    votes: str = "{n} votes"
    at_closing: str = "at closing"
    discussed: str = "{n} came to discuss"
    voted_by: str = "voted for by {names}"
    took_one: str = "This is the paper the club wanted to read."
    took_many: str = "These are the {n} papers the club wanted to read."
    abstract: str = "abstract"
    full_text: str = "full text"
    as_authors: str = "The {source}, as its authors wrote it"
    sentences: str = "Sentences of the {source}, chosen on {day}"
    written_by: str = "Written by {writer} from the {source} on {day}"
    unconfirmed: str = "not confirmed: {what}"
    edited_by: str = "edited by {names}"
    reviewed_by: str = "reviewed by {names}"
    details_follow: str = "Details to follow: the source did not answer in time"
    corrected: str = "Corrected on {day}: {what}"
    months: tuple[str, ...] = MONTHS
    day: str = "{d} {month} {y}"
    page: str = "This edition on the web"
    archive: str = "All editions"
    feed: str = "Feed"

    def with_emoji(self) -> Labels:
        """The same with the signs that newsletters set before Why and Key insights."""
        return replace(self, why=f"❓ {self.why}", insights=f"💡 {self.insights}")

    def took(self, count: int) -> str:
        """What the intro says of the papers."""
        return self.took_one if count == 1 else self.took_many.format(n=count)

    def count(self, votes: int) -> str:
        """A number of votes."""
        return (self.vote if votes == 1 else self.votes).format(n=votes)

    def on(self, day: date) -> str:
        """A day in words: "23 November 2026"."""
        return self.day.format(d=day.day, month=self.months[day.month - 1], y=day.year)

    def brief(self, day: date) -> str:
        """A day in small print: "23 Nov 2026" in English, else in words."""
        return f"{day:%-d %b %Y}" if self.months == MONTHS else self.on(day)


ENGLISH = Labels()
