"""Messages at every limit of the local Discord and one beyond: let through, or refused and noted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.discord_server import Channel, DiscordServer, LocalGuild, Person, Thread
from tests.protocol.discord_server.contract import Contract
from tests.protocol.discord_server.message_rules import live_mentions
from tests.protocol.discord_wire import MUTE, V2, Body, Wire, button, row, v2, words

BREAKS_RULES = True


def rows(count: int) -> list[Body]:
    return [row(button(f"b{number}")) for number in range(count)]


def select(count: int) -> Body:
    options = [{"label": f"{n}", "value": f"{n}"} for n in range(count)]
    return row({"type": 3, "custom_id": "s", "options": options})


def menu(*values: str, defaults: int = 0, **bounds: int) -> Body:
    """A select menu of these values, the first few chosen beforehand."""
    options = [{"label": value, "value": value, "default": number < defaults} for number, value in enumerate(values)]
    return row({"type": 3, "custom_id": "s", "options": options, **bounds})


def embed(length: int) -> Body:
    return {"description": "d" * length}


def field(**parts: str) -> Body:
    return {"embeds": [{"title": "t", "fields": [{"name": "n", "value": "v", **parts}]}]}


AT_THE_LIMIT: dict[str, tuple[Body, Body]] = {
    "content": ({"content": "x" * 2000}, {"content": "x" * 2001}),
    "embeds together": ({"embeds": [embed(3000), embed(3000)]}, {"embeds": [embed(3000), embed(3001)]}),
    "ten embeds": ({"embeds": [{"title": "t"}] * 10}, {"embeds": [{"title": "t"}] * 11}),
    "embed title": ({"embeds": [{"title": "t" * 256}]}, {"embeds": [{"title": "t" * 257}]}),
    "embed field value": (field(value="v" * 1024), field(value="v" * 1025)),
    "empty embed field": (field(), field(value="")),
    "blank embed field name": (field(), field(name=" ")),
    "embed URL": (
        {"embeds": [{"title": "t", "url": "https://arxiv.org"}]},
        {"embeds": [{"title": "t", "url": "arxiv.org"}]},
    ),
    "five rows": ({"components": rows(5)}, {"components": rows(6)}),
    "five buttons a row": (
        {"components": [row(*(button(f"b{n}") for n in range(5)))]},
        {"components": [row(*(button(f"b{n}") for n in range(6)))]},
    ),
    "custom ids differ": (
        {"components": [row(button("a"), button("b"))]},
        {"components": [row(button("a"), button("a"))]},
    ),
    "button label": (
        {"components": [row(button("a", "x" * 80))]},
        {"components": [row(button("a", "x" * 81))]},
    ),
    "button says something": ({"components": rows(1)}, {"components": [row(button("a", ""))]}),
    "custom id": ({"components": [row(button("x" * 100))]}, {"components": [row(button("x" * 101))]}),
    "select options": ({"components": [select(25)]}, {"components": [select(26)]}),
    "select alone in its row": (
        {"components": [select(1)]},
        {"components": [row(*select(1)["components"], button("b"))]},
    ),
    "40 components": (v2(*(words("x") for _ in range(40))), v2(*(words("x") for _ in range(41)))),
    "40 components nested": (
        v2({"type": 17, "components": [*(words("x") for _ in range(37)), row(button("b"))]}),
        v2({"type": 17, "components": [*(words("x") for _ in range(38)), row(button("b"))]}),
    ),
    "4,000 characters": (v2(words("x" * 2000), words("y" * 2000)), v2(words("x" * 2000), words("y" * 2001))),
    "V2 has no content": (v2(words("x")), {**v2(words("x")), "content": "y"}),
    "V2 has no embeds": (v2(words("x")), {**v2(words("x")), "embeds": [{"title": "t"}]}),
    "V2 parts need the flag": (v2(words("x")), {"components": [words("x")]}),
    "V2 takes more than five rows": (v2(*rows(6)), {"components": rows(6)}),
    "section has one to three texts": (
        v2({"type": 9, "components": [words("x")] * 3, "accessory": button("b")}),
        v2({"type": 9, "components": [words("x")] * 4, "accessory": button("b")}),
    ),
    "containers do not nest": (
        v2({"type": 17, "components": [words("x")]}),
        v2({"type": 17, "components": [{"type": 17, "components": [words("x")]}]}),
    ),
    "nonce": ({"content": "x", "nonce": "n" * 25}, {"content": "x", "nonce": "n" * 26}),
    "flags": ({"content": "x", "flags": 1 << 2}, {"content": "x", "flags": 1 << 6}),
    "mentions are off": ({"content": "x"}, {"content": "x", "allowed_mentions": {"parse": ["users"]}}),
    "mentions are off by name": ({"content": "x"}, {"content": "x", "allowed_mentions": None}),
    "nobody is pinged": (
        {"content": "<@1> @everyone"},
        {"content": "<@1>", "allowed_mentions": {"parse": [], "users": ["1"]}},
    ),
    "an embed shows something": ({"embeds": [{"title": "t"}]}, {"embeds": [{"url": "https://arxiv.org"}]}),
    "image URL": (
        {"embeds": [{"image": {"url": "https://arxiv.org/x.png"}}]},
        {"embeds": [{"image": {"url": "ftp://arxiv.org/x.png"}}]},
    ),
    "enforce_nonce needs one": (
        {"content": "x", "nonce": "1", "enforce_nonce": True},
        {"content": "x", "enforce_nonce": True},
    ),
    "a row is not empty": ({"components": rows(1)}, {"components": [row()]}),
    "a button has no URL": (
        {"components": rows(1)},
        {"components": [row({**button("a"), "url": "https://arxiv.org"})]},
    ),
    "option values differ": (
        {"components": [menu("a", "b")]},
        {"components": [menu("a", "a")]},
    ),
    "as many options as can be chosen": (
        {"components": [menu("a", "b", max_values=2)]},
        {"components": [menu("a", "b", max_values=3)]},
    ),
    "at least is at most": (
        {"components": [menu("a", "b", min_values=1)]},
        {"components": [menu("a", "b", min_values=2)]},
    ),
    "one chosen beforehand": (
        {"components": [menu("a", "b", defaults=1)]},
        {"components": [menu("a", "b", defaults=2)]},
    ),
    "component ids differ": (
        v2({**words("x"), "id": 7}, words("y")),
        v2({**words("x"), "id": 7}, {**words("y"), "id": 7}),
    ),
    "a file that is there": (
        v2({"type": 12, "items": [{"media": {"url": "https://arxiv.org/x.png"}}]}),
        v2({"type": 12, "items": [{"media": {"url": "attachment://x.png"}}]}),
    ),
    "a thumbnail that is there": (
        v2({"type": 9, "components": [words("x")], "accessory": {"type": 11, "media": {"url": "https://a.org"}}}),
        v2({"type": 9, "components": [words("x")], "accessory": {"type": 11, "media": {"url": "attachment://a"}}}),
    ),
    "an attachment that is there": ({"content": "x"}, {"content": "x", "attachments": [{"id": "0", "filename": "x"}]}),
    "a link button has a URL": (
        {"components": [row({"type": 2, "style": 5, "label": "x", "url": "https://arxiv.org"})]},
        {"components": [row({"type": 2, "style": 5, "label": "x", "custom_id": "x"})]},
    ),
}


@pytest.mark.parametrize("limit", AT_THE_LIMIT)
async def test_a_message_at_its_limit_and_beyond(
    wire: Wire, discord: DiscordServer, papers: Channel, limit: str
) -> None:
    good, bad = AT_THE_LIMIT[limit]
    assert await wire.post(papers, **good) == (200, 0)
    assert discord.breaches == []
    assert await wire.post(papers, **bad) == (400, 50035)
    (breach,) = discord.breaches
    assert breach.request.body == {**MUTE, **bad}
    assert len(papers.messages) == 1


async def test_an_empty_message_is_refused_by_its_own_code(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    assert await wire.post(papers, content="") == (400, 50006)
    assert len(discord.breaches) == 1


async def test_a_text_without_allowed_mentions_is_a_breach(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    status, _ = await wire.ask("POST", f"/channels/{papers.id}/messages", {"content": "@everyone"})
    assert status == 400
    assert "@everyone would ping (everyone)" in str(discord.breaches[0])


async def test_an_edit_is_held_to_the_same_rules(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    await wire.post(papers, **v2(words("x")))
    path = f"/channels/{papers.id}/messages/{papers.last.id}"
    assert (await wire.ask("PATCH", path, {"components": [words("y")], **MUTE}))[0] == 200, "the flag stays"
    assert papers.last.flags & V2
    for body, code in (
        ({"content": "y"}, 50035),
        ({"components": [words("y" * 4001)]}, 50035),
        ({"components": []}, 50006),
    ):
        status, answer = await wire.ask("PATCH", path, {**body, **MUTE})
        assert (status, answer["code"]) == (400, code)
    assert papers.last.text == "y"
    assert len(discord.breaches) == 3


async def test_a_text_must_go_before_components_v2_come(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    await wire.post(papers, content="old")
    path = f"/channels/{papers.id}/messages/{papers.last.id}"
    assert (await wire.ask("PATCH", path, {**v2(words("new")), **MUTE}))[0] == 400
    assert (await wire.ask("PATCH", path, {**v2(words("new")), **MUTE, "content": None}))[0] == 200
    assert len(discord.breaches) == 1


async def test_threads_are_counted_and_forums_keep_their_tags(
    wire: Wire, discord: DiscordServer, guild: LocalGuild, papers: Channel
) -> None:
    forum = guild.forum("forum", tags=[f"t{n}" for n in range(6)])
    message = {"content": "x", **MUTE}
    for count, status in ((5, 201), (6, 400)):
        body = {"name": "x", "message": message, "applied_tags": list(map(str, forum.tags))[:count]}
        assert (await wire.ask("POST", f"/channels/{forum.id}/threads", body))[0] == status
    stranger = {"name": "x", "message": message, "applied_tags": ["1"]}
    assert (await wire.ask("POST", f"/channels/{forum.id}/threads", stranger))[0] == 400
    assert (await wire.ask("POST", f"/channels/{forum.id}/threads", {"name": "x"}))[0] == 400
    assert len(discord.breaches) == 3
    guild.state.thread_cap = 2
    path = f"/channels/{papers.id}/threads"
    assert (await wire.ask("POST", path, {"name": "x", "type": 11}))[0] == 201
    assert (await wire.ask("POST", path, {"name": "x", "type": 11}))[1]["code"] == 160006
    (*_, thread) = guild.threads()
    assert isinstance(thread, Thread)
    odd = {"auto_archive_duration": 61}
    assert (await wire.ask("PATCH", f"/channels/{thread.id}", odd))[0] == 400


async def test_strangers_are_turned_away(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    assert (await wire.ask("GET", "/users/@me", token="wrong"))[0] == 401
    assert discord.ledger.invalid(discord.clock.now()) == 1
    discord.advance(minutes=11)
    assert discord.ledger.invalid(discord.clock.now()) == 0
    assert (await wire.ask("GET", "/channels/1"))[1]["code"] == 10003
    assert (await wire.ask("GET", "/guilds/1"))[1]["code"] == 10004
    assert (await wire.ask("GET", f"/channels/{papers.id}/messages/1"))[1]["code"] == 10008
    assert (await wire.ask("GET", f"/channels/{papers.id}/messages?limit=101"))[0] == 400
    assert (await wire.ask("GET", "/nowhere"))[0] == 404
    assert len(discord.breaches) == 2


async def test_other_peoples_messages_are_theirs(wire: Wire, papers: Channel, ada: Person) -> None:
    path = f"/channels/{papers.id}/messages/{ada.say(papers, 'hello').id}"
    assert (await wire.ask("PATCH", path, {"content": "x", **MUTE}))[1]["code"] == 50005
    assert (await wire.ask("DELETE", path))[1]["code"] == 50013


@given(st.text(alphabet="@everyonhr<&!>0123 ", max_size=30))
def test_nothing_pings_where_mentions_are_off(text: str) -> None:
    assert list(live_mentions(text, {"parse": []})) == []


@pytest.mark.parametrize("text", ["@everyone", "a @here", "<@12>", "<@!12>", "<@&12>"])
def test_what_would_ping_is_seen(text: str) -> None:
    assert len(list(live_mentions(text, None))) == 1
    assert len(list(live_mentions(text, {"parse": ["everyone", "users", "roles"]}))) == 1


def test_the_document_is_read_as_jsonschema_reads_it() -> None:
    """The shortcuts of the contract change no verdict: compared with plain jsonschema on good and bad bodies."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    contract = Contract.vendored()
    document = contract.document
    registry = Registry().with_resource("urn:discord", Resource.from_contents(document, DRAFT202012))
    reference = {"$ref": "urn:discord#/components/schemas/MessageCreateRequest"}
    plain: Any = Draft202012Validator(reference, registry=registry)
    bodies = [body for pair in AT_THE_LIMIT.values() for body in pair]
    for body in bodies:
        assert bool(contract.named("MessageCreateRequest", body)) is not plain.is_valid(body), body
