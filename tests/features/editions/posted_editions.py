"""Published editions on one or two platforms, and their posted copies, for the tests of what changes them."""

from __future__ import annotations

from bot.chat.cards import File
from bot.dispatch import AnswerCard
from bot.domain.models import Delivery, DeliveryKind
from tests.features.conversation import (
    CLUB,
    SECOND_PLACE,
    connect_second_platform,
)
from tests.features.edition_steps import (
    publish_edition,
    set_up_week,
)
from tests.stand_ins import Harness

FIX = '/edition correct why item=1 text="It is twice as fast." erratum="We had said four times."'


async def posted_copies(club: Harness) -> list[Delivery]:
    """Rows of all posts of edition 1."""
    async with club.app.store.read(CLUB) as db:
        return list(await db.deliveries.by_subject(DeliveryKind.EDITION, 1))


def downloaded_file(shown: AnswerCard) -> tuple[str, str]:
    """Name and text of the file on a card."""
    [file] = [part for part in shown.card.parts if isinstance(part, File)]
    return file.name, file.content


async def two_platforms(club: Harness) -> None:
    """A published edition in a club that lives on two platforms."""
    await set_up_week(club)
    await connect_second_platform(club)
    answer = await club.say("Boss", "/clubadmin channels digest lounge", admin=True, **SECOND_PLACE)
    assert not answer.failed, answer.card
    await publish_edition(club)
