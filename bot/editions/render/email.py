"""Renders an edition as an HTML message with tables and inline styles, which all mail programs support.

A short style sheet adds the dark and the narrow form, in programs that keep one.

Its figures are pictures with alternative text; it loads nothing else, no fonts and no tracking pixels. Gmail clips
messages at 102 KB; an edition of twelve papers is smaller.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.accent_colors import NAMED_COLORS, accent_shades
from bot.editions.model.document import Document
from bot.editions.render import basic_html
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress

_SERIF = "Georgia,'Times New Roman',serif"
_SANS = "Helvetica,Arial,sans-serif"
_INK, _SOFT, _LINE, _ACCENT, _LINK = (
    "#1d1b18",
    "#5f5a52",
    "#e4dfd5",
    accent_shades(NAMED_COLORS["rust"]).light,
    "#0b5a75",
)

INLINE_STYLES = {
    "body": "margin:0;padding:0;background:#fbfaf7",
    "page": "background:#fbfaf7",
    "margin": "padding:24px 12px",
    "sheet": f"width:100%;max-width:640px;background:#ffffff;border:1px solid {_LINE};"
    f"font:17px/1.6 {_SERIF};color:{_INK};text-align:left;word-break:break-word;overflow-wrap:anywhere",
    "masthead": f"padding:32px 32px 8px;border-bottom:3px double {_LINE}",
    "part": "padding:8px 32px 0",
    "closing": f"padding:24px 32px 32px;border-top:3px double {_LINE}",
    "club": f"margin:0;font:bold 14px/1.4 {_SANS};color:{_ACCENT}",
    "club-link": f"color:{_ACCENT};text-decoration:none",
    "dateline": f"margin:4px 0 12px;font:13px/1.5 {_SANS};color:{_SOFT}",
    "h1": f"margin:16px 0 8px;font:bold 32px/1.2 {_SERIF};color:{_INK}",
    "headline": f"margin:0 0 14px;font-size:20px;line-height:1.4;color:{_INK}",
    "label": f"margin:24px 0 8px;font:bold 13px/1.4 {_SANS};letter-spacing:1px;text-transform:uppercase;color:{_SOFT}",
    "h2": f"margin:28px 0 8px;padding:0 0 6px;border-bottom:2px solid {_INK};font:bold 24px/1.25 {_SERIF}",
    "h3": f"margin:24px 0 4px;font:bold 20px/1.25 {_SERIF}",
    "h4": f"margin:16px 0 6px;font:bold 17px/1.3 {_SERIF}",
    "title": f"color:{_INK};text-decoration:underline",
    "a": f"color:{_LINK}",
    "badge": f"color:{_LINK};font-weight:bold;text-decoration:none",
    "p": "margin:0 0 12px",
    "byline": f"margin:0 0 8px;font:14px/1.45 {_SANS};color:{_SOFT}",
    "badges": f"margin:0 0 12px;font:14px/1.45 {_SANS}",
    "list": "margin:0 0 12px;padding-left:24px",
    "lettered": "margin:0 0 12px;padding-left:8px;list-style:none",
    "li": "margin:4px 0",
    "quote": f"margin:12px 0 4px;padding:0 0 0 16px;border-left:3px solid {_ACCENT}",
    "quoted": "margin:0;font-style:italic;white-space:pre-line",
    "credit": f"margin:0 0 12px 19px;font:13px/1.4 {_SANS};color:{_SOFT}",
    "remark": "margin:0 0 12px;padding:10px 14px;background:#f4efe6",
    "picture": "max-width:100%;height:auto;border:0",
    "pre": "margin:0 0 12px;padding:10px 14px;background:#f4efe6;font:13px/1.5 Menlo,Consolas,monospace;"
    "white-space:pre-wrap",
    "small": f"margin:0 0 4px;font:13px/1.5 {_SANS};color:{_SOFT}",
    "reference": f"margin:0 0 6px;font:14px/1.45 {_SANS}",
    "sign-off": "margin:24px 0 12px;font-size:18px",
}
"""Inline style of each part, in light colors: all that some programs keep."""

_DARK_INK, _DARK_SOFT, _DARK_LINE, _DARK_LINK = "#e9e6df", "#b0aba0", "#3a3c44", "#8ecbe0"
_DARK_BOX = "background:#2b2d34"
DARK_STYLES = {
    "body": "background:#17181c",
    "page": "background:#17181c",
    "sheet": f"background:#1e1f24;border-color:{_DARK_LINE};color:{_DARK_INK}",
    "masthead": f"border-color:{_DARK_LINE}",
    "closing": f"border-color:{_DARK_LINE}",
    "h1": f"color:{_DARK_INK}",
    "headline": f"color:{_DARK_INK}",
    "h2": f"border-color:{_DARK_INK}",
    "title": f"color:{_DARK_INK}",
    "a": f"color:{_DARK_LINK}",
    "badge": f"color:{_DARK_LINK}",
    "remark": _DARK_BOX,
    "pre": _DARK_BOX,
    **dict.fromkeys(("dateline", "label", "byline", "credit", "small"), f"color:{_DARK_SOFT}"),
}
"""Differences in the dark, for programs that keep a style sheet; others adapt the light colors by themselves."""
NARROW_STYLES = {
    "margin": "padding:0",
    "sheet": "border-width:0",
    "masthead": "padding:20px 16px 8px",
    "part": "padding:8px 16px 0",
    "closing": "padding:20px 16px 24px",
    "h1": "font-size:26px",
    "h2": "font-size:21px",
}
"""Differences on a phone: no margin beside the sheet, and smaller titles."""


def render(document: Document, *, url: str = "", figures: FigureAddress = WITHOUT_PAGES, accent: str = "") -> str:
    """The message's HTML. `url` is the edition's page on the web, if any; `figures` is where its pictures are.

    `accent` is the club's color; the default one if it is empty.
    """
    shades = accent_shades(accent or NAMED_COLORS["rust"])
    styles = {name: style.replace(_ACCENT, shades.light) for name, style in INLINE_STYLES.items()}
    dark = DARK_STYLES | dict.fromkeys(("club", "club-link"), f"color:{shades.dark}")
    dark["quote"] = f"border-color:{shades.dark}"
    sheet = f"@media (prefers-color-scheme:dark){{{_rules(dark)}}}@media (max-width:480px){{{_rules(NARROW_STYLES)}}}"
    return basic_html.mail(document, styles, sheet, frozenset({*dark, *NARROW_STYLES}), url=url, figures=figures)


def _rules(styles: Mapping[str, str]) -> str:
    """Rules for parts by their class. Only important ones are stronger than a style in place."""
    marked = ((name, style.replace(";", "!important;")) for name, style in styles.items())
    return "".join(f".{name}{{{style}!important}}" for name, style in marked)
