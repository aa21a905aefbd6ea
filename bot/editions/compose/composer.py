"""Composes the document of an edition from selected papers, their texts and suggestions. Pure functions without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.rich_text import InlineCode
from bot.domain.club_settings import ClubSettings
from bot.domain.links.identify import SiteKind
from bot.domain.models import Suggestion
from bot.editions.compose.item_builder import SelectedPaper, item, reference, suggested
from bot.editions.compose.meeting_section import MeetingRecord, meeting_section
from bot.editions.compose.new_papers_section import NO_NEW_PAPERS, NewPapers, new_papers_section
from bot.editions.compose.selection import group_by_theme
from bot.editions.model.derived_fields import all_voted_for, headline, main_themes, papers_sentence, text_credits
from bot.editions.model.document import Credit, Document, Item, Period, Section, SectionKind, Theme, reading_minutes
from bot.editions.model.prose import Prose
from bot.editions.model.templates import SECTION_BY_LINK_KIND, Template, edition_title, template_for
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class Participation:
    """Numbers of submissions, votes and members in the voting window."""

    submissions: int = 0
    votes: int = 0
    members: int = 0
    """Number of members who submitted or voted, without duplicates."""


NO_PARTICIPATION = Participation()


@dataclass(frozen=True, slots=True)
class EditionContext:
    """Metadata of an edition. `issued` is its date; `since` and `until` bound the voting window."""

    club: str
    number: int
    template: str
    settings: ClubSettings
    zone: ZoneInfo
    since: datetime
    until: datetime
    issued: datetime
    now: datetime
    participation: Participation = NO_PARTICIPATION
    selected_from: int = 0
    selected_where: str = ""


def compose(
    context: EditionContext,
    selected: Sequence[SelectedPaper],
    suggestions: Sequence[Suggestion] = (),
    meetings: Sequence[MeetingRecord] = (),
    new_papers: NewPapers = NO_NEW_PAPERS,
) -> Document:
    """The edition: its sections in the template's order, its items numbered, its references counted."""
    template = template_for(context.template, context.settings)
    words = template.words
    papers = [paper for paper in selected if paper.kind == SiteKind.PAPER]
    themed = [paper for paper in selected if paper.kind == SiteKind.PAPER or (paper.pick and paper.pick.theme)]
    themed.sort(key=_pick_order)
    other_sections = _other_sections(
        [paper for paper in selected if paper not in themed], suggestions, template, context
    )
    sections = [*_themed_sections(themed, template, context), *(s for s in other_sections if s.kind in template.order)]
    if held := meeting_section(meetings, template, emoji=context.settings.emoji):
        sections.append(held)
    monthly = context.settings.cadence == "monthly"
    if new := new_papers_section(new_papers, template, emoji=context.settings.emoji, monthly=monthly):
        sections.append(new)
    sections.sort(key=lambda section: template.order.index(section.kind))
    references = [
        reference(paper.submission.paper, n) for n, paper in enumerate(_in_section_order(papers, sections), 1)
    ]
    sections = _numbered(sections, {r.work.url: r.number for r in references}, count=not template.grouped)
    document = Document(
        club=context.club,
        number=context.number,
        title=edition_title(
            template, context.issued.astimezone(context.zone), weekly=context.settings.cadence == "weekly"
        ),
        template=template.name,
        period=Period(context.since, context.until, context.zone.key),
        issued=context.issued,
        language=words.language.code,
        emoji=context.settings.emoji,
        headline=headline([i.title for s in sections if s.kind == "theme" for i in s.items], words),
        intro=_intro(context, [i for s in sections if s.kind == "theme" for i in s.items if i.kind == "paper"], words),
        selected_from=context.selected_from,
        selected_where=context.selected_where,
        themes=tuple(_major_themes(sections, suggestions, template)),
        sections=tuple(sections),
        references=tuple(references),
        listed_references=template.references,
        monthly=monthly,
        sign_off=_sign_off(words),
        credits=tuple(_credits(selected, words)),
    )
    document = replace(document, credits=(*document.credits, *text_credits(document, words)))
    return replace(document, reading_minutes=reading_minutes(document.word_count))


def _themed_sections(papers: Sequence[SelectedPaper], template: Template, context: EditionContext) -> list[Section]:
    """The papers, under their themes or in one row."""
    items = {
        paper.candidate.submission: item(paper, template, emoji=context.settings.emoji, now=context.now)
        for paper in papers
    }
    if template.grouped:
        groups = group_by_theme([paper.candidate for paper in papers], template.words)
        return [Section(g.theme, "theme", tuple(items[c.submission] for c in g.papers)) for g in groups]
    return [_new_section("theme", tuple(items.values()), template)] if items else []


