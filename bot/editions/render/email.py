"""Renders an edition as an HTML message with tables and inline styles, which all mail programs support.

Its figures are pictures with alternative text; it loads nothing else, no fonts and no tracking pixels. Gmail clips
messages at 102 KB; an edition of twelve papers is smaller.
"""

from __future__ import annotations

from bot.editions.model.document import Document
from bot.editions.render import basic_html
from bot.editions.render.figure_addresses import WITHOUT_PAGES, FigureAddress

_SERIF = "Georgia,'Times New Roman',serif"
_SANS = "Helvetica,Arial,sans-serif"
_INK, _SOFT, _LINE, _ACCENT, _LINK = "#1d1b18", "#5f5a52", "#e4dfd5", "#9a3412", "#0b5a75"

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
"""Inline style of each part. Light colors, because mail programs in dark mode adapt these by themselves."""


def render(document: Document, *, url: str = "", figures: FigureAddress = WITHOUT_PAGES) -> str:
    """The message's HTML. `url` is the edition's page on the web, if any; `figures` is where its pictures are."""
    return basic_html.mail(document, INLINE_STYLES, url=url, figures=figures)
