"""Rights: what each command asks of a person, and from where a person has them. They are read anew at every act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.command import Audience
from bot.chat.gateway import Location
from bot.dispatch import answer
from bot.domain.models import MemberRole
from bot.features.registry import all_commands
from bot.requester_lookup import identify
from tests.features.conversation import ATTENTION, CLUB, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

HALL = Location("wall", "W1", "papers")
ADA = Requester("ada", "Ada")
REFUSED = "is for this club’s"


async def role(club: Harness, who: Requester = ADA, where: Location = HALL) -> Audience:
    return (await identify(club.app, who, where)).role


@pytest.mark.parametrize("name", sorted(all_commands))
def test_who_may_run_what_is_told_by_where_it_stands(name: str) -> None:
    """Members have no command of the moderators' or the admins' roots, however it was declared."""
    root = name.partition(" ")[0]
    rights = {"curate": Audience.MODERATOR, "edition": Audience.MODERATOR, "clubadmin": Audience.ADMIN}
    asked = rights.get(root, Audience.MEMBER)
    assert all_commands[name].audience is asked


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("has", Audience)
def test_each_may_do_what_those_before_it_may_and_no_more(audience: Audience, has: Audience) -> None:
    order = ("member", "moderator", "admin")
    assert audience.includes(has) == (order.index(has.value) >= order.index(audience.value))


@pytest.mark.parametrize(
    ("who", "becomes"),
    [
        (ADA, Audience.MEMBER),
        (replace(ADA, roles=("r1", "admin", "moderator")), Audience.MEMBER),
        (replace(ADA, moderates=True), Audience.MODERATOR),
        (replace(ADA, manages=True), Audience.ADMIN),
        (replace(ADA, manages=True, moderates=True), Audience.ADMIN),
    ],
)
async def test_what_the_platform_says_counts_and_the_names_of_its_roles_do_not(
    club: Harness, who: Requester, becomes: Audience
) -> None:
    assert await role(club, who) is becomes
    assert await role(club) is Audience.MEMBER, "it is not remembered"


@pytest.mark.parametrize("given", [Audience.MODERATOR, Audience.ADMIN])
async def test_what_the_club_granted_a_role_holds_for_whoever_is_in_it(club: Harness, given: Audience) -> None:
    inside = replace(ADA, roles=("r0", "r_1", "r2"))
    await role(club)
    async with club.app.store.begin(CLUB) as db:
        assert await db.roles.grant("wall", "r_1", MemberRole(given.value), "readers")
    assert await role(club, inside) is given
    for roles in ((), ("r_2",), ("r_1x",), ("rX1",), ("r_", "1")):
        assert await role(club, replace(ADA, roles=roles)) is Audience.MEMBER, roles
    assert await role(club, inside, Location("door", "W1", "papers")) is Audience.MEMBER, "of one platform, not of all"
    assert await role(club, inside, replace(HALL, workspace="W2")) is Audience.MEMBER, "of one club, not of all"
    async with club.app.store.begin(CLUB) as db:
        assert await db.roles.revoke("wall", "r_1", MemberRole(given.value))
    assert await role(club, inside) is Audience.MEMBER


async def test_what_a_person_was_granted_by_id_is_theirs_alone(club: Harness) -> None:
    await role(club)
    async with club.app.store.begin(CLUB) as db:
        assert await db.roles.grant("wall", "ada", MemberRole.MODERATOR, "Ada")
    assert await role(club) is Audience.MODERATOR
    assert await role(club, Requester("grace", "Grace")) is Audience.MEMBER
    assert await role(club, Requester("_da", "ada")) is Audience.MEMBER, "a name is no id"


@pytest.mark.parametrize("given", [Audience.MODERATOR, Audience.ADMIN])
async def test_what_a_member_was_appointed_to_holds_until_it_is_taken_back(club: Harness, given: Audience) -> None:
    member = (await identify(club.app, ADA, HALL)).member
    for becomes in (given, Audience.MEMBER):
        async with club.app.store.begin(CLUB) as db:
            assert await db.members.set_member_role(member, MemberRole(becomes.value))
        assert await role(club) is becomes
    assert await role(club, Requester("grace", "Grace")) is Audience.MEMBER


async def test_a_right_that_is_taken_is_gone_at_the_next_act(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    assert not (await club.say("Ada", "/curate hold 1 spam", moderator=True)).failed
    said = await club.say("Ada", "/curate restore 1")
    assert said.failed
    assert REFUSED in words(said)


@pytest.mark.parametrize("via", RequestKind)
async def test_no_way_in_leads_past_the_rights(club: Harness, via: RequestKind) -> None:
    for call in (Call("clubadmin pause"), Call("edition approve"), Call.of("clubadmin roles", "ada", "admin")):
        *_, said = [one async for one in answer(club.app, call, ADA, HALL, via)]
        assert said.failed
        assert REFUSED in words(said)
        assert words(said).count("Change and try again") == 0, "no form is offered of what one may not do"
    async with club.app.store.read(CLUB) as db:
        assert not await db.members.with_roles()
