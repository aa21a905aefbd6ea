"""Settings of a club, with the words that explain and refuse their values."""

from __future__ import annotations

import re
from datetime import time
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo

from bot.domain import edition_sections
from bot.domain.accent_colors import parse_color
from bot.domain.day_spans import format_days, parse_days
from bot.domain.edition_calendar import PublicationTime
from bot.domain.vote_reactions import VoteReaction, reaction_name
from bot.errors import UserError
from bot.locale import ENGLISH, find_language, language_names
from bot.locale.current import _
from bot.locale.typed_words import NO_WORDS, NONE_WORDS, YES_WORDS, typed_value

_HTTPS_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:\d+)?/[^\s\"'<>\\`]*", re.IGNORECASE)

Purpose = Literal["papers", "digest", "moderators"]
PURPOSES: tuple[Purpose, ...] = ("papers", "digest", "moderators")


class ClubSettings(BaseModel):
    """Settings of a club, stored as JSON in its row, so that a new setting needs no migration."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    digest_at: str = Field("mon 09:00", description="when the edition is due, in the club’s time: weekday and hour")
    cadence: Literal["weekly", "monthly"] = Field(
        "weekly",
        description="how often: `weekly` or `monthly`; a monthly edition is due in the first seven days of the "
        "month, on the weekday of `digest_at`",
    )
    layout: Literal["thread", "messages", "one"] = Field(
        "thread",
        description="how an edition is posted: as a `thread` (one post with the contents, the papers as "
        "replies), as `messages` (one per paper), or as `one` long post",
    )
    template: Literal["weekly-update", "best-of"] = Field("weekly-update", description="the edition’s template")
    sections: str = Field(
        "",
        max_length=400,
        description="the edition’s sections in order, each with its own heading if wanted (`news, papers=🔬 "
        "Research, code`); sections that you do not name are left out; `none` means the template’s "
        "sections",
    )
    items: int = Field(10, ge=1, le=60, description="how many papers an edition has at most")
    quorum: int = Field(
        0, ge=0, le=1000, description="how many votes a paper needs to be in an edition without being picked"
    )
    review_hours: int = Field(
        24, ge=0, le=168, description="how long before the due time the draft is shown to moderators"
    )
    approvals: int = Field(1, ge=1, le=5, description="how many moderators must approve")
    at_deadline: Literal["publish", "hold", "skip"] = Field(
        "publish", description="what happens to a draft that nobody approved in time"
    )
    empty: Literal["notice", "silence"] = Field(
        "notice", description="what is posted when there is nothing for an edition"
    )
    votes_per_window: int = Field(
        0, ge=0, le=1000, description="how many papers a member may vote for until the next edition; 0 is no limit"
    )
    anonymous: bool = Field(False, description="whether papers may be submitted and nominated anonymously")
    ballot_method: Literal["approval", "ranked"] = Field(
        "approval",
        description="how members choose what to read next: `approval` (choose every paper that you would read), or "
        "`ranked` (put papers in order; counted by Schulze’s method)",
    )
    ballot_hours: int = Field(48, ge=1, le=720, description="how many hours a ballot is open if no end is given")
    ballot_quorum: int = Field(
        3, ge=1, le=1000, description="how many members must vote in a ballot for its result to count"
    )
    nominations: int = Field(
        3, ge=1, le=20, description="how many papers a member may nominate for one ballot; moderators have no limit"
    )
    questions_per_day: int = Field(
        30, ge=0, le=1000, description="how many questions about papers a member may ask per day; 0 is no limit"
    )
    discussion_starters: bool = Field(
        False, description="whether a new discussion begins with three questions drawn from the paper’s own words"
    )
    open_log: bool = Field(
        False,
        description="whether members can read what moderators decided about papers, and why (`/club log`); the web "
        "archive of a public club has it too",
    )
    vote_age_days: int = Field(
        0,
        ge=0,
        le=365,
        description="after how many days a new member’s votes count; 0 is at once; the club’s first members need not "
        "wait",
    )
    burst_votes: int = Field(
        5,
        ge=0,
        le=1000,
        description="how many first-time voters one paper may get within an hour before moderators are asked; 0 is "
        "never",
    )
    vote_reaction: VoteReaction = Field(
        "off",
        description="the reaction to a paper’s card that counts as a vote on Slack and Discord, such as "
        "`thumbsup`; removing it takes that vote back; `off` if no reaction counts",
    )
    show_voters: bool = Field(False, description="whether moderators see who voted for a paper")
    emoji: bool = Field(True, description="whether editions have emoji in their headings")
    language: str = Field(
        "English",
        max_length=40,
        description="the language of summaries and editions, and of my answers to members who chose none",
    )
    public: bool = Field(False, description="whether the web archive shows the club’s editions to everyone")
    accent: str = Field(
        "",
        max_length=20,
        description="the accent color of the club’s web pages: rust, red, amber, green, teal, blue, violet, plum, "
        "grey, or a code like `#1f6b3a`",
    )
    logo: str = Field("", max_length=200, description="the https address of the picture that web pages show as a logo")
    writer: Literal["auto", "extractive", "abstract", "nobody"] = Field(
        "auto",
        description="who writes summaries: `auto` (the model if there is one), `extractive` (sentences from the "
        "abstract), `abstract` (only the abstract), or `nobody` (no generated texts)",
    )
    vouching: bool = Field(
        True,
        description="whether moderators may vouch for a quote that is not found in any source; readers see who did",
    )
    references: Literal["all", "cited", "none"] = Field(
        "all",
        description="which references an edition lists: `all` (including the edition’s own papers), only those "
        "`cited`, or `none`",
    )
    submissions_per_day: int = Field(
        50,
        ge=0,
        le=1000,
        description="how many papers a member may submit per day; 0 is no limit; moderators have no limit",
    )
    reports_per_day: int = Field(
        20, ge=0, le=1000, description="how many problems a member may report per day; 0 is no limit"
    )
    quotes_per_day: int = Field(
        20, ge=0, le=1000, description="how many quotes a member may give per day; 0 is no limit"
    )
    links_per_day: int = Field(
        50, ge=0, le=1000, description="how many links a member may add to papers’ cards per day; 0 is no limit"
    )
    commands_per_minute: int = Field(
        120,
        ge=0,
        le=6000,
        description="how many commands and button presses of a member I answer per minute; 0 is no limit",
    )
    holidays: str = Field(
        "",
        max_length=400,
        description="days on which no meeting of a series takes place (`2026-12-24..2027-01-03, 2027-05-01`)",
    )
    anonymous_questions: bool = Field(True, description="whether questions for meetings may be asked anonymously")
    discord_events: bool = Field(
        False, description="whether meetings are Discord events too; the bot then needs the permission Create Events"
    )
    shortlist: Literal["daily", "weekly", "off"] = Field(
        "weekly",
        description="how often moderators are shown the best new papers from the club’s sources: `daily` at 8, "
        "`weekly` on Fridays at 8, or `off`; nothing is posted if nothing is new",
    )
    shortlist_days: int = Field(7, ge=1, le=30, description="how many days back the suggestions look for new papers")
    interests: str = Field(
        "",
        max_length=400,
        description="words that the suggestions look for (`retrieval, world models`), separated by commas, or a "
        "sentence",
    )
    ping_discord: str = Field(
        "",
        max_length=40,
        description="the id of the role that each new edition mentions once on Discord; `/clubadmin ping` chooses it",
    )
    ping_slack: str = Field(
        "",
        max_length=40,
        description="the id of the user group that each new edition mentions once on Slack; `/clubadmin ping` "
        "chooses it",
    )
    also_new: int = Field(
        0,
        ge=0,
        le=10,
        description="how many suggested papers an edition lists under “Also new”, marked as chosen by the "
        "program; 0 leaves the section out",
    )
    stale_hours: int = Field(24, ge=1, le=168, description="how late an edition may still be posted after an outage")

    @property
    def usual_hour(self) -> time:
        """Time of day at which the club's editions are due."""
        return PublicationTime.read(self.digest_at).at

    @field_validator("digest_at")
    @classmethod
    def _weekday_and_hour(cls, value: str) -> str:
        return str(PublicationTime.read(value))

    @field_validator("holidays")
    @classmethod
    def _known_days(cls, value: str) -> str:
        return format_days(parse_days(value)) if value.strip() not in ("", "none") else ""

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        try:
            return find_language(value).name
        except UserError:
            raise ValueError(_("the languages are {languages}", languages=language_names())) from None

    @field_validator("accent")
    @classmethod
    def _known_color(cls, value: str) -> str:
        return "" if value.strip().lower() == "none" else parse_color(value)

    @field_validator("vote_reaction", mode="before")
    @classmethod
    def _named_reaction(cls, value: str) -> str:
        return reaction_name(value.strip().strip(":")) or value

    @field_validator("logo")
    @classmethod
    def _https_address(cls, value: str) -> str:
        value = "" if value.strip().lower() == "none" else value.strip()
        if value and not _HTTPS_ADDRESS.fullmatch(value):
            raise ValueError(_("it takes an address that begins with https://, or `none`"))
        return value

    @field_validator("sections")
    @classmethod
    def _known_sections(cls, value: str) -> str:
        return edition_sections.format_sections(edition_sections.parse_sections(value))

    @classmethod
    def of(cls, stored: dict[str, Any]) -> ClubSettings:
        """Settings from a club's row; missing ones have their defaults."""
        return _read(tuple(stored.items()))

    def pinged(self, platform: str) -> str:
        """Id of the role or user group that a new edition mentions on a platform; empty if it mentions nobody."""
        return {"discord": self.ping_discord, "slack": self.ping_slack}.get(platform, "")

    def with_ping(self, platform: str, group: str) -> ClubSettings:
        """These settings with another role or user group for a platform."""
        return self.model_copy(update={f"ping_{platform}": group})

    @field_validator("ping_discord", "ping_slack")
    @classmethod
    def _group_id(cls, value: str) -> str:
        value = "" if value.strip().lower() == "none" else value.strip()
        if value and not value.isalnum():
            raise ValueError(_("choose a role or user group with `/clubadmin ping`"))
        return value

    def changed(self, key: str, value: str) -> ClubSettings:
        """These settings with one changed.

        Raises UserError, with the accepted values, for an unknown key or a value that does not fit.
        """
        field = type(self).model_fields.get(key)
        if field is None:
            known = ("name", "timezone", *type(self).model_fields)
            close = get_close_matches(key, known, n=1)
            hint = (
                _("Did you mean `{close}`?", close=close[0])
                if close
                else _("The settings are: {known}.", known=", ".join(known))
            )
            raise UserError(_("There is no setting `{key}`. {hint}", key=key[:40], hint=hint), field="key")
        try:
            typed = _plain_value(value, field.annotation)
            return type(self).model_validate(self.model_dump() | {key: typed})
        except ValidationError as error:
            raise UserError(
                _(
                    "`{key}`: {description}. “{value}” does not fit: {error_message}.",
                    key=key,
                    description=meaning_of(field),
                    value=value[:60],
                    error_message=_error_message(error),
                ),
                field="value",
            ) from None


