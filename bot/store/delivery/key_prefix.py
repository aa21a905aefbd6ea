"""Key prefix of a database: what tells its posts from those of any other, and from those before it was restored.

It is the installation's id and an epoch. A new epoch is chosen whenever the rows may be older than what was posted
(after a restore, in a copy), so that a row that gets an id for the second time never gets a key for the second time:
Discord would take its post for one that it has already.
"""

from __future__ import annotations

import secrets
from string import ascii_lowercase, digits

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.models import CachedFact

KEY_PREFIX = "delivery:key-prefix"
"""The fact that holds the prefix."""
INSTALLATION, EPOCH = 6, 5
"""Characters of each: with `jc`, a hyphen and a row's id of eleven digits they fill the 25 of Discord's nonce."""

_LETTERS = ascii_lowercase + digits
_QUESTION = select(CachedFact.value).where(CachedFact.name == KEY_PREFIX)


async def key_prefix(session: AsyncSession) -> str:
    """The prefix of what is planned now; empty in a database that has none yet."""
    return await session.scalar(_QUESTION) or ""


def new_prefix(old: str = "") -> str:
    """A prefix of another epoch, of the same installation where `old` names one."""
    installation = old[:INSTALLATION] if len(old) == INSTALLATION + EPOCH else _random(INSTALLATION)
    epoch = _random(EPOCH)
    while installation + epoch == old:
        epoch = _random(EPOCH)
    return installation + epoch


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
