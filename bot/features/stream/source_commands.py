"""Command `clubadmin sources`: where the club's new papers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, ListEntry, Note, Part, Points, Text, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, Words, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.edition_calendar import format_moment
from bot.domain.models import ClubSource
from bot.domain.stream.source_kinds import EXAMPLES, StreamSourceKind
from bot.domain.stream.source_names import parse_source
from bot.errors import Unavailable, UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.paged_lists import LAST_PAGE, pager
from bot.features.stream.ranking_input import interest_words
from bot.features.stream.source_reading import NOT_READ, failure_text, sample
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, mark_text
from bot.locale.translatable import read_text
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["list", "add", "remove", "test", "exclude"]
MOST_SOURCES = 40
MOST_WORDS = 50
"""Negative words of a source."""
PER_PAGE = 8
ALL_SOURCES = mark_text("all sources")
RECENT = timedelta(days=7)


@commands(
    "clubadmin sources",
    audience=Audience.ADMIN,
    examples=(
        "/clubadmin sources",
        "/clubadmin sources add cs.CL",
        "/clubadmin sources add https://example.org/blog/feed.xml",
        "/clubadmin sources test huggingface",
        '/clubadmin sources exclude cs.CL words="survey, benchmark"',
        "/clubadmin sources remove cs.CL",
    ),
)
async def sources(
    ctx: Context,
    action: Annotated[Action, ParameterHint("what to do")] = "list",
    source: Annotated[
        str,
        ParameterHint(
            "a category such as cs.CL, a feed’s address, an ISSN, …",
            most=300,
            rest=True,
            needed_with=("action", ("add", "remove", "test")),
        ),
    ] = "",
    words: Annotated[
        str,
        ParameterHint("words to exclude, separated by commas; `none` removes them", clears=True, most=400),
    ] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Choose where new papers come from: arXiv, bioRxiv, journals, feeds and others.

    OpenReview’s venues and Hugging Face’s Daily Papers are sources too. `test` checks a source now. `exclude` sets
    words: papers of that source that contain them are not suggested. Without a source, the words apply to all
    sources. Moderators see the best new papers with `/curate candidates`.
    """
    if action == "list":
        async with ctx.read() as db:
            found = await db.sources.all()
            return _list_card(found, await db.sources.counts(ctx.now - RECENT), ctx.member_zone, max(page, 1))
    if action == "exclude" and not source:
        return await _exclude(ctx, None, words)
    kind, address = parse_source(source)
    match action:
        case "add":
            return await _add(ctx, kind, address, words)
        case "test":
            return await _test(ctx, kind, address)
        case "remove":
            async with ctx.begin() as db:
                return await _remove(ctx, db, await _subscribed(db, kind, address))
        case "exclude":
            return await _exclude(ctx, (kind, address), words)


async def _add(ctx: Context, kind: StreamSourceKind, address: str, words: str) -> Card:
    """Add a source, once it has answered: a category or subject is known without."""
    name = kind.typed(address)
    async with ctx.read() as db:
        if await db.sources.named(kind, address):
            return Card(_("Nothing to change"), (text(*phrase("The club already follows {name}.", name=Bold(name))),))
    await _ask(ctx, kind, address, _("It was not added."))
    negative = _parsed_words(words)
    async with ctx.begin() as db:
        if len(await db.sources.all()) >= MOST_SOURCES:
            raise UserError(
                _("A club can follow {most_sources} sources. Remove one first.", most_sources=MOST_SOURCES),
                field="source",
            )
        if not await db.sources.add(kind, address, negative, ctx.now):
            return Card(_("Nothing to change"), (text(*phrase("The club already follows {name}.", name=Bold(name))),))
        await db.shortlists.discard()
        added = await _subscribed(db, kind, address)
        await record_action(ctx, db, "sources", before={"source": ""}, after={"source": name})
    when = (
        phrase(
            "{name} ({label}) was read before, so its new papers are suggested at once.",
            name=Bold(name),
            label=kind.label,
        )
        if added.source.read_until
        else phrase(
            "{name} ({label}) will be read within a few minutes, and then regularly.", name=Bold(name), label=kind.label
        )
    )
    parts: tuple[Part, ...] = (
        text(*when),
        note(*phrase("Moderators see the best new papers with {command}.", command=InlineCode("/curate candidates"))),
    )
    if negative:
        parts = (*parts, _excluded(name, negative))
    return Card(_("Source added"), parts, Tone.GOOD)


async def _ask(ctx: Context, kind: StreamSourceKind, address: str, consequence: str) -> Sequence[str]:
    """Titles that a source announced lately. Raises UserError if it does not answer, or is not read here."""
    try:
        titles = await sample(ctx.app, kind, address)
    except Unavailable as error:
        raise UserError(f"{failure_text(error)} {consequence}", field="source") from error
    if titles is None:
        raise UserError(f"{NOT_READ} {consequence}", field="source")
    return titles


async def _test(ctx: Context, kind: StreamSourceKind, address: str) -> Card:
    """Ask a source now, whether the club reads it or not; nothing is stored."""
    titles = await _ask(ctx, kind, address, _("Nothing was changed."))
    name = kind.typed(address)
    if not titles:
        say = _(" is answering, but has announced nothing in the last few days. Is the name right?")
        return Card(_("The source works"), (text(Bold(name), say),), Tone.QUIET)
    shown = tuple((truncate(latex_to_text(title), 150),) for title in titles[:3])
    lead = text(
        *phrase(
            "{name} is answering: {papers} on its first page. The newest:",
            name=Bold(name),
            papers=_n("{n} paper", "{n} papers", len(titles)),
        )
    )
    return Card(_("The source works"), (lead, Points(shown)), Tone.GOOD)


