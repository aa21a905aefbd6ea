"""New papers of the club's sources that match what a member follows: words and authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.chat.cards import ListEntry
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.follow_rules import FollowKey, PaperSubjects, matches
from bot.domain.models import Follow, StreamEntry
from bot.features.shared.stream.stream_papers import entry_byline, title_of_entry
from bot.locale.current import _
from bot.store import UnitOfWork

MOST_BY_FOLLOW = 60
"""New papers that are looked at for one follow."""


async def followed_entries(
    db: UnitOfWork, follows: Iterable[Follow], since: datetime
) -> list[tuple[StreamEntry, list[FollowKey]]]:
    """New entries that the club does not have and that match these follows, with what they match.

    The newest of each follow come first, so that a frequent word does not hide the others.
    """
    keys: list[FollowKey] = [(follow.kind, follow.value) for follow in follows if follow.kind in ("author", "keyword")]
    works = await db.stream.listed_works() if keys else None
    found = dict[int, StreamEntry]()
    for kind, value in keys:
        words, author = (value, "") if kind == "keyword" else ("", value)
        for entry in await db.stream_search.find(words, author=author, since=since, limit=MOST_BY_FOLLOW):
            found[entry.id] = entry
    fitting = list[tuple[int, StreamEntry, list[FollowKey]]]()
    counts = Counter[FollowKey]()
    for entry in sorted(found.values(), key=lambda entry: (entry.listed_at, entry.id), reverse=True):
        why = matches(PaperSubjects(entry.title, entry.abstract, entry.author_names), keys)
        if why and entry.listed_at > since and works is not None and not works.have(entry):
            fitting.append((min(counts[key] for key in why), entry, why))
            counts.update(why)
    return [(entry, why) for _unused, entry, why in sorted(fitting, key=lambda one: one[0])]


def followed_entry_row(entry: StreamEntry, why: Sequence[FollowKey]) -> ListEntry:
    """A new paper as one row, with what of the member's follows it matches."""
    names = ", ".join(_("the {kind} “{value}”", kind=kind, value=value) for kind, value in why)
    small = truncate(f"{entry_byline(entry)}\n{_('New, because you follow ')}{names}.", 260)
    return ListEntry((Link(title_of_entry(entry), entry.url),), (small,))
