"""The one message to a club's moderators about a platform that takes no posts: when it begins, and when it is over."""

from __future__ import annotations

from datetime import datetime

from bot.app import App
from bot.chat.cards import Card, Tone, text, to_json
from bot.domain.models import DeliveryKind
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.locale.current import _, _n
from bot.store import UnitOfWork


async def report_outage(app: App, club_id: int, platform: str, act_id: int | None, waiting: int) -> int:
    """Tell the moderators of a platform's trouble, or update the message. `act_id` is the result of the first report.

    Returns the id of the audit entry, for the next report.
    """
    name = platform.title()
    say = f"{app.health.reason(platform) or _('{name} is not accepting posts', name=name)}. "
    say += _(
        "{posts} {text}. Waiting posts are sent automatically, oldest first.",
        posts=_n("{n} post", "{n} posts", waiting),
        text=_("is waiting") if waiting == 1 else _("are waiting"),
    )
    card = Card(_("Posts to {name} are late", name=name), (text(say),), Tone.BAD)
    async with app.store.begin(club_id) as db:
        if act_id is None:
            act_id = (
                await db.audit_log.append(
                    "alarm", None, app.now(), after=log_sentence(LogSentence.POSTS_FAIL, name=name)
                )
            ).id
            for room in await db.rooms.with_purpose("moderators"):
                if not room.trouble:
                    await db.deliveries.plan(DeliveryKind.OUTAGE_NOTICE, act_id, room, app.now(), card=to_json(card))
        else:
            await _replace(db, act_id, card)
    app.wake_up.set()
    return act_id


async def report_outage_end(app: App, club_id: int, platform: str, act_id: int, since: datetime) -> None:
    """Update the moderators' message about an outage, now that it is over."""
    minutes = max(round((app.now() - since).total_seconds() / 60), 1)
    name = platform.title()
    say = _(
        "{name} accepted no posts for about {minutes}. The waiting posts are being sent now.",
        name=name,
        minutes=_n("{n} minute", "{n} minutes", minutes),
    )
    async with app.store.begin(club_id) as db:
        await _replace(db, act_id, Card(_("Posting to {name} works again", name=name), (text(say),), Tone.GOOD))
    app.wake_up.set()


async def _replace(db: UnitOfWork, act_id: int, card: Card) -> None:
    shown = to_json(card)
    posted = await db.deliveries.by_subject(DeliveryKind.OUTAGE_NOTICE, act_id)
    if any(one.card != shown for one in posted):
        await db.deliveries.replace_card(DeliveryKind.OUTAGE_NOTICE, act_id, shown)
