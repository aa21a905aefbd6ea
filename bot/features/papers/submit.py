"""Command `paper submit`."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Annotated

from sqlalchemy.exc import IntegrityError

from bot.app import Context, RequestKind
from bot.chat import rich_text
from bot.chat.cards import Button, Buttons, Card, Part, Text, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.links import identify as links
from bot.domain.links.several import links_only
from bot.domain.links.typed_lines import read_line
from bot.domain.page_details import PageDetails
from bot.domain.paper_record import PaperRecord
from bot.errors import Mistakes, Unavailable, UserError
from bot.features.papers.add_submission import SubmissionInput, add_submission
from bot.features.papers.source_search import choose_link, choose_work, search_sources
from bot.features.papers.submitted_records import load_record
from bot.features.shared.field_checks import check_topic
from bot.features.shared.lookup import by_topic, club_paper_key, topic_named
from bot.locale.current import _, _n, mark_text

MAX_TOPIC_BUTTONS = 4
"""Topics that are offered in place of an unknown one: those with the closest names."""

MAX_LINKS = 25
"""Links that are submitted at once."""

log = logging.getLogger(__name__)
commands = Commands(about={"paper": mark_text("Submit papers, find them, vote and discuss.")})

CATEGORY = re.compile(r"^\s*\[[a-z-]{2,9}(?:\.[A-Z]{2})?\]\s*")
"""Category after an ID that was copied whole, as in "arXiv:2510.06557v1 [cs.LG]"; it does not belong to the reason."""
NO_REASON = re.compile(r"[\s.,;:|…–—-]*")
"""Punctuation that was copied with the link."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """Papers or pages of a line that has several."""

    links: list[links.IdentifiedLink]


def _parse_link(text: str) -> links.IdentifiedLink | links.SearchPhrase | _Choice | tuple[links.IdentifiedLink, ...]:
    """The one link or phrase of a text, all its links if it has nothing else, or a choice among them.

    Raises UserError.
    """
    if len(many := links_only(text)) > 1:
        return many
    several = links.alternatives(text)
    return _Choice(several) if several else links.identify(text)


@commands(
    "paper submit",
    examples=(
        "/paper submit https://arxiv.org/abs/1706.03762 no recurrence needed",
        "/paper submit 2012.12877",
    ),
)
async def submit(
    ctx: Context,
    link: Annotated[
        object,
        ParameterHint("a link to the paper, or its arXiv id or DOI", most=2000, parse=_parse_link, find=read_line),
    ],
    why: Annotated[str, ParameterHint("why others should read it", long=True, most=500)] = "",
    topic: Annotated[
        str, ParameterHint("one of the club’s topics", suggest=by_topic, check=check_topic, strict=True, most=80)
    ] = "",
    anonymous: Annotated[bool, ParameterHint("submit it anonymously")] = False,
    title: Annotated[str, ParameterHint("its title, if the link has no arXiv id or DOI", most=200)] = "",
    distinct: Annotated[bool, ParameterHint("it is another paper with the same title", in_forms=False)] = False,
) -> Card:
    """Submit a paper to the club.

    Any link works, and you can send several at once. If the paper is already here, your reason is added and you see
    where it is discussed. Links to news, code, blog posts and videos work too; the edition has sections for them.
    """
    if anonymous and not ctx.settings.anonymous:
        raise UserError(
            _("This club does not allow anonymous papers. Submit again without `anonymous`."), field="anonymous"
        )
    many = link if isinstance(link, tuple) else ()
    if not many and isinstance(link, links.PaperRef | links.LinkedItem) and (others := links_only(why)):
        many, why = (link, *others), ""
    topic = await _known_topic(ctx, topic, many or link, SubmissionInput(why, "", anonymous, title, distinct))
    if many:
        return await _submit_many(ctx, many, SubmissionInput(why, topic, anonymous))
    if isinstance(link, _Choice):
        say = _("That text has {links_count} links. Submit them one at a time.", links_count=len(link.links))
        return choose_link(link.links, SubmissionInput(why, topic, anonymous, title), say)
    if isinstance(link, links.SearchPhrase):
        return await search_sources(ctx, link.text, SubmissionInput(why, topic, anonymous, title))
    assert isinstance(link, links.PaperRef | links.LinkedItem)
    reason = CATEGORY.sub("", why)
    reason = "" if NO_REASON.fullmatch(reason) else reason
    details = SubmissionInput(reason, topic, anonymous, title, distinct)
    if isinstance(link, links.LinkedItem) and ctx.via is not RequestKind.CLICK and (hinted := links.hinted_paper(link)):
        return choose_link([hinted, link], details, _("That page has the id of an arXiv paper in its address."))
    return await _submit_one(ctx, link, details)


async def _known_topic(ctx: Context, topic: str, link: object, details: SubmissionInput) -> str:
    """The topic in the club's spelling; empty without one.

    Raises RefusedWithCard for an unknown one: its buttons submit the same link with another topic, or with none.
    """
    if not topic.strip():
        return ""
    async with ctx.read() as db:
        try:
            return (await topic_named(db, topic)).name
        except UserError as error:
            names = [each.name for each in await db.topics.all()]
            refusal = error
    if problem := await _link_problem(ctx, link):
        raise Mistakes({"link": problem, "topic": str(refusal)})
    if ctx.via is RequestKind.FORM:
        raise refusal  # it is shown in the form, beside the field
    if isinstance(link, tuple):
        url = " ".join(each.url for each in link)
    elif isinstance(link, links.PaperRef | links.LinkedItem):
        url = link.url
    else:
        raise refusal
    close = get_close_matches(topic.casefold(), [name.casefold() for name in names], n=max(len(names), 1), cutoff=0)
    nearest = sorted(names, key=lambda name: close.index(name.casefold()) if name.casefold() in close else len(close))
    row = [Button(name, replace(details, topic=name).call(url)) for name in nearest[:MAX_TOPIC_BUTTONS]]
    row.append(Button(_("Without a topic"), details.call(url)))
    say = note(_("Your link and your reason are kept. Choose the topic, and the paper is submitted."))
    raise RefusedWithCard(build_error_card(str(refusal), say, Buttons(tuple(row))), str(refusal))


async def _link_problem(ctx: Context, link: object) -> str:
    """Reason why a link's paper cannot be submitted, as its source says; empty if it can, or if it is not an id."""
    try:
        if isinstance(link, links.PaperRef):
            await load_record(ctx, link)
    except UserError as error:
        return str(error)
    return ""


