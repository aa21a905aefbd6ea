"""Preferences of a member."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

SummaryPreference = Literal["ai", "abstract"]


class Preferences(BaseModel):
    """Preferences of a member, stored as JSON in their row, so that a new one needs no migration."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    summaries: SummaryPreference = Field(
        "ai", description="what a paper's summary shows you: what the writer wrote, or the abstract alone"
    )
    dm: bool = Field(
        True,
        description="whether you are told in direct messages what became of papers and reports, and news you asked for",
    )
    voted: bool = Field(False, description="whether editions name you among those who voted for a paper")
    timezone: str = Field("", description="the time zone that you are told times in; the club’s if you name none")
    web: bool = Field(
        False,
        description="whether the club’s web archive, if it is public, has a page with your name and what you brought",
    )

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Preferences from a member's row; missing ones have their defaults. Raises ValidationError."""
        return cls.model_validate(stored)
