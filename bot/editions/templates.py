"""The two shapes of an edition, as values: what stands where, what is numbered, and how much of each text is shown.

`weekly-update` is carried by its themes, quotes and remarks; `best-of` by numbered papers with Why and Key insights.
A club adjusts either by its settings; another shape is another value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain import sections
from bot.domain.clubs import ClubSettings
from bot.editions.labels import ENGLISH, Labels
from bot.editions.languages import tongue
from bot.editions.parts import SectionKind


@dataclass(frozen=True, slots=True)
class Template:
    """One shape of an edition."""

    name: str
    weekly_title: str
    monthly_title: str
    order: tuple[SectionKind, ...]
    """Which kinds of sections come first."""
    grouped: bool
    """Whether papers stand under their themes; else all are in one numbered section."""
    insights: int
    """The most key insights shown of a paper."""
    quotes: int
    """The most quotes shown of a paper."""
    language: str = "English"
    titles: Mapping[SectionKind, tuple[str, str]] = field(default_factory=lambda: named(ENGLISH))
    """What a section of each kind is called, and its emoji."""


EMOJI: dict[SectionKind, str] = {"theme": "🔬", "news": "📰", "code": "👾", "meta": "🧭", "picks": "✨"}
"""The emoji of each kind of section."""


def named(labels: Labels) -> dict[SectionKind, tuple[str, str]]:
    """What a section of each kind is called in a language, and its emoji."""
    titles: dict[SectionKind, str] = {
        "theme": labels.research,
        "news": labels.news,
        "code": labels.code,
        "meta": labels.meta,
        "picks": labels.picks,
    }
    return {kind: (title, EMOJI[kind]) for kind, title in titles.items()}


WEEKLY_UPDATE = Template(
    name="weekly-update",
    weekly_title="Weekly Update — {day}",
    monthly_title="Monthly Update — {month}",
    order=("theme", "code", "news", "meta", "picks"),
    grouped=True,
    insights=2,
    quotes=4,
)

BEST_OF = Template(
    name="best-of",
    weekly_title="Best of the Week — {day}",
    monthly_title="Best of {month}",
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


def shaped(name: str, rules: ClubSettings) -> Template:
    """A template as a club wants it: which sections, in which order, under which headings, with emoji or without."""
    template, spoken = TEMPLATES[name], tongue(rules.language)
    titles = {kind: (title, emoji if rules.emoji else "") for kind, (title, emoji) in named(spoken.labels).items()}
    wanted = sections.read(rules.sections)
    titles |= {_KINDS[section]: (heading, "") for section, heading in wanted if heading}
    order = tuple(_KINDS[section] for section, _ in wanted) or template.order
    weekly, monthly = spoken.weekly_update, spoken.monthly_update
    if name == BEST_OF.name:
        weekly, monthly = spoken.weekly_best, spoken.monthly_best
    return replace(
        template, order=order, titles=titles, weekly_title=weekly, monthly_title=monthly, language=rules.language
    )


BADGES = {
    "paper": ("Paper", "📄"),
    "code": ("Code", "👾"),
    "demo": ("Demo", "🕹️"),
    "blog": ("Blog", "✍️"),
    "project": ("Project page", "🌐"),
    "data": ("Data", "🗂️"),
    "video": ("Video", "🎬"),
    "colab": ("Colab", "📓"),
    "news": ("News", "📰"),
    "newsletter": ("Newsletter", "🗞️"),
    "event": ("Event", "📅"),
    "commentary": ("Commentary", "💬"),
    "post": ("Post", "🔗"),
}
"""What a link of each kind is called on a badge, and its emoji."""

PLACES: dict[str, SectionKind] = {
    "news": "news",
    "code": "code",
    "demo": "code",
    "colab": "code",
    "data": "code",
    "project": "code",
}
"""The section for a link of each kind that is no paper; any other kind stands in Meta."""


def badge_label(kind: str, *, emoji: bool, language: str = "English") -> str:
    """What a badge of this kind says in a language."""
    name, sign = BADGES.get(kind, (kind.replace("-", " ").capitalize(), "🔗"))
    name = tongue(language).badges.get(kind, name)
    return f"{sign} {name}" if emoji else name