async def _submit_one(ctx: Context, link: links.IdentifiedLink, details: SubmissionInput) -> Card:
    page, named = None, None
    if isinstance(link, links.LinkedItem) and await _is_new(ctx, link):
        page = await ctx.app.page_reader.details(link.url) if ctx.app.page_reader else None
        if page:
            named = _named_paper(link, page)
        elif not details.distinct and link.kind is links.SiteKind.PAPER and (works := await _works_at(ctx, link.url)):
            if len(works) > 1:
                return choose_work(ctx, link, works, details)
            named = links.PaperRef("arxiv" if works[0].arxiv_id else "doi", works[0].key.partition(":")[2])
    paper = link if isinstance(link, links.PaperRef) else named
    record, silent = await load_record(ctx, paper) if paper else (None, "")
    if named and (record or await _is_known(ctx, named)):
        link = named  # else the page's own details are the best there are
    try:
        return await add_submission(ctx, link, record, details, page, silent=silent)
    except IntegrityError:
        # Somebody has submitted the same paper since the check; the second attempt finds it.
        return await add_submission(ctx, link, record, details, page, silent=silent)


async def _is_known(ctx: Context, paper: links.PaperRef) -> bool:
    async with ctx.read() as db:
        return await db.papers.by_key(paper.key) is not None


async def _is_new(ctx: Context, link: links.LinkedItem) -> bool:
    """True if the club does not know the page yet."""
    async with ctx.read() as db:
        return await db.papers.by_key(club_paper_key(ctx.club.id, link)) is None


async def _works_at(ctx: Context, url: str) -> list[PaperRecord]:
    """Works that have a copy at an address; empty if they cannot be looked up."""
    try:
        return await ctx.app.work_finder.at_url(url) if ctx.app.work_finder else []
    except Unavailable as error:
        log.info("the works at a page are not known: %s", error)
        return []


def _named_paper(link: links.LinkedItem, page: PageDetails) -> links.PaperRef | None:
    """Paper that a page names by an arXiv id or a DOI, so that it is on the list once; None if it names none."""
    name = page.arxiv_id or (page.doi if link.kind is links.SiteKind.PAPER else "")
    try:
        found = links.identify(name) if name else None
    except UserError:
        return None
    return found if isinstance(found, links.PaperRef) else None


async def _submit_many(ctx: Context, many: Sequence[links.IdentifiedLink], details: SubmissionInput) -> Card:
    """Submit several links; one answer with the outcome of each."""
    if len(many) > MAX_LINKS:
        raise UserError(
            _(
                "That is {many_count} links. Send at most {max_links} at once.",
                many_count=len(many),
                max_links=MAX_LINKS,
            ),
            field="link",
        )
    rows, failed = list[Part](), 0
    for link in many:
        try:
            card = await _submit_one(ctx, link, details)
        except UserError as error:
            failed += 1
            rows.append(
                text(
                    *phrase(
                        "{url}: not submitted. {error}", url=Link(truncate(link.url, 80), link.url), error=str(error)
                    )
                )
            )
        else:
            first = next((part for part in card.parts if isinstance(part, Text)), None)
            said = rich_text.plain(first.words) if first else ""
            rows.append(text(Link(truncate(link.url, 80), link.url), f": {card.title}. {truncate(said, 160)}".rstrip()))
    title = _("{links} submitted", links=_n("{n} link", "{n} links", len(many) - failed))
    return Card(
        _("{title}, {failed} not", title=title, failed=failed) if failed else title,
        tuple(rows),
        Tone.BAD if failed else Tone.GOOD,
    )
