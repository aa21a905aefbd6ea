"""Pages within a page (`<iframe>`): each becomes a link to what it shows."""

from __future__ import annotations

import re

_FRAME = re.compile(
    r"<iframe\b[^>]{0,1000}?\bsrc=[\"'](?P<url>https?://[^\"'\s]{1,2000})[\"'][^>]{0,1000}>\s*(?:</iframe>)?"
)
_VIDEO = re.compile(r"^https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/(?P<id>[\w-]{6,20}).*$")
_VIMEO = re.compile(r"^https?://player\.vimeo\.com/video/(?P<id>\d+).*$")


def with_linked_frames(text: str) -> str:
    """The text with the address of each frame on a line of its own."""
    return _FRAME.sub(lambda found: f"\n\n<{page_of_frame(found['url'])}>\n\n", text)


def page_of_frame(url: str) -> str:
    """The page of what a frame shows: a video's own page."""
    if found := _VIDEO.match(url):
        return f"https://www.youtube.com/watch?v={found['id']}"
    if found := _VIMEO.match(url):
        return f"https://vimeo.com/{found['id']}"
    return url
