"""Titles of videos by YouTube's oEmbed endpoint (https://oembed.com), which needs no key."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.domain.links import urls
from bot.domain.page_details import PageDetails
from bot.errors import UserError
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import one_line, text_of, title_of


class YouTubeClient(JsonSource):
    """Looks up videos at YouTube."""

    name = "youtube"
    label = "YouTube"

    def knows(self, url: str) -> bool:
        """True for the page of one video, in the form that links are normalized to."""
        try:
            address = urls.parse(url)
        except UserError:
            return False
        return address.site == "youtube.com" and address.path == "/watch" and bool(address.value("v"))

    async def details(self, url: str) -> PageDetails | None:
        """Title and channel of a video. Raises SourceUnavailable or SourceMalformed."""
        answer = await self.get(f"/oembed?{urlencode({'url': url, 'format': 'json'})}")
        if answer is None:
            return None
        title = title_of(text_of(answer.get("title")))
        if not title:
            raise SourceMalformed(self.label, TranslatableText("it has no title"))
        channel = one_line(text_of(answer.get("author_name")))
        return PageDetails(title, (channel,) if channel else ())

    def says_unknown(self, body: bytes) -> bool:
        """True for any 404: YouTube answers with plain text."""
        return True