async def _remove(ctx: Context, db: UnitOfWork, found: ClubSource) -> Card:
    name = found.source.name
    await db.sources.remove(found)
    await db.shortlists.discard()
    await record_action(ctx, db, "sources", before={"source": name}, after={"source": ""})
    return Card(
        _("Source removed"),
        (
            text(*phrase("{name} is no longer a source of the club.", name=Bold(name))),
            note(_("Its new papers are not suggested any more. Papers on the club’s list stay there.")),
        ),
        Tone.GOOD,
    )


async def _exclude(ctx: Context, which: tuple[StreamSourceKind, str] | None, words: str) -> Card:
    """Set the negative words of one source, or of all."""
    if not (negative := _parsed_words(words)) and one_line(words).casefold() != "none":
        raise UserError(_("Which words? Add `words=survey, benchmark`, or `words=none`."), field="words")
    async with ctx.begin() as db:
        chosen = [await _subscribed(db, *which)] if which else list(await db.sources.all())
        if not chosen:
            raise UserError(
                _("The club has no sources yet. `/clubadmin sources add` takes {examples}.", examples=_(EXAMPLES))
            )
        before = sorted({word for found in chosen for word in found.negative_words})
        for found in chosen:
            others = found.negative_words if negative and which is None else ()
            found.negative_words = list(dict.fromkeys((*others, *negative)))[:MOST_WORDS]
        await db.shortlists.discard()
        stored = which[0].typed(which[1]) if which else ALL_SOURCES
        about = _(stored) if which is None else stored
        field = f"excluded words of {stored}"
        changes = {field: ", ".join(before)}, {field: ", ".join(negative)}
        await record_action(ctx, db, "sources", before=changes[0], after=changes[1])
    if not negative:
        return Card(
            _("Words removed"),
            (text(*phrase("The excluded words for {about} were removed.", about=Bold(about))), _from_now_on()),
            Tone.GOOD,
        )
    return Card(_("Words saved"), (_excluded(about, negative), _from_now_on()), Tone.GOOD)


def _from_now_on() -> Note:
    return note(
        *phrase("This applies from the next time that {command} is opened.", command=InlineCode("/curate candidates"))
    )


def _excluded(about: str, negative: Sequence[str]) -> Text:
    """Sentence that names the words which keep papers of a source out."""
    return text(
        *phrase(
            "Papers from {about} with these words are not suggested: {negative}.",
            about=Bold(about),
            negative=Bold(", ".join(negative)),
        )
    )


def _parsed_words(typed: str) -> tuple[str, ...]:
    """Negative words as typed; none for "none". Raises UserError for too many."""
    if one_line(typed).casefold() == "none":
        return ()
    found = tuple(dict.fromkeys(interest_words(one_line(typed))))
    if len(found) > MOST_WORDS:
        raise UserError(_("A source can exclude at most {most_words} words.", most_words=MOST_WORDS), field="words")
    return found


async def _subscribed(db: UnitOfWork, kind: StreamSourceKind, address: str) -> ClubSource:
    if found := await db.sources.named(kind, address):
        return found
    raise UserError(
        _("The club does not follow {typed}. `/clubadmin sources` lists its sources.", typed=kind.typed(address)),
        field="source",
    )


def _list_card(found: Sequence[ClubSource], counts: Mapping[int, int], zone: ZoneInfo, page: int) -> Card:
    """One page of the club's sources, each with what came last."""
    if not found:
        return Card(
            _("Sources of new papers"),
            (text(*parse_backticks(_("None yet. A source is {examples}.", examples=_(EXAMPLES)))),),
        )
    start = (page - 1) * PER_PAGE
    rows: list[Part] = [_row(one, counts.get(one.source_id, 0), zone) for one in found[start : start + PER_PAGE]]
    if not rows:
        rows.append(text(_(LAST_PAGE)))
    if turn := pager(Call.of("clubadmin sources"), page, more=len(found) > start + PER_PAGE, empty=len(found) <= start):
        rows.append(turn)
    return Card(_("Sources of new papers"), tuple(rows))


def _row(found: ClubSource, count: int, zone: ZoneInfo) -> ListEntry:
    source = found.source
    words: Words = (Bold(truncate(source.name, 120)), f" · {source.kind.label}")
    small = "\n".join(_details(found, count, zone))
    return ListEntry(
        words, (truncate(small, 600),), Button(_("Test"), Call.of("clubadmin sources", "test", source.name))
    )


def _details(found: ClubSource, count: int, zone: ZoneInfo) -> Iterator[str]:
    """Details of a source, each a line: its last reading and title, its trouble, and its negative words."""
    source = found.source
    if source.read_until is None and not source.error:
        yield _("not read yet")
    elif source.read_until:
        yield _(
            "read {format_moment} · {papers} in 7 days",
            format_moment=format_moment(source.read_until, zone),
            papers=_n("{n} paper", "{n} papers", count),
        )
    if source.last_title:
        yield _("newest: {title}", title=truncate(latex_to_text(source.last_title), 150))
    if source.error and source.failing_since:
        yield _(
            "⚠ no answer since {format_moment}: {error} I keep trying.",
            format_moment=format_moment(source.failing_since, zone),
            error=read_text(source.error),
        )
    elif source.error:
        yield read_text(source.error)
    if found.negative_words:
        yield _("not suggested: {negative_words}", negative_words=", ".join(found.negative_words))