def _other_sections(
    selected: Iterable[SelectedPaper], suggestions: Iterable[Suggestion], template: Template, context: EditionContext
) -> list[Section]:
    """News, Code and other sections: submissions that are not papers, then suggestions; each link once."""
    items_by_section: dict[SectionKind, dict[str, Item]] = {}
    for paper in selected:
        new = item(paper, template, emoji=context.settings.emoji, now=context.now)
        items_by_section.setdefault(SECTION_BY_LINK_KIND.get(paper.kind, "meta"), {})[new.url] = new
    for suggestion in suggestions:
        if suggestion.section in ("news", "code"):
            new = suggested(suggestion)
            section_items = items_by_section.setdefault(SECTION_BY_LINK_KIND.get(suggestion.section, "meta"), {})
            section_items.setdefault(new.url or new.key, new)
    return [_new_section(kind, tuple(items.values()), template) for kind, items in items_by_section.items()]


def _pick_order(paper: SelectedPaper) -> tuple[bool, int]:
    """Picks with a place first, in that order; the others stay in theirs."""
    place = paper.pick.place if paper.pick else None
    return place is None, place or 0


def _new_section(kind: SectionKind, items: tuple[Item, ...], template: Template) -> Section:
    title, emoji = template.titles[kind]
    return Section(title, kind, items, emoji)


def _in_section_order(papers: Sequence[SelectedPaper], sections: Sequence[Section]) -> list[SelectedPaper]:
    """The papers in the order of the sections."""
    by_id = {paper.submission.id: paper for paper in papers}
    themed = (i.submission for section in sections if section.kind == "theme" for i in section.items)
    return [by_id[id] for id in themed if id in by_id]


def _numbered(sections: Sequence[Section], references: dict[str, int], *, count: bool) -> list[Section]:
    """The sections with each paper's own reference, and its number where papers are counted."""
    number, numbered = 0, []
    for section in sections:
        items = []
        for entry in section.items:
            if section.kind == "theme":
                number += 1
                entry = replace(entry, reference=references.get(entry.url, 0), number=number if count else 0)
            items.append(entry)
        numbered.append(replace(section, items=tuple(items)))
    return numbered


def dated(document: Document, settings: ClubSettings, at: datetime) -> Document:
    """The edition with another issue date; a generated title is updated, a title edited by a moderator stays."""
    template, zone = template_for(document.template, settings), ZoneInfo(document.period.zone)
    weekly = settings.cadence == "weekly"
    old_title, new_title = (
        edition_title(template, moment.astimezone(zone), weekly=weekly) for moment in (document.issued, at)
    )
    return replace(document, issued=at, title=new_title if document.title == old_title else document.title)


def _intro(context: EditionContext, papers: Sequence[Item], words: Translator) -> Prose:
    """The club's part in it, in numbers."""
    participation = context.participation
    if not papers or not participation.members:
        return ()
    parts = []
    if participation.submissions:
        parts.append(words.ngettext("{n} link submitted", "{n} links submitted", participation.submissions))
    if participation.votes:
        parts.append(words.ngettext("{n} vote cast", "{n} votes cast", participation.votes))
    # Translators: {deeds} is such as "4 links submitted and 9 votes cast".
    activity = words.ngettext(
        "{deeds} by {n} member of {club}.",
        "{deeds} by {n} members of {club}.",
        participation.members,
        deeds=words.names(parts),
        club=context.club,
    )
    return (f"{activity} {papers_sentence(len(papers), words, wanted=all_voted_for(papers))}".strip(),)


def _sign_off(words: Translator) -> Prose:
    # Translators: {command} stands for a command that is typed in the chat.
    message = words.gettext(
        "Thank you for reading! What will you read next? Submit it with {command} and vote for other papers."
    )
    before, _, after = message.partition("{command}")
    return (before, InlineCode("/paper submit"), after)


def _major_themes(
    sections: Sequence[Section], suggestions: Iterable[Suggestion], template: Template
) -> Iterable[Theme]:
    """The major themes: those of the sections, then themes that members proposed."""
    yield from main_themes(sections, template)
    titles = {section.title.casefold() for section in sections}
    for suggestion in suggestions:
        name = suggestion.title.strip()
        if suggestion.section == "theme" and not suggestion.url and name and name.casefold() not in titles:
            titles.add(name.casefold())
            yield Theme(name, suggestion.note.strip(), suggestion.member.name)


def _credits(selected: Sequence[SelectedPaper], words: Translator) -> Iterable[Credit]:
    names = [paper.submission.member.name for paper in selected if not paper.submission.anonymous]
    names += [
        co_submission.member.name
        for paper in selected
        for co_submission in paper.co_submissions
        if not co_submission.anonymous
    ]
    if names:
        # Translators: a list of members' names follows.
        yield Credit(words.gettext("Submitted by"), tuple(dict.fromkeys(names)))


def submissions(document: Document) -> tuple[int, ...]:
    """Row ids of the club's submissions that the edition includes, in the order of their places."""
    return tuple(entry.submission for entry in document.items if entry.submission)


def suggestions(document: Document) -> tuple[int, ...]:
    """Row ids of the suggestions that the edition includes."""
    return tuple(entry.suggestion for entry in document.items if entry.suggestion)
