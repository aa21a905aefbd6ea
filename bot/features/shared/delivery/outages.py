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
from bot.store.admin.outages import Outage


async def report_outage(app: App, club_id: int, platform: str, since: datetime, waiting: int) -> None:
    """Tell the moderators of a platform's trouble, or update the message: there is one, whoever reports how often."""
    name = platform.title()
    say = f"{app.health.reason(platform) or _('{name} is not accepting posts', name=name)}. "
    say += _(
        "{posts} {text}. Waiting posts are sent automatically, oldest first.",
        posts=_n("{n} post", "{n} posts", waiting),
        text=_("is waiting") if waiting == 1 else _("are waiting"),
    )
    card = Card(_("Posts to {name} are late", name=name), (text(say),), Tone.BAD)
    async with app.store.begin(club_id) as db:
        if known := await db.outages.locked(platform):
            await _replace(db, known.act_id, card)
        else:
            about = log_sentence(LogSentence.POSTS_FAIL, name=name)
            act = await db.audit_log.append("alarm", None, app.now(), after=about)
            for room in await db.rooms.with_purpose("moderators"):
                if not room.trouble:
                    await db.deliveries.plan(DeliveryKind.OUTAGE_NOTICE, act.id, room, app.now(), card=to_json(card))
            await db.outages.start(platform, Outage(act.id, since))
    app.wake_up.set()


async def report_outage_end(app: App, club_id: int, platform: str) -> None:
    """Update the moderators' message about an outage, now that it is over."""
    name = platform.title()
    async with app.store.begin(club_id) as db:
        known = await db.outages.locked(platform)
        if known is None:
            return
        minutes = max(round((app.now() - known.since).total_seconds() / 60), 1)
        say = _(
            "{name} accepted no posts for about {minutes}. The waiting posts are being sent now.",
            name=name,
            minutes=_n("{n} minute", "{n} minutes", minutes),
        )
        over = Card(_("Posting to {name} works again", name=name), (text(say),), Tone.GOOD)
        await _replace(db, known.act_id, over)
        await db.outages.end(platform)
    app.wake_up.set()


async def _replace(db: UnitOfWork, act_id: int, card: Card) -> None:
    shown = to_json(card)
    posted = await db.deliveries.by_subject(DeliveryKind.OUTAGE_NOTICE, act_id)
    if any(one.card != shown for one in posted):
        await db.deliveries.replace_card(DeliveryKind.OUTAGE_NOTICE, act_id, shown)
