"""Command `my prefs`: a member's preferences."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Tone, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Words
from bot.domain.club_settings import meaning_of, zone
from bot.domain.preferences import Preferences, SummaryPreference
from bot.features.shared.lookup import suggest_time_zones
from bot.locale import ANSWER_LANGUAGES, answer_language, find_answer_language, language_label
from bot.locale.current import _, current_language, mark_text, use_language

commands = Commands()

SUMMARY_TEXT = {"ai": mark_text("the written summary"), "abstract": mark_text("only the abstract")}
"""Content of a paper's summary in words, by the value of the preference."""


def parse_time_zone(word: str) -> str:
    """Name of the typed time zone; empty for "none", which is the club's. Raises UserError for an unknown zone."""
    return "" if word.strip().lower() == "none" else zone(word).key


def parse_language(word: str) -> str:
    """English name of the typed language; empty for "none", which is the club's. Raises UserError for another one."""
    return "" if word.strip().lower() == "none" else find_answer_language(word).name


async def suggest_languages(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the languages that the bot answers in."""
    wanted = typed.strip().casefold()
    return [
        (language.own_name, language.code)
        for language in ANSWER_LANGUAGES
        if wanted in f"{language.code} {language.name} {language.own_name}".casefold()
    ]


@commands(
    "my prefs", examples=("/my prefs", "/my prefs summaries=abstract", "/my prefs dm=no", "/my prefs language=english")
)
async def prefs(
    ctx: Context,
    summaries: Annotated[SummaryPreference | None, ParameterHint("show the written summary, or the abstract")] = None,
    dm: Annotated[bool | None, ParameterHint("get direct messages")] = None,
    reminders: Annotated[bool | None, ParameterHint("be reminded of meetings")] = None,
    web: Annotated[bool | None, ParameterHint("have a page in the club’s web archive")] = None,
    papers: Annotated[bool | None, ParameterHint("have papers chosen for you, which only you see")] = None,
    voted: Annotated[bool | None, ParameterHint("be named as a voter in editions")] = None,
    timezone: Annotated[
        str | None,
        ParameterHint(
            "your time zone, such as Europe/Berlin; `none` for the club’s time zone",
            suggest=suggest_time_zones,
            strict=True,
            clears=True,
            parse=parse_time_zone,
        ),
    ] = None,
    language: Annotated[
        str | None,
        ParameterHint(
            "the language of my answers to you; `none` for the club’s language",
            suggest=suggest_languages,
            strict=True,
            clears=True,
            parse=parse_language,
        ),
    ] = None,
) -> Card:
    """Show or change your preferences."""
    given = {
        "summaries": summaries,
        "dm": dm,
        "reminders": reminders,
        "web": web,
        "papers": papers,
        "voted": voted,
        "timezone": timezone,
        "language": language,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    member, before = ctx.member, Preferences.of(ctx.member.prefs)
    if chosen:
        async with ctx.begin() as db:
            member = await db.members.set_prefs(ctx.member, **chosen)
        ctx.app.languages.forget()
    now = Preferences.of(member.prefs)
    use_language(now.language or ctx.settings.language)
    shown, row = Points(_lines(ctx, now)), Buttons(_buttons(now))
    if chosen and now == before:
        return Card(_("Nothing to change"), (text(_("You had already set that.")), shown, row))
    return Card(_("Your preferences"), (shown, row), Tone.GOOD if chosen else Tone.PLAIN)


def _lines(ctx: Context, now: Preferences) -> tuple[Words, ...]:
    """Each preference with its value and its meaning."""
    values: dict[str, str] = {"summaries": _(SUMMARY_TEXT[now.summaries])}
    values |= {
        name: _("yes") if getattr(now, name) else _("no") for name in ("dm", "reminders", "papers", "web", "voted")
    }
    values["timezone"] = now.timezone or _("the club’s, {timezone}", timezone=ctx.club.timezone)
    values["language"] = (
        language_label(answer_language(now.language))
        if now.language
        else _("the club’s, {language}", language=language_label(answer_language(ctx.settings.language)))
    )
    meanings = {name: meaning_of(field) for name, field in type(now).model_fields.items()}
    return tuple((Bold(f"{name}: {value}"), f" — {meanings[name]}") for name, value in values.items())


def _buttons(now: Preferences) -> tuple[Button, ...]:
    """Buttons that set the other value of a preference, and each other language."""
    other = "abstract" if now.summaries == "ai" else "ai"
    show_other = _("Show only the abstract") if other == "abstract" else _("Show the written summary")
    return (
        Button(show_other, Call.of("my prefs", summaries=other)),
        Button(
            _("No direct messages") if now.dm else _("Direct messages"),
            Call.of("my prefs", dm="no" if now.dm else "yes"),
        ),
        Button(
            _("Remove my web page") if now.web else _("Add my web page"),
            Call.of("my prefs", web="no" if now.web else "yes"),
        ),
        Button(
            _("Stop naming me as a voter") if now.voted else _("Name me as a voter"),
            Call.of("my prefs", voted="no" if now.voted else "yes"),
        ),
        *(
            Button(language.own_name, Call.of("my prefs", language=language.code))
            for language in ANSWER_LANGUAGES
            if language.code != current_language()
        ),
    )
