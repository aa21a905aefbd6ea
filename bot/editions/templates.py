"""The two shapes of an edition, as values: what stands where, what is numbered, and how much of each text is shown.

`weekly-update` is carried by its themes, quotes and remarks; `best-of` by numbered papers with Why and Key insights.
A club adjusts either by its settings; another shape is another value here.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.editions.document import SectionKind


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

SECTIONS: dict[SectionKind, tuple[str, str]] = {
    "theme": ("Research", "🔬"),
    "news": ("News", "📰"),
    "code": ("Code", "👾"),
    "meta": ("Around the field", "🧭"),
    "picks": ("Also worth a look", "✨"),
}
"""What a section of each kind is called, and its emoji."""

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


def badge_label(kind: str, *, emoji: bool) -> str:
    """What a badge of this kind says."""
    name, sign = BADGES.get(kind, (kind.replace("-", " ").capitalize(), "🔗"))
    return f"{sign} {name}" if emoji else name
