"""Models, data sets and demos at Hugging Face by its API, without an account."""

from __future__ import annotations

from urllib.parse import quote

from bot.domain.links import urls
from bot.domain.page_details import PageDetails
from bot.errors import UserError
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import abstract_of, object_of, one_line, text_date, text_of, title_of

_COLLECTIONS = ("datasets", "spaces")
_NO_OWNERS = frozenset((
    "api", "blog", "collections", "docs", "join", "learn", "login", "models", "organizations", "papers", "posts",
    "settings", "spaces", "tasks", "datasets",
))  # fmt: skip
"""First parts of addresses that are no models."""


class HuggingFaceClient(JsonSource):
    """Looks up models, data sets and demos at Hugging Face."""

    name = "huggingface"
    label = "Hugging Face"

    def knows(self, url: str) -> bool:
        """True for the front page of a model, a data set or a demo."""
        return bool(_place(url))

    async def details(self, url: str) -> PageDetails | None:
        """Name, owner and description. Raises SourceUnavailable or SourceMalformed.

        The papers that a model names are not taken for the model.
        """
        place = _place(url)
        answer = await self.get(f"/api/{quote(place, safe='/')}")
        if answer is None:
            return None
        id = title_of(text_of(answer.get("id")))
        if id.casefold() != place.partition("/")[2].casefold():
            raise SourceMalformed(self.label, TranslatableText("it is about something else"))
        card = object_of(answer.get("cardData"))
        name = title_of(text_of(card.get("title")) or text_of(card.get("pretty_name")))
        description = text_of(answer.get("description")) or text_of(card.get("short_description"))
        owner = one_line(text_of(answer.get("author"))) or id.partition("/")[0]
        return PageDetails(
            f"{id}: {name}" if name and name.casefold() not in id.casefold() else id,
            (owner,),
            abstract_of(description),
            published=text_date(answer.get("createdAt")),
        )


def _place(url: str) -> str:
    """Path in the API of the page behind an address: "models/owner/name"; "" for any other page."""
    try:
        address = urls.parse(url)
    except UserError:
        return ""
    parts = [part for part in address.path.split("/") if part]
    if address.site != "huggingface.co" or any(part in (".", "..") for part in parts):
        return ""
    kind = parts.pop(0) if parts and parts[0] in _COLLECTIONS else "models"
    return f"{kind}/{'/'.join(parts)}" if len(parts) == 2 and parts[0] not in _NO_OWNERS else ""
