"""Templates of an edition: order of sections, numbering, and length of each text.

`weekly-update` groups papers by theme and shows quotes and remarks; `best-of` numbers its papers and shows Why and Key
insights. Club settings adjust either one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from bot.domain import edition_sections
from bot.domain.club_settings import ClubSettings
from bot.editions.model.items import SectionKind
from bot.editions.model.translation import DOMAIN, IN_ENGLISH
from bot.locale import Translator, find_language, gettext_noop, pgettext_noop, translator


@dataclass(frozen=True, slots=True)
class Template:
    """One template of an edition."""

    name: str
    order: tuple[SectionKind, ...]
    """Kinds of sections in display order."""
    grouped: bool
    """True if papers are grouped by theme; otherwise all are in one numbered section."""
    insights: int
    """The most key insights shown of a paper."""
    quotes: int
    """The most quotes shown of a paper."""
    titles: Mapping[SectionKind, tuple[str, str]] = field(default_factory=lambda: section_titles(IN_ENGLISH))
    """The heading of a section of each kind, and its emoji."""
    words: Translator = IN_ENGLISH
    generated: bool = True
    """False if items get no text that a program wrote or chose, not even the abstract."""
    references: Literal["all", "cited", "none"] = "all"
    """References that the edition lists: those of its papers too, only those that a text cites, or none."""


EMOJI: dict[SectionKind, str] = {"theme": "🔬", "news": "📰", "code": "👾", "meta": "🧭", "picks": "✨"}
"""The emoji of each kind of section."""


_HEADINGS: dict[SectionKind, str] = {
    "theme": gettext_noop("Research"),
    "news": gettext_noop("News"),
    "code": gettext_noop("Code"),
    "meta": gettext_noop("Around the field"),
    "picks": gettext_noop("Also worth a look"),
}


def section_titles(words: Translator) -> dict[SectionKind, tuple[str, str]]:
    """The heading of a section of each kind in a language, and its emoji."""
    return {kind: (words.gettext(heading), EMOJI[kind]) for kind, heading in _HEADINGS.items()}


WEEKLY_UPDATE = Template(
    name="weekly-update",
    order=("theme", "code", "news", "meta", "picks"),
    grouped=True,
    insights=2,
    quotes=4,
)

BEST_OF = Template(
    name="best-of",
    order=("news", "code", "theme", "meta", "picks"),
    grouped=False,
    insights=5,
    quotes=1,
)

TEMPLATES = {template.name: template for template in (WEEKLY_UPDATE, BEST_OF)}

_KINDS: dict[str, SectionKind] = {
    "papers": "theme",
    "news": "news",
    "code": "code",
    "meta": "meta",
    "picks": "picks",
}
"""The kinds of sections by the names that clubs give in their settings."""


def template_for(name: str, settings: ClubSettings) -> Template:
    """A template as a club wants it: which sections, in which order, under which headings, with emoji or without."""
    template, words = TEMPLATES[name], translator(DOMAIN, find_language(settings.language).code)
    headings = section_titles(words)
    titles = {kind: (title, emoji if settings.emoji else "") for kind, (title, emoji) in headings.items()}
    sections = edition_sections.parse_sections(settings.sections)
    titles |= {_KINDS[section]: (heading, "") for section, heading in sections if heading}
    order = tuple(_KINDS[section] for section, _ in sections) or template.order
    return replace(
        template, order=order, titles=titles, words=words, generated=settings.writer != "nobody",
        references=settings.references,
    )  # fmt: skip


def edition_title(template: Template, day: date, *, weekly: bool) -> str:
    """The title of an edition of this day, in the template's language."""
    words = template.words
    match template.name == BEST_OF.name, weekly:
        case True, True:
            return words.gettext("Best of the Week — {day}", day=words.long_date(day))
        case True, False:
            return words.gettext("Best of {month}", month=words.long_month(day))
        case _, True:
            return words.gettext("Weekly Update — {day}", day=words.long_date(day))
    return words.gettext("Monthly Update — {month}", month=words.long_month(day))


BADGE = "badge"
"""The context of the labels of badges: some read otherwise as the heading of a section."""

BADGES = {
    "paper": (pgettext_noop("badge", "Paper"), "📄"),
    "code": (pgettext_noop("badge", "Code"), "👾"),
    "demo": (pgettext_noop("badge", "Demo"), "🕹️"),
    "blog": (pgettext_noop("badge", "Blog"), "✍️"),
    "project": (pgettext_noop("badge", "Project page"), "🌐"),
    "data": (pgettext_noop("badge", "Data"), "🗂️"),
    "video": (pgettext_noop("badge", "Video"), "🎬"),
    "colab": (pgettext_noop("badge", "Colab"), "📓"),
    "news": (pgettext_noop("badge", "News"), "📰"),
    "newsletter": (pgettext_noop("badge", "Newsletter"), "🗞️"),
    "event": (pgettext_noop("badge", "Event"), "📅"),
    "commentary": (pgettext_noop("badge", "Commentary"), "💬"),
    "post": (pgettext_noop("badge", "Post"), "🔗"),
}
"""The label of a badge of each kind, and its emoji."""

SECTION_BY_LINK_KIND: dict[str, SectionKind] = {
    "news": "news",
    "code": "code",
    "demo": "code",
    "colab": "code",
    "data": "code",
    "project": "code",
}
"""The section for links of each kind that are not papers; other kinds go into Meta."""


def badge_label(kind: str, *, emoji: bool, words: Translator = IN_ENGLISH) -> str:
    """The label of a badge of this kind in a language; a kind that a club made up stays as it is."""
    name, sign = BADGES.get(kind, ("", "🔗"))
    label = words.pgettext(BADGE, name) if name else kind.replace("-", " ").capitalize()
    return f"{sign} {label}" if emoji else label
