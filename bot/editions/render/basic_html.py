"""An edition or an item as basic HTML for mail programs and feed readers.

It has no classes, scripts or anchors; figures are its only pictures. The text and its order are the same as on the web
page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.editions.model.document import Document, Item
from bot.editions.render import html_page
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress
from bot.editions.render.outline_builder import build_outline, item_outline
from bot.editions.render.page_outline import page_outline

if TYPE_CHECKING:
    from markupsafe import Markup

NO_STYLES: Mapping[str, str] = {}
"""No style at all."""


def edition(document: Document, *, figures: FigureAddress = WITHOUT_PAGES) -> str:
    """The edition without its title; headings start at the second level."""
    return _render("plain-edition.html.jinja", NO_STYLES, outline=build_outline(document), above=1, figures=figures)


def item(entry: Item, document: Document, *, figures: FigureAddress = WITHOUT_PAGES) -> str:
    """An item of an edition without its title; empty if there is nothing else."""
    return _render("plain-item.html.jinja", NO_STYLES, item=item_outline(entry, document), above=1, figures=figures)


def mail(
    document: Document, styles: Mapping[str, str], *, url: str = "", figures: FigureAddress = WITHOUT_PAGES
) -> str:
    """A complete HTML message of an edition, with inline styles."""
    made = _render("mail.html.jinja", styles, outline=page_outline(document), above=1, url=url, figures=figures)
    return made + "\n"


def _render(template: str, styles: Mapping[str, str], **values: object) -> str:
    return html_page.templates().get_template(template).render(css=_styles(styles), **values).strip()


def _styles(styles: Mapping[str, str]) -> Callable[[str], Markup]:
    """The `style` attribute of a part by its name; nothing where the part has no look."""
    attributes = {name: html_page.trusted_markup(f' style="{style}"') for name, style in styles.items()}
    none = html_page.trusted_markup("")
    return lambda name: attributes.get(name, none)
