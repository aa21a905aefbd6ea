"""Commands `paper add-link` and `paper cite`: links to code, demos and the like, and citations of a paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, LinkRow, Part, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import InlineCode
from bot.domain.citations import Reference, bibtex, markdown, ris
from bot.domain.links import urls
from bot.domain.links.sites import SiteKind as SiteKind
from bot.domain.models import SubmissionState
from bot.errors import UserError
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.paper_cards import BADGES, badges, title_of
from bot.features.shared.quotas import check_quota
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, formatted

commands = Commands()

LinkKind = Literal["code", "demo", "blog", "video", "data", "project"]
MAX_LINKS = 12
"""Maximum number of links of a paper."""

AUTHORS_IN_CHAT = 40
"""Maximum number of authors in a citation shown in chat, which fits a message of either platform."""

CitationFormat = Literal["bibtex", "ris", "md"]
LABELS: dict[CitationFormat, str] = {"bibtex": "BibTeX", "ris": "RIS", "md": "Markdown"}
WRITERS: dict[CitationFormat, Callable[..., str]] = {"bibtex": bibtex, "ris": ris, "md": markdown}


def _public_link(word: str) -> str:
    """URL of a public link, which is never fetched. Raises UserError if it is unsafe."""
    return urls.parse(word.strip("<>")).url


@commands("paper add-link", examples=("/paper add-link 12 code https://github.com/tensorflow/tensor2tensor",))
async def add_link(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    *,
    kind: Annotated[LinkKind, ParameterHint("what it leads to")],
    url: Annotated[str, ParameterHint("a link that starts with https://", most=2000, parse=_public_link)],
) -> Card:
    """Add a link to a paper: its code, a demo, a blog post, a video, its data, its project page."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        if chosen.state in (SubmissionState.DROPPED, SubmissionState.WITHDRAWN):
            raise UserError(
                _(
                    "#{chosen_number} was removed from the list. Nothing can be added to it.",
                    chosen_number=chosen.number,
                )
            )
        links = await db.submissions.links(chosen.id)
        exists = url in {link.url for link in links}
        if not exists and len(links) >= MAX_LINKS:
            raise UserError(
                _(
                    "#{chosen_number} already has {links}. A moderator can remove some.",
                    chosen_number=chosen.number,
                    links=_n("{n} link", "{n} links", MAX_LINKS),
                )
            )
        if not exists:
            await check_quota(ctx, db, "link")
            await db.submissions.add_link(chosen.id, SiteKind(kind), url, ctx.member.id, ctx.now)
            await db.deliveries.mark_stale(chosen.id)
        link_row = LinkRow(tuple(badges(chosen, await db.submissions.links(chosen.id))))
    say = (
        _("That link is already on the card of #{chosen_number}.", chosen_number=chosen.number)
        if exists
        else _(
            "{badges} was added to the card of #{chosen_number}.", badges=_(BADGES[kind]), chosen_number=chosen.number
        )
    )
    return Card(
        _("Link added") if not exists else _("Nothing to add"),
        (text(say), link_row),
        Tone.GOOD,
    )


@commands("paper cite", examples=("/paper cite 12", "/paper cite 12 ris"))
async def cite(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    format: Annotated[CitationFormat, ParameterHint("BibTeX, RIS for Zotero and EndNote, or Markdown")] = "bibtex",
) -> Card:
    """Cite a paper: BibTeX, RIS or Markdown."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
    if chosen.paper.pending and not chosen.paper.authors:
        raise UserError(
            _(
                "The authors of #{chosen_number} are not known yet: its source could not be reached. Try again later.",
                chosen_number=chosen.number,
            )
        )
    work = Reference.of(chosen.paper, latex_to_text)
    kind = {} if format == "md" else {"kind": chosen.paper.kind}
    citation = WRITERS[format](work, max_authors=AUTHORS_IN_CHAT, **kind)
    others = (Button(LABELS[other], Call.of("paper cite", chosen.number, other)) for other in LABELS if other != format)
    parts: list[Part] = [text(InlineCode(citation)), Buttons(tuple(others))]
    if len(work.authors) > AUTHORS_IN_CHAT:
        parts.append(
            note(
                _(
                    "The first {authors_in_chat} of {authors_count} authors, in order.",
                    authors_in_chat=AUTHORS_IN_CHAT,
                    authors_count=formatted(len(work.authors), ","),
                )
            )
        )
    return Card(f"#{chosen.number} {title_of(chosen)}", tuple(parts), url=chosen.paper.url)
