"""Renders an edition as a self-contained web page without scripts, with a strict Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, assert_never

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.domain.accent_colors import accent_shades
from bot.domain.figure_names import figure_size
from bot.editions.model.document import Document
from bot.editions.model.prose import Citation, Prose
from bot.editions.model.translation import DOMAIN
from bot.editions.render.charts.chart_layout import layout
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress
from bot.editions.render.page_outline import page_outline
from bot.locale import translator

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment
    from markupsafe import Markup


def render(document: Document, *, url: str = "", figures: FigureAddress = WITHOUT_PAGES, accent: str = "") -> str:
    """The page. `url` is where it can be reached, if anywhere; `figures` gives the addresses of its pictures.

    `accent` is the club's color; the default one if it is empty.
    """
    sheet = style() + accent_rules(accent)
    page = templates().get_template("edition.html.jinja")
    return compact_page(
        page.render(
            outline=page_outline(document),
            url=url,
            stylesheet="",
            style=trusted_markup(sheet),
            csp=content_security_policy(sheet),
            references_at=references_on_page(document),
            figures=figures,
        )
        + "\n"
    )


def references_on_page(document: Document) -> str | None:
    """Address that citations on the edition's own page lead to: that page; None if it lists no references."""
    return "" if document.shown_references else None


@cache
def style() -> str:
    """The inline style sheet of the page."""
    return compact((files(__package__) / "pages" / "style.css").read_text("utf-8"))


def accent_rules(accent: str) -> str:
    """Rules of a style sheet for a club's color; none if it has none."""
    if not accent:
        return ""
    shades = accent_shades(accent)
    return (
        f":root {{ --accent: {shades.light}; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {shades.dark}; }} }}\n"
    )


def compact(sheet: str) -> str:
    """A style sheet without comments, indents and empty lines, since every page carries it."""
    lines = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL).splitlines()
    return "\n".join(filter(None, (line.strip() for line in lines))) + "\n"


_EXACT = re.compile("(<(pre|style|script|textarea)[ >].*?</\\2>)", re.DOTALL)
"""An element in which blanks and line ends count."""


def compact_page(page: str) -> str:
    """The page without indents, empty lines, and attributes that say nothing."""
    pieces = _EXACT.split(without_needless_directions(page))
    # Three pieces a time: markup, an element that stays as it is, its name.
    exact = [*pieces[1::3], ""]
    return "".join(_compact(piece) + kept for piece, kept in zip(pieces[::3], exact, strict=True))


_ITEM_PARTS = "p|h[2-4]|ul|ol|li|article|details|figure|blockquote"
_BETWEEN_PARTS = re.compile(rf"(</(?:{_ITEM_PARTS})>|<ul>|<article [^<>]*>)\n(?=</?(?:{_ITEM_PARTS})\b)")


def _compact(markup: str) -> str:
    """Markup without indents and empty lines, and without line ends between the parts of an item."""
    return _BETWEEN_PARTS.sub(r"\1", re.sub(r"\s*\n\s*", "\n", markup))


RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""A letter of a script that is read from right to left."""


def without_needless_directions(page: str) -> str:
    """The page without its `dir="auto"` if nothing in it is written from right to left: then they say nothing.

    Quotation marks in texts are escaped, so that only attributes are met.
    """
    return page if RIGHT_TO_LEFT.search(page) else page.replace(' dir="auto"', "")


def content_security_policy(sheet: str | None = None) -> str:
    """Content-Security-Policy of a page with a style sheet in it (the default one if `sheet` is None) and images.

    The style sheet is allowed by its hash.
    """
    digest = hashlib.sha256((sheet if sheet is not None else style()).encode()).digest()
    hashed = f"'sha256-{base64.b64encode(digest).decode()}'"
    return f"default-src 'none'; style-src {hashed}; {IMAGES_ALONE}; form-action 'none'"


IMAGES_ALONE = "img-src 'self' https: data:; base-uri 'none'"
"""The part of a policy that pages with and without a style sheet of their own have in common."""


@cache
def templates(*extra_loaders: BaseLoader) -> Environment:
    """The Jinja environment for an edition's templates; the loaders in `before` have priority.

    Built on first use, so that commands without rendering do not import Jinja.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context

    loader = ChoiceLoader([*extra_loaders, PackageLoader("bot.editions.render", "pages")])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    filters: dict[str, Any] = {
        "prose": pass_context(lambda context, words: _prose(words, context.get("references_at", ""))),
        "figure_address": pass_context(lambda context, url: context.get("figures", WITHOUT_PAGES)(url)),
        "figure_size": _figure_size,
        "unbroken": _unbroken,
        "with_breaks": _with_breaks,
        "safe_url": lambda url: bool(url) and Link("", url).is_safe,
        "safe_label": lambda label, url: Link(str(label), url).safe_label,
        "number": lambda value: f"{value:,g}",
        "layout": lambda part: layout(part.chart, translator(DOMAIN, part.language), titled=False),
    }
    environment.filters.update(filters)
    return environment


def _with_breaks(text: Markup) -> Markup:
    """Running text as HTML whose lines are those that a person typed."""
    return trusted_markup(str(text).strip().replace("\n", "<br>\n"))


LONGEST_UNBROKEN = 30
"""Characters of a piece of a small line that stay on one line: the narrowest phone has room for them."""


def _unbroken(line: str) -> str:
    """A small line that is broken between its pieces alone: not within "arXiv cs.CL" or a date."""
    first, *others = line.split(" · ")
    kept = (piece.replace(" ", "\u00a0") if len(piece) <= LONGEST_UNBROKEN else piece for piece in others)
    return "\u00a0· ".join((first, *kept))


def _figure_size(url: str) -> Markup:
    """Attributes with the size of a stored figure in pixels, so that its room is kept while it loads."""
    from markupsafe import Markup

    size = figure_size(url)
    return Markup(' width="{}" height="{}"').format(*size) if size else Markup("")


def _prose(prose: Prose, references_at: str | None = "") -> Markup:
    """Running text as HTML: markup is generated, text is escaped.

    `references_at` is the page with the references, "" for this one; None if there is none to link to.
    """
    from markupsafe import Markup

    return Markup("").join(_span(span, references_at) for span in prose)


def _span(span: Any, references_at: str | None) -> Markup:
    from markupsafe import Markup, escape

    match span:
        case Bold(text):
            return Markup("<b>{}</b>").format(text)
        case Italic(text):
            return Markup("<i>{}</i>").format(text)
        case InlineCode(text):
            return Markup("<code>{}</code>").format(text)
        case Citation(number) if references_at is None:
            return Markup("[{}]").format(number)
        case Citation(number):
            return Markup('<a href="{}#reference-{}">[{}]</a>').format(references_at, number, number)
        case Link(_, url) if span.is_safe:
            return Markup('<a href="{}">{}</a>').format(url, span.safe_label)
        case Link(label):
            return escape(label)
        case str():
            return escape(span)
        case _:
            assert_never(span)


def trusted_markup(markup: str) -> Markup:
    """Markup that is not escaped: the bundled style sheet, or the output of a template."""
    from markupsafe import Markup

    return Markup(markup)  # noqa: S704  it comes from files of this program, which escape what they are given
