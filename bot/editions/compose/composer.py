"""Composing: from what was chosen and written to the edition as a value. Pure: all it needs is handed in."""

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
from bot.editions.compose.selection import group_by_theme
from bot.editions.model.derived_fields import headline, main_themes, papers_sentence
from bot.editions.model.document import Credit, Document, Item, Period, Section, SectionKind, Theme, reading_minutes
from bot.editions.model.prose import Prose
from bot.editions.model.templates import SECTION_BY_LINK_KIND, Template, edition_title, template_for
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class Participation:
    """What the club did in the window, counted."""

    submissions: int = 0
    votes: int = 0
    members: int = 0
    """Who brought or voted, each once."""


NO_PARTICIPATION = Participation()


@dataclass(frozen=True, slots=True)
class EditionContext:
    """All about an edition but its contents. `issued` is the day it bears, `since` to `until` the window."""

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


def compose(frame: EditionContext, chosen: Sequence[SelectedPaper], suggestions: Sequence[Suggestion] = ()) -> Document:
    """The edition: its sections in the template's order, its items numbered, its references counted."""
    template = template_for(frame.template, frame.settings)
    words = template.words
    papers = [one for one in chosen if one.kind == SiteKind.PAPER]
    themed = [one for one in chosen if one.kind == SiteKind.PAPER or (one.pick and one.pick.theme)]
    themed.sort(key=_pick_order)
    others = _other_sections([one for one in chosen if one not in themed], suggestions, template, frame)
    sections = [*_themed_sections(themed, template, frame), *(s for s in others if s.kind in template.order)]
    sections.sort(key=lambda section: template.order.index(section.kind))
    references = [reference(one.submission.paper, n) for n, one in enumerate(_in_section_order(papers, sections), 1)]
    sections = _numbered(sections, {r.work.url: r.number for r in references}, count=not template.grouped)
    document = Document(
        club=frame.club,
        number=frame.number,
        title=edition_title(template, frame.issued.astimezone(frame.zone), weekly=frame.settings.cadence == "weekly"),
        template=template.name,
        period=Period(frame.since, frame.until, frame.zone.key),
        issued=frame.issued,
        language=words.language.code,
        emoji=frame.settings.emoji,
        headline=headline([i.title for s in sections if s.kind == "theme" for i in s.items], words),
        intro=_intro(frame, len(papers), words),
        selected_from=frame.selected_from,
        selected_where=frame.selected_where,
        themes=tuple(_major_themes(sections, suggestions, template)),
        sections=tuple(sections),
        references=tuple(references),
        sign_off=_sign_off(words),
        credits=tuple(_credits(chosen, words)),
    )
    return replace(document, reading_minutes=reading_minutes(document.word_count))


def _themed_sections(papers: Sequence[SelectedPaper], template: Template, frame: EditionContext) -> list[Section]:
    """The papers, under their themes or in one row."""
    items = {one.candidate.submission: item(one, template, emoji=frame.settings.emoji, now=frame.now) for one in papers}
    if template.grouped:
        groups = group_by_theme([one.candidate for one in papers], template.words)
        return [Section(g.theme, "theme", tuple(items[c.submission] for c in g.papers)) for g in groups]
    return [_new_section("theme", tuple(items.values()), template)] if items else []


def _other_sections(
    chosen: Iterable[SelectedPaper], suggestions: Iterable[Suggestion], template: Template, frame: EditionContext
) -> list[Section]:
    """News, Code and the rest: what members brought that is no paper, then what they suggested; each link once."""
    found: dict[SectionKind, dict[str, Item]] = {}
    for one in chosen:
        made = item(one, template, emoji=frame.settings.emoji, now=frame.now)
        found.setdefault(SECTION_BY_LINK_KIND.get(one.kind, "meta"), {})[made.url] = made
    for suggestion in suggestions:
        if suggestion.section in ("news", "code"):
            made = suggested(suggestion)
            place = found.setdefault(SECTION_BY_LINK_KIND.get(suggestion.section, "meta"), {})
            place.setdefault(made.url or made.key, made)
    return [_new_section(kind, tuple(items.values()), template) for kind, items in found.items()]


def _pick_order(one: SelectedPaper) -> tuple[bool, int]:
    """Picks with a place first, in that order; the others stay in theirs."""
    place = one.pick.place if one.pick else None
    return place is None, place or 0


