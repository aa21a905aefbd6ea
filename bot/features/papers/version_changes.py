"""Command `paper changes`: what changed between two versions of a paper on arXiv."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link
from bot.chat.text import truncate
from bot.domain.models import Paper
from bot.editions.text_analysis.sentences import sentences
from bot.errors import Unavailable, UserError
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, formatted

commands = Commands()

MAX_SENTENCES = 6
"""Sentences of the abstract that are shown of each sort."""
MAX_LENGTH = 400
"""Characters of a sentence that are shown."""
MAX_NAMES = 12


@dataclass(frozen=True, slots=True)
class ReadableVersion:
    """A version of a paper, its LaTeX turned into readable text, to be compared with another."""

    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str

    @classmethod
    def of(cls, version: int, title: str, authors: Sequence[str], abstract: str) -> ReadableVersion:
        """A version from its LaTeX."""
        return cls(
            version,
            latex_to_text(title),
            tuple(latex_to_text(name) for name in authors),
            " ".join(latex_to_text(abstract).split()),
        )


@commands("paper changes", examples=("/paper changes 12", "/paper changes 12 since=1"))
async def changes(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    since: Annotated[int | None, ParameterHint("the number of an earlier version; the previous one if empty")] = None,
) -> Card:
    """See what changed between two versions of a paper: its title, its authors and its abstract."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        known = {version.version: version for version in await db.papers.earlier_versions(chosen.paper)}
    row = chosen.paper
    if not row.key.startswith("arxiv:") or not row.version:
        raise UserError(_("I know the versions of arXiv papers only."), field="paper")
    if row.version == 1:
        return Card(title_of(chosen), (text(_("It has only one version.")),), Tone.QUIET, url=row.url)
    number = since if since is not None else row.version - 1
    if not 1 <= number < row.version:
        raise UserError(
            _("#{number} has versions 1 to {newest}.", number=chosen.number, newest=row.version), field="since"
        )
    stored = known.get(number)
    before = (
        ReadableVersion.of(number, stored.title, stored.authors, stored.abstract)
        if stored
        else await _ask_arxiv(ctx, row, number)
    )
    after = ReadableVersion.of(row.version, row.title, row.authors, row.abstract)
    parts = [*_differences(before, after)]
    if not parts:
        parts.append(text(_("Title, authors and abstract are the same. The text itself is not compared.")))
    day = _(" of {day}", day=formatted(row.updated_at, "%-d %b %Y")) if row.updated_at else ""
    head = text(
        Bold(f"#{chosen.number} "),
        _("from version {before} to version {after}{day}", before=number, after=row.version, day=day),
    )
    parts.append(note(Link(_("All versions on arXiv"), row.url)))
    if number > 1:
        call = Call.of("paper changes", chosen.number, since=number - 1)
        parts.append(Buttons((Button(_("Since version {number}", number=number - 1), call),)))
    return Card(title_of(chosen), (head, *parts), url=row.url)


async def _ask_arxiv(ctx: Context, row: Paper, number: int) -> ReadableVersion:
    """An earlier version that the club has not seen. Raises UserError if arXiv does not have it now."""
    arxiv_id = row.key.removeprefix("arxiv:")
    try:
        found = (await ctx.app.paper_source.records([f"{arxiv_id}v{number}"])).get(arxiv_id)
    except Unavailable as error:
        raise UserError(
            _("Version {number} is not stored here. {error}", number=number, error=str(error)), field="since"
        ) from error
    if found is None or found.version != number:
        raise UserError(_("arXiv no longer shows version {number}.", number=number), field="since")
    return ReadableVersion.of(number, found.title, found.authors, found.abstract)


def _differences(before: ReadableVersion, after: ReadableVersion) -> list[Part]:
    parts: list[Part] = []
    if before.title != after.title:
        parts += [Heading(_("Title")), Points(((_("before: "), before.title), (_("now: "), after.title)))]
    parts += _author_differences(before.authors, after.authors)
    old, new = _sentences(before.abstract), _sentences(after.abstract)
    added, removed = [one for one in new if one not in old], [one for one in old if one not in new]
    if removed:
        parts += [Heading(_("No longer in the abstract")), _listed(removed)]
    if added:
        parts += [Heading(_("New in the abstract")), _listed(added)]
    return parts


def _author_differences(before: Sequence[str], after: Sequence[str]) -> list[Part]:
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    lines = []
    if added:
        lines.append(_("new: {names}", names=_names(added)))
    if removed:
        lines.append(_("no longer: {names}", names=_names(removed)))
    if not lines and tuple(before) != tuple(after):
        lines.append(_("in another order: {names}", names=_names(after)))
    return [Heading(_("Authors")), Points(tuple((line,) for line in lines))] if lines else []


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MAX_NAMES])
    more = len(names) - MAX_NAMES
    return _("{shown} and {more}", shown=shown, more=_n("{n} more", "{n} more", more)) if more > 0 else shown


def _sentences(abstract: str) -> list[str]:
    return [" ".join(one.text.split()) for one in sentences(abstract)]


def _listed(found: Sequence[str]) -> Points:
    shown = [truncate(one, MAX_LENGTH) for one in found[:MAX_SENTENCES]]
    if len(found) > MAX_SENTENCES:
        shown.append(_n("and {n} more sentence", "and {n} more sentences", len(found) - MAX_SENTENCES))
    return Points(tuple((one,) for one in shown))
