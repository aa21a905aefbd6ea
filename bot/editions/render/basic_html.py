"""An edition, or an item of it, as plain HTML: what mail programs and feed readers keep of a page.

No class, no script, no picture, no anchor. The words and their order are those of the web page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.editions.model.document import Document, Item
from bot.editions.render import html_page
from bot.editions.render.outline_builder import build_outline, item_outline

if TYPE_CHECKING:
    from markupsafe import Markup

NO_STYLES: Mapping[str, str] = {}
"""No style at all."""


def edition(document: Document) -> str:
    """All of an edition below its title; its headings begin at the second level."""
    return _render("plain-edition.html.jinja", NO_STYLES, outline=build_outline(document), above=1)


def item(one: Item, document: Document) -> str:
    """All of an item of an edition, below its title; the title alone where there is nothing more."""
    return _render("plain-item.html.jinja", NO_STYLES, item=item_outline(one, document), above=1)


def mail(document: Document, looks: Mapping[str, str], *, url: str = "") -> str:
    """An edition as a whole HTML message, each part with its look written into it."""
    return _render("mail.html.jinja", looks, outline=build_outline(document), above=1, url=url) + "\n"


def _render(template: str, looks: Mapping[str, str], **values: object) -> str:
    return html_page.templates().get_template(template).render(css=_styles(looks), **values).strip()


def _styles(looks: Mapping[str, str]) -> Callable[[str], Markup]:
    """The `style` attribute of a part by its name; nothing where the part has no look."""
    made = {name: html_page.trusted_markup(f' style="{look}"') for name, look in looks.items()}
    none = html_page.trusted_markup("")
    return lambda name: made.get(name, none)
