"""Command `clubadmin sources`: where the club's new papers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, ListEntry, Part, Points, Tone, note, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, InlineCode, Words, parse_backticks
from bot.chat.text import one_line, plural, truncate
from bot.domain.edition_calendar import format_moment
from bot.domain.models import ClubSource
from bot.domain.streams.addresses import EXAMPLES, StreamSourceKind, parse_source
from bot.errors import Unavailable, UserError
from bot.features.shared.audit import record_action
from bot.features.shared.paged_lists import pager
from bot.features.stream.reading import NOT_READ, failure_sentence, sample
from bot.features.stream.taste import interest_words
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["list", "add", "remove", "test", "exclude"]
MOST_SOURCES = 40
MOST_WORDS = 50
"""Negative words of a source."""
PER_PAGE = 8
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
    source: Annotated[str, ParameterHint("a category such as cs.CL, a feed's address, an ISSN, …", most=300)] = "",
    words: Annotated[
        str, ParameterHint("words whose papers are not proposed, with commas; `none` to remove them", most=400)
    ] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Choose where new papers come from: arXiv, bioRxiv, journals, feeds and others.

    OpenReview's venues and Hugging Face's Daily Papers are such sources too. `test` asks a source now. `exclude` sets
    words whose papers of that source are not proposed; without a source, those of all. Moderators see the best new
    papers with `/curate candidates`.
    """
    if action == "list":
        async with ctx.read() as db:
            found = await db.sources.all()
            return _list_card(found, await db.sources.counts(ctx.now - RECENT), ctx.now, ctx.member_zone, max(page, 1))
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
            return Card("Nothing to change", (text("The club already reads ", Bold(name), "."),))
    await _ask(ctx, kind, address, "It was not added.")
    negative = _parsed_words(words)
    async with ctx.begin() as db:
        if len(await db.sources.all()) >= MOST_SOURCES:
            raise UserError(f"A club can read {MOST_SOURCES} sources. Remove one first.", field="source")
        if not await db.sources.add(kind, address, negative, ctx.now):
            return Card("Nothing to change", (text("The club already reads ", Bold(name), "."),))
        await db.shortlists.mark_stale()
        await record_action(ctx, db, "sources", before={"source": ""}, after={"source": name})
    parts = (
        text(Bold(name), f" ({kind.label}) is read within a few minutes, and then regularly."),
        note("Moderators see the best new papers with ", InlineCode("/curate candidates"), "."),
    )
    return Card("Source added", parts, Tone.GOOD)


async def _ask(ctx: Context, kind: StreamSourceKind, address: str, consequence: str) -> Sequence[str]:
    """Titles that a source announced lately. Raises UserError if it does not answer, or is not read here."""
    try:
        titles = await sample(ctx.app, kind, address)
    except Unavailable as error:
        raise UserError(f"{failure_sentence(error)} {consequence}", field="source") from error
    if titles is None:
        raise UserError(f"{NOT_READ} {consequence}", field="source")
    return titles


async def _test(ctx: Context, kind: StreamSourceKind, address: str) -> Card:
    """Ask a source now, whether the club reads it or not; nothing is stored."""
    titles = await _ask(ctx, kind, address, "Nothing was changed.")
    name = kind.typed(address)
    if not titles:
        say = " answers, and has announced nothing in the last days. Is the name right?"
        return Card("It answers", (text(Bold(name), say),), Tone.QUIET)
    shown = tuple((truncate(latex_to_text(title), 150),) for title in titles[:3])
    lead = text(Bold(name), f" answers: {plural(len(titles), 'paper')} on its first page. The newest:")
    return Card("It answers", (lead, Points(shown)), Tone.GOOD)


async def _remove(ctx: Context, db: UnitOfWork, found: ClubSource) -> Card:
    name = found.source.name
    await db.sources.remove(found)
    await db.shortlists.mark_stale()
    await record_action(ctx, db, "sources", before={"source": name}, after={"source": ""})
    return Card("Source removed", (text(Bold(name), " is no longer read for this club."),), Tone.GOOD)


