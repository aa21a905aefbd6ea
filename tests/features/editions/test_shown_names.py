"""Names in posted editions: each platform's readers see the names that members have there."""

from __future__ import annotations

import pytest

from bot.editions.model.document import from_json
from tests.features.conversation import SECOND_PLACE, code_in, connect_second_platform
from tests.features.edition_steps import edition_numbered, publish_edition, say_as_moderator, set_up_week
from tests.stand_ins import Harness, RecordingGateway, words


async def joined_clubs(club: Harness) -> None:
    """A week of papers on two platforms; Ada is “lovelace” on the second one."""
    await set_up_week(club)
    await connect_second_platform(club)
    await club.say("Boss", "/clubadmin channels digest lounge", admin=True, **SECOND_PLACE)
    code = code_in(await club.say("Ada", "/my link"))
    linked = await club.say("lovelace", f"/my link {code}", **SECOND_PLACE)
    assert not linked.failed, linked.card
    await club.delivery_worker.drain()


def shown_in(gateway: RecordingGateway, *, edits: bool = False) -> str:
    """Everything that was posted on a platform after its members' cards, or how it was changed."""
    return words([card for _, card in (gateway.edits if edits else gateway.posts)])


@pytest.mark.parametrize("layout", ["thread", "one"])
async def test_members_have_the_names_of_the_platform_in_an_edition_and_its_correction(
    club: Harness, layout: str
) -> None:
    await joined_clubs(club)
    await club.say("Root", f"/clubadmin settings layout {layout}", admin=True)
    hall = club.app.gateways["hall"]
    assert isinstance(hall, RecordingGateway)
    club.gateway.posts.clear()
    hall.posts.clear()
    await publish_edition(club)
    assert "submitted by Ada" in shown_in(club.gateway)
    assert "lovelace" not in shown_in(club.gateway)
    assert "submitted by lovelace" in shown_in(hall)
    assert "submitted by Ada" not in shown_in(hall)
    assert "lovelace" not in repr(from_json((await edition_numbered(club)).document)), "the archive has the club's name"
    club.gateway.edits.clear()
    hall.edits.clear()
    await say_as_moderator(club, '/edition correct why item=1 text="It is fast." erratum="We had said slow."')
    await club.delivery_worker.drain()
    assert "It is fast." in shown_in(hall, edits=True)
    assert "submitted by lovelace" in shown_in(hall, edits=True)
    assert "submitted by Ada" in shown_in(club.gateway, edits=True)
    assert "lovelace" in words(await club.say("lovelace", "/digest read page=2", **SECOND_PLACE))
    assert "lovelace" not in words(await club.say("Ada", "/digest read page=2"))


async def test_a_name_that_two_members_have_is_left_alone(club: Harness) -> None:
    await joined_clubs(club)
    hall = club.app.gateways["hall"]
    assert isinstance(hall, RecordingGateway)
    async with club.app.store.begin(1) as db:
        [member] = [one for one in await db.members.search("Cy") if one.name == "Cy"]
        await db.members.rename(member, "wall", "cy", "Ada")
    await publish_edition(club)
    posted = words([card for where, card in hall.posts if where.room == "lounge"])
    assert "submitted by Ada" in posted
    assert "submitted by lovelace" not in posted
