"""Links to a passage of a paper: the page that has it, with a text fragment that browsers highlight.

Text fragments: https://wicg.github.io/scroll-to-text-fragment/. A browser that does not know them opens the page.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.domain.summary_values import SourceQuote

_PLAIN_WORDS = re.compile(r"[A-Za-z0-9 ,.()%'-]+")
_ENDS = 5
"""Words at both ends of a passage that find it."""


def passage_url(key: str, version: int, url: str, passage: SourceQuote) -> str:
    """Address of a passage of the paper with this key and version, whose own address is `url`.

    A section of a full text is on arXiv's HTML page, the abstract on the paper's own page.
    """
    kind, _, arxiv_id = key.partition(":")
    page = url
    if kind == "arxiv" and passage.passage != "abstract":
        page = f"https://arxiv.org/html/{arxiv_id}v{version}" if version else f"https://arxiv.org/html/{arxiv_id}"
    fragment = _fragment(passage.text)
    return f"{page}#:~:text={fragment}" if fragment and page.startswith("https://arxiv.org/") else page


def _fragment(text: str) -> str:
    """First and last words of a passage, encoded; empty if they have signs that the page may show differently."""
    words = text.split()
    ends = [" ".join(words[:_ENDS]), " ".join(words[-_ENDS:])] if len(words) > 2 * _ENDS else [text]
    if not all(_PLAIN_WORDS.fullmatch(end) for end in ends):
        return ""
    return ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)
