"""The words that an edition sets around its texts. Another language is another value; no renderer knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Labels:
    """The headings and small words of an edition, in English unless given otherwise."""

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

    def with_emoji(self) -> Labels:
        """The same with the signs that newsletters set before Why and Key insights."""
        return replace(self, why=f"❓ {self.why}", insights=f"💡 {self.insights}")


ENGLISH = Labels()
