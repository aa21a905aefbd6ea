"""An edition or an item as basic HTML for mail programs and feed readers.

It has no scripts or anchors, and only a mail has classes; figures are its only pictures. The text and its order are the
same as on the web page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bot.editions.model.document import Document, Item
from bot.editions.render import html_page
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress
from bot.editions.render.outline_builder import build_outline, item_outline
from bot.editions.render.page_outline import page_outline

if TYPE_CHECKING:
    from markupsafe import Markup

_BLOCKS = re.compile(r"<(p|li|h[1-6])(?=[ >])")
"""Elements that hold a text, each of which may be in another direction than those around it."""
NO_STYLES: Mapping[str, str] = {}
"""No style at all."""


def edition(document: Document, *, figures: FigureAddress = WITHOUT_PAGES) -> str:
    """The edition without its title; headings start at the second level."""
    return _render("plain-edition.html.jinja", NO_STYLES, outline=build_outline(document), above=1, figures=figures)


def item(entry: Item, document: Document, *, figures: FigureAddress = WITHOUT_PAGES) -> str:
    """An item of an edition without its title; empty if there is nothing else."""
    return _render("plain-item.html.jinja", NO_STYLES, item=item_outline(entry, document), above=1, figures=figures)


def mail(
    document: Document,
    styles: Mapping[str, str],
    sheet: str,
    classes: Collection[str],
    *,
    url: str = "",
    figures: FigureAddress = WITHOUT_PAGES,
) -> str:
    """A complete HTML message of an edition, with inline styles; `sheet` has rules for parts that are of `classes`."""
    made = _render(
        "mail.html.jinja",
        styles,
        classes,
        outline=page_outline(document),
        above=1,
        url=url,
        figures=figures,
        sheet=html_page.trusted_markup(sheet),
    )
    return made + "\n"


def _render(template: str, styles: Mapping[str, str], classes: Collection[str] = (), **values: object) -> str:
    made = html_page.templates().get_template(template).render(css=_styles(styles, classes), **values).strip()
    return _BLOCKS.sub(r'<\1 dir="auto"', made) if html_page.RIGHT_TO_LEFT.search(made) else made


def _styles(styles: Mapping[str, str], classes: Collection[str]) -> Callable[[str], Markup]:
    """The attributes of a part by its name: its style, and its class if it has one; nothing where it has no look."""
    attributes = {
        name: html_page.trusted_markup((f' class="{name}"' if name in classes else "") + f' style="{style}"')
        for name, style in styles.items()
    }
    none = html_page.trusted_markup("")
    return lambda name: attributes.get(name, none)