def _plain_value(value: str, kind: Any) -> str:
    """A typed value as its field reads it: words in German become English, and a decimal comma a point."""
    bare = value.strip().lower()
    if kind is bool:
        return "yes" if bare in YES_WORDS else "no" if bare in NO_WORDS else value
    if kind is float:
        return value.replace(",", ".")
    if get_origin(kind) is Literal:
        return typed_value(bare, get_args(kind)) or value
    return "none" if kind is str and bare in NONE_WORDS else value


@lru_cache(1024)
def _read(stored: tuple[tuple[str, Any], ...]) -> ClubSettings:
    """Settings parsed once per stored value, because every request needs them."""
    return ClubSettings.model_validate({key: _supported_value(key, value) for key, value in stored})


def _supported_value(key: str, value: Any) -> Any:
    """A stored value, with a language that is no longer supported replaced by English."""
    if key != "language":
        return value
    try:
        return find_language(str(value)).name
    except UserError:
        return ENGLISH.name


def meaning_of(field: FieldInfo) -> str:
    """Description of a setting or a preference, in the language in use; empty if it has none."""
    return _(field.description) if field.description else ""


def _error_message(error: ValidationError) -> str:
    """Message for the person who typed a bad value."""
    wrong = error.errors()[0]
    limits = wrong.get("ctx", {})
    match wrong["type"]:
        case "int_parsing" | "int_type":
            return _("it takes a whole number")
        case "bool_parsing" | "bool_type":
            return _("it takes yes or no")
        case "greater_than_equal":
            return _("the minimum is {ge}", ge=limits["ge"])
        case "less_than_equal":
            return _("the maximum is {le}", le=limits["le"])
        case "string_too_long":
            return _("it takes {max_length} characters at most", max_length=limits["max_length"])
        case "literal_error":
            return _("it takes ") + str(limits["expected"]).replace("'", "")
        case _:
            return str(wrong["msg"]).removeprefix("Value error, ").removesuffix(".")


@cache
def zone_names() -> frozenset[str]:
    """Names of all time zones; cached, because collecting them reads hundreds of files."""
    return frozenset(available_timezones())


def zone(name: str) -> ZoneInfo:
    """Time zone of a name such as Europe/Berlin. Raises UserError, with a similar name, if there is none."""
    known = zone_names()
    if name in known:
        return ZoneInfo(name)
    folded = name.strip().replace(" ", "_").lower()
    exact = [z for z in known if z.lower() == folded]
    if exact:
        return ZoneInfo(exact[0])
    similar = sorted(z for z in known if z.lower().endswith(f"/{folded}"))
    hint = (
        _(" Did you mean {similar}?", similar=similar[0])
        if similar
        else _(" Write it like Europe/Berlin or America/New_York.")
    )
    raise UserError(_("There is no time zone “{name}”.{hint}", name=name[:60], hint=hint), field="timezone")
