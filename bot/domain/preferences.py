"""Preferences of a member."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

SummaryPreference = Literal["ai", "abstract"]


class Preferences(BaseModel):
    """Preferences of a member, stored as JSON in their row, so that a new one needs no migration."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    summaries: SummaryPreference = Field(
        "ai", description="what a paper’s summary shows: the written summary, or only the abstract"
    )
    language: str = Field("", description="the language of my answers to you; the club’s if empty")
    dm: bool = Field(
        True,
        description="whether you get direct messages about your papers, your reports and what you follow",
    )
    reminders: bool = Field(
        True,
        description="whether you get a direct message one day and one hour before meetings that you attend",
    )
    papers: bool = Field(
        False,
        description="whether I choose three papers per week for you, based on what you like and follow; only you "
        "see them",
    )
    voted: bool = Field(False, description="whether editions name you among those who voted for a paper")
    timezone: str = Field("", description="your time zone; the club’s if empty")
    web: bool = Field(
        False,
        description="whether the club’s web archive, if it is public, has a page with your name and your papers",
    )

    direct_messages_here: bool = Field(
        False, description="whether commands that you send me in a direct message are about this club"
    )

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Preferences from a member's row; missing ones have their defaults. Raises ValidationError."""
        return cls.model_validate(stored)
