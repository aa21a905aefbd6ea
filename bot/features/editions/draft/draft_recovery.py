"""A draft that is made again because the program stopped while it was made: moderators are shown that it goes on."""

from __future__ import annotations

from bot.app import App
from bot.chat.cards import Card, Tone, text
from bot.domain import edition_calendar
from bot.domain.club_settings import zone
from bot.domain.models import Slot
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.locale.current import _


async def announce_restart(app: App, slot: Slot) -> None:
    """Tell the moderators' rooms that a draft is being made again; once for each time it was interrupted."""
    async with app.store.begin(slot.club_id) as db:
        when = edition_calendar.format_moment(slot.due_at, zone((await db.club()).timezone))
        act = await db.audit_log.append("redraft", None, app.now(), after=log_sentence(LogSentence.INTERRUPTED))
        say = _(
            "I was stopped while drafting the edition for {when}. I am drafting it again now. Finished summaries are "
            "kept.",
            when=when,
        )
        await call_moderators(app, db, act, Card(_("The edition is being drafted again"), (text(say),), Tone.PLAIN))
    app.wake_up.set()
