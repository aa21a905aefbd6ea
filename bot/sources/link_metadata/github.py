"""Descriptions of repositories by GitHub's API, without an account (60 requests an hour)."""

from __future__ import annotations

from urllib.parse import quote

from bot.domain.links import sites
from bot.domain.page_details import PageDetails
from bot.errors import UserError
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import abstract_of, text_of, title_of


class GitHubClient(JsonSource):
    """Looks up repositories at GitHub."""

    name = "github"
    label = "GitHub"

    def knows(self, url: str) -> bool:
        """True for the front page of a repository."""
        return bool(_repository(url))

    async def details(self, url: str) -> PageDetails | None:
        """Name and description of a repository. Raises SourceUnavailable or SourceMalformed."""
        answer = await self.get(f"/repos/{quote(_repository(url), safe='/')}")
        if answer is None:
            return None
        name = title_of(text_of(answer.get("full_name")))
        if not name:
            raise SourceMalformed(self.label, TranslatableText("it is not about a repository"))
        description = abstract_of(text_of(answer.get("description")))
        return PageDetails(title_of(f"{name}: {description}") if description else name, description=description)


def _repository(url: str) -> str:
    """Name of a repository on GitHub: "karpathy/nanochat"; "" for any other page."""
    try:
        name = sites.repository(url) if "://github.com/" in url or "://www.github.com/" in url else ""
    except UserError:
        return ""
    return "" if ".." in name.split("/") or "." in name.split("/") else name
