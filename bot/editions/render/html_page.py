"""An edition as a web page: one file that needs nothing else, no script, and a strict policy that says so."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, assert_never

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.model.document import Document
from bot.editions.model.prose import Citation, Prose
from bot.editions.render.captions import DOMAIN
from bot.editions.render.chart_layout import layout
from bot.editions.render.outline_builder import build_outline
from bot.locale import translator

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment
    from markupsafe import Markup


def render(document: Document, *, url: str = "") -> str:
    """The page. `url` is where it can be reached, if anywhere."""
    page = templates().get_template("edition.html.jinja")
    return (
        page.render(
            outline=build_outline(document), url=url, style=trusted_markup(style()), csp=content_security_policy()
        )
        + "\n"
    )


@cache
def style() -> str:
    """The style sheet that stands in the page."""
    return (files(__package__) / "pages" / "style.css").read_text("utf-8")


def content_security_policy(sheet: str | None = None, *, forms: bool = False) -> str:
    """The Content-Security-Policy of a page with a style sheet (this module's own if none is given) and pictures.

    The sheet is let through by its hash. `forms` lets the page send a form to its own site.
    """
    digest = hashlib.sha256((sheet if sheet is not None else style()).encode()).digest()
    hashed = f"'sha256-{base64.b64encode(digest).decode()}'"
    action = "'self'" if forms else "'none'"
    return f"default-src 'none'; style-src {hashed}; img-src https: data:; base-uri 'none'; form-action {action}"


@cache
def templates(*before: BaseLoader) -> Environment:
    """The templates of an edition's parts, with their filters; those of `before` are looked for first.

    Built at first use: nobody who only asks for help pays for Jinja.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    loader = ChoiceLoader([*before, PackageLoader("bot.editions.render", "pages")])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    filters: dict[str, Any] = {
        "prose": _prose,
        "safe_url": lambda url: bool(url) and Link("", url).is_safe,
        "number": lambda value: f"{value:,g}",
        "laid": lambda part: layout(part.chart, translator(DOMAIN, part.language), titled=False),
    }
    made.filters.update(filters)
    return made


def _prose(prose: Prose) -> Markup:
    """Running text as HTML: the spans' marks are ours, their words are escaped."""
    from markupsafe import Markup

    return Markup("").join(_span(span) for span in prose)


def _span(span: Any) -> Markup:
    from markupsafe import Markup, escape

    match span:
        case Bold(text):
            return Markup("<b>{}</b>").format(text)
        case Italic(text):
            return Markup("<i>{}</i>").format(text)
        case InlineCode(text):
            return Markup("<code>{}</code>").format(text)
        case Citation(number):
            return Markup('<a href="#reference-{}">[{}]</a>').format(number, number)
        case Link(label, url) if span.is_safe:
            return Markup('<a href="{}" rel="noopener">{}</a>').format(url, label)
        case Link(label):
            return escape(label)
        case str():
            return escape(span)
        case _:
            assert_never(span)


def trusted_markup(made: str) -> Markup:
    """What is no data, so not escaped: our own style sheet, or what one of our templates has drawn."""
    from markupsafe import Markup

    return Markup(made)  # noqa: S704  it comes from files of this program, which escape what they are given