async def _exclude(ctx: Context, which: tuple[StreamSourceKind, str] | None, words: str) -> Card:
    """Set the negative words of one source, or of all."""
    if not words.strip():
        raise UserError("Which words? Add `words=survey, benchmark`, or `words=none`.", field="words")
    negative = _parsed_words(words)
    async with ctx.begin() as db:
        chosen = [await _subscribed(db, *which)] if which else list(await db.sources.all())
        if not chosen:
            raise UserError(f"The club has no sources yet. `/clubadmin sources add` takes {EXAMPLES}.")
        before = sorted({word for found in chosen for word in found.negative_words})
        for found in chosen:
            found.negative_words = list(negative)
        await db.shortlists.mark_stale()
        about = which[0].typed(which[1]) if which else "all sources"
        changes = {f"excluded words of {about}": ", ".join(before)}, {f"excluded words of {about}": ", ".join(negative)}
        await record_action(ctx, db, "sources", before=changes[0], after=changes[1])
    if not negative:
        return Card(
            "Words removed", (text("Papers of ", Bold(about), " are proposed whatever their words."),), Tone.GOOD
        )
    parts = text("Papers of ", Bold(about), " with these words are not proposed: ", Bold(", ".join(negative)), ".")
    return Card("Words saved", (parts,), Tone.GOOD)


def _parsed_words(typed: str) -> tuple[str, ...]:
    """Negative words as typed; none for "none". Raises UserError for too many."""
    if one_line(typed).casefold() == "none":
        return ()
    found = tuple(dict.fromkeys(interest_words(one_line(typed))))
    if len(found) > MOST_WORDS:
        raise UserError(f"A source can have {MOST_WORDS} such words.", field="words")
    return found


async def _subscribed(db: UnitOfWork, kind: StreamSourceKind, address: str) -> ClubSource:
    if found := await db.sources.named(kind, address):
        return found
    raise UserError(
        f"The club does not read {kind.typed(address)}. `/clubadmin sources` lists its sources.", field="source"
    )


def _list_card(
    found: Sequence[ClubSource], counts: Mapping[int, int], now: datetime, zone: ZoneInfo, page: int
) -> Card:
    """One page of the club's sources, each with what came last."""
    if not found:
        return Card("Sources of new papers", (text(*parse_backticks(f"None yet. A source is {EXAMPLES}.")),))
    start = (page - 1) * PER_PAGE
    rows: list[Part] = [_row(one, counts.get(one.source_id, 0), zone) for one in found[start : start + PER_PAGE]]
    if turn := pager(Call.of("clubadmin sources"), page, more=len(found) > start + PER_PAGE):
        rows.append(turn)
    return Card("Sources of new papers", tuple(rows))


def _row(found: ClubSource, count: int, zone: ZoneInfo) -> ListEntry:
    source = found.source
    words: Words = (Bold(truncate(source.name, 120)), f" · {source.kind.label}")
    small = "\n".join(_details(found, count, zone))
    return ListEntry(words, (truncate(small, 600),), Button("Test", Call.of("clubadmin sources", "test", source.name)))


def _details(found: ClubSource, count: int, zone: ZoneInfo) -> Iterator[str]:
    """What came last from a source, what is wrong with it, and its negative words."""
    source = found.source
    if source.read_until is None and not source.error:
        yield "not read yet"
    elif source.read_until:
        yield f"read {format_moment(source.read_until, zone)} · {plural(count, 'paper')} in 7 days"
    if source.last_title:
        yield f"newest: {truncate(latex_to_text(source.last_title), 150)}"
    if source.error and source.failing_since:
        yield f"⚠ no answer since {format_moment(source.failing_since, zone)}: {source.error} It is tried again."
    elif source.error:
        yield source.error
    if found.negative_words:
        yield f"not proposed: {', '.join(found.negative_words)}"