def _new_section(kind: SectionKind, items: tuple[Item, ...], template: Template) -> Section:
    title, emoji = template.titles[kind]
    return Section(title, kind, items, emoji)


def _in_section_order(papers: Sequence[SelectedPaper], sections: Sequence[Section]) -> list[SelectedPaper]:
    """The papers as they stand in the sections."""
    by_id = {one.submission.id: one for one in papers}
    themed = (i.submission for section in sections if section.kind == "theme" for i in section.items)
    return [by_id[id] for id in themed if id in by_id]


def _numbered(sections: Sequence[Section], references: dict[str, int], *, count: bool) -> list[Section]:
    """The sections with each paper's own reference, and its number where papers are counted."""
    at, numbered = 0, []
    for section in sections:
        items = []
        for one in section.items:
            if section.kind == "theme":
                at += 1
                one = replace(one, reference=references.get(one.url, 0), number=at if count else 0)
            items.append(one)
        numbered.append(replace(section, items=tuple(items)))
    return numbered


def dated(document: Document, settings: ClubSettings, at: datetime) -> Document:
    """The edition dated with another moment; a title that names its day is made anew, one typed by hand stays."""
    template, zone = template_for(document.template, settings), ZoneInfo(document.period.zone)
    weekly = settings.cadence == "weekly"
    was, now = (edition_title(template, one.astimezone(zone), weekly=weekly) for one in (document.issued, at))
    return replace(document, issued=at, title=now if document.title == was else document.title)


def _intro(frame: EditionContext, papers: int, words: Translator) -> Prose:
    """The club's part in it, in numbers."""
    did = frame.participation
    if not papers or not did.members:
        return ()
    deeds = []
    if did.submissions:
        deeds.append(words.ngettext("{n} link brought", "{n} links brought", did.submissions))
    if did.votes:
        deeds.append(words.ngettext("{n} vote cast", "{n} votes cast", did.votes))
    # Translators: {deeds} is such as "4 links brought and 9 votes cast".
    counted = words.ngettext(
        "{deeds} by {n} member of {club}.",
        "{deeds} by {n} members of {club}.",
        did.members,
        deeds=words.names(deeds),
        club=frame.club,
    )
    return (f"{counted} {papers_sentence(papers, words)}".strip(),)


def _sign_off(words: Translator) -> Prose:
    # Translators: {command} stands for a command that is typed in the chat.
    said = words.gettext(
        "Thank you for reading! What will you read next? Bring it with {command} and vote for what the others brought."
    )
    before, _, after = said.partition("{command}")
    return (before, InlineCode("/paper submit"), after)


def _major_themes(sections: Sequence[Section], suggestions: Iterable[Suggestion], shape: Template) -> Iterable[Theme]:
    """The major themes: the sections, then what members proposed."""
    yield from main_themes(sections, shape)
    titles = {section.title.casefold() for section in sections}
    for suggestion in suggestions:
        name = suggestion.title.strip()
        if suggestion.section == "theme" and not suggestion.url and name and name.casefold() not in titles:
            titles.add(name.casefold())
            yield Theme(name, suggestion.note.strip())


def _credits(chosen: Sequence[SelectedPaper], words: Translator) -> Iterable[Credit]:
    named = [one.submission.member.name for one in chosen if not one.submission.anonymous]
    named += [second.member.name for one in chosen for second in one.co_submissions if not second.anonymous]
    if named:
        # Translators: a list of members' names follows.
        yield Credit(words.gettext("Brought by"), tuple(dict.fromkeys(named)))
    writers = [one.written.writer for one in chosen if one.written]
    if writers:
        own = words.gettext("the abstracts’ own sentences")
        # Translators: names of models follow, or "the abstracts’ own sentences".
        yield Credit(
            words.gettext("Summaries from"), tuple(own if w == "extractive" else w for w in dict.fromkeys(writers))
        )


def submissions(document: Document) -> tuple[int, ...]:
    """The rows of the club's submissions in an edition, in the order of their places."""
    return tuple(one.submission for one in document.items if one.submission)


def suggestions(document: Document) -> tuple[int, ...]:
    """The rows of what members suggested and an edition took up."""
    return tuple(one.suggestion for one in document.items if one.suggestion)
