"""Command `paper summary`: shows a paper's summary or abstract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, QuotePart, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Italic
from bot.chat.text import one_line
from bot.domain.models import Submission
from bot.domain.preferences import Preferences, SummaryPreference
from bot.domain.summary_values import WrittenSummary
from bot.editions.model.document import Provenance
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions
from bot.editions.text_analysis.sentences import sentences
from bot.errors import UserError
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.paper_cards import byline, title_of
from bot.features.shared.papers.source_quotes import source_quote
from bot.features.shared.papers.summarization import stored_summaries, write_summaries, writer_of
from bot.latex.reader import latex_to_text
from bot.locale.current import _

commands = Commands()


@commands("paper summary", examples=("/paper summary 12", "/paper summary 12 view=abstract"))
async def summary(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
    view: Annotated[
        SummaryPreference | None, ParameterHint("the written summary, or the authors’ own abstract")
    ] = None,
) -> AsyncIterator[Card]:
    """Summarize a paper: why it matters, key insights and quotes."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
    if not chosen.paper.abstract:
        say = _("its details are not there yet") if chosen.paper.pending else _("it has no abstract to read")
        raise UserError(
            _("#{chosen_number} cannot be summarized yet: {say}.", chosen_number=chosen.number, say=say), field="paper"
        )
    view = view or Preferences.of(ctx.member.prefs).summaries
    writer = writer_of(ctx.app, ctx.club)
    if view == "abstract" or writer is None:
        yield _abstract_card(chosen)
        return
    stored = await stored_summaries(ctx.app, ctx.club, writer, [chosen.paper])
    if not stored:
        yield Card(title_of(chosen), (text(_("Reading it …")),), Tone.QUIET)
        async for paper_id, written in write_summaries(ctx.app, ctx.club, [chosen.paper]):
            stored = {paper_id: written}
    yield _summary_card(chosen, stored[chosen.paper_id], ctx.zone)


def _summary_card(chosen: Submission, written: WrittenSummary, zone: ZoneInfo) -> Card:
    parts: list[Part] = [text(Italic(byline(chosen)))]
    if written.why:
        parts.append(text(Bold(_("Why")), f" → {written.why}"))
    if written.insights:
        parts += [text(Bold(_("Key insights")), " →"), Points(tuple((insight,) for insight in written.insights))]
    parts += [source_quote(quote) for quote in written.quotes]
    at = written.at.astimezone(zone)
    provenance = Provenance(written.writer, written.prompt, written.source, at, written.checks)
    own = len(written.own_sentences), sum(len(sentences(line)) for line in (written.why, *written.insights))
    parts.append(note(captions.provenance(provenance, words_in_use(), own)))
    return Card(
        title_of(chosen),
        (*parts, _switch_view_buttons(chosen, "abstract", _("Read the abstract"))),
        url=chosen.paper.url,
    )


def _abstract_card(chosen: Submission) -> Card:
    paper = chosen.paper
    version = _(" of version {version}", version=paper.version) if paper.version else ""
    parts: list[Part] = [
        text(Italic(byline(chosen))),
        QuotePart(latex_to_text(one_line(paper.abstract)), _("the abstract{version}", version=version)),
        _switch_view_buttons(chosen, "ai", _("Summarize")),
    ]
    return Card(title_of(chosen), tuple(parts), url=paper.url)


def _switch_view_buttons(chosen: Submission, view: str, label: str) -> Buttons:
    row = (
        Button(label, Call.of("paper summary", chosen.number, view=view)),
        Button(_("Discuss"), Call.of("paper discuss", chosen.number)),
        Button(_("Report a problem"), Call.of("paper report", chosen.number)),
    )
    return Buttons(row)
