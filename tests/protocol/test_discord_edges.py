"""The rarer refusals of the local Discord: closed threads, wrong places, strange files, unknown things."""

from __future__ import annotations

import io
import json

import aiohttp
import pytest

from tests.protocol.discord_server import ActionUnavailable, Channel, DiscordServer, LocalGuild, Person
from tests.protocol.discord_server.permissions import CREATE_PUBLIC_THREADS, MANAGE_CHANNELS, SEND_MESSAGES
from tests.protocol.discord_server.rest import MAX_FILE
from tests.protocol.discord_wire import MUTE, Wire, button, command, row

BREAKS_RULES = True


async def code(wire: Wire, method: str, path: str, body: object = None) -> int:
    """The error code of a request; 0: none."""
    _, answer = await wire.ask(method, path, body)
    return int(answer.get("code", 0)) if isinstance(answer, dict) else 0


async def test_a_closed_thread_stays_as_it_is(
    wire: Wire, discord: DiscordServer, guild: LocalGuild, papers: Channel, ada: Person
) -> None:
    await wire.ask("POST", f"/channels/{papers.id}/threads", {"name": "x", "type": 11})
    (thread,) = guild.threads()
    here = f"/channels/{thread.id}"
    await wire.ask("POST", f"{here}/messages", {"content": "x", **MUTE})
    message = f"{here}/messages/{thread.last.id}"
    thread.locked = True
    assert await code(wire, "POST", f"{here}/messages", {"content": "y", **MUTE}) == 160005
    guild.archive(thread)
    assert await code(wire, "PATCH", message, {"content": "y", **MUTE}) == 50083
    assert await code(wire, "DELETE", message) == 50083
    assert await code(wire, "PUT", f"{here}/thread-members/{ada.id}") == 50083
    assert await code(wire, "PATCH", here, {"name": "y"}) == 50083
    assert await code(wire, "PATCH", here, {"archived": False}) == 0
    assert await code(wire, "PUT", f"{here}/thread-members/1") == 10007
    guild.archive(thread, locked=True)
    with pytest.raises(ActionUnavailable, match="locked"):
        ada.say(thread, "x")
    guild.archive(thread)
    ada.say(thread, "x")
    assert not thread.archived
    assert discord.breaches == []


async def test_each_act_has_its_place(wire: Wire, discord: DiscordServer, guild: LocalGuild, papers: Channel) -> None:
    forum, news = guild.forum("forum", ["theory", "vision"]), guild.news("news")
    for room in (papers, news):
        await wire.ask("POST", f"/channels/{room.id}/messages", {"content": "x", **MUTE})
    said = f"/channels/{papers.id}/messages/{papers.last.id}"
    assert await code(wire, "POST", f"{said}/crosspost") == 50024
    assert await code(wire, "PUT", f"/channels/{papers.id}/thread-members/@me") == 50024
    on_news = f"/channels/{news.id}/messages/{news.last.id}/threads"
    assert await code(wire, "POST", on_news, {"name": "x"}) == 0
    (thread,) = guild.threads(news)
    assert thread.type == 10
    inside = f"/channels/{thread.id}"
    assert await code(wire, "POST", f"{inside}/threads", {"name": "x", "type": 11}) == 50024
    await wire.ask("POST", f"{inside}/messages", {"content": "x", **MUTE})
    assert await code(wire, "POST", f"{inside}/messages/{thread.last.id}/threads", {"name": "x"}) == 50024
    post = {"name": "x", "message": {"content": "x", **MUTE}, "applied_tags": [str(tag) for tag in forum.tags]}
    await wire.ask("POST", f"/channels/{forum.id}/threads", post)
    (made,) = guild.threads(forum)
    first = next(iter(forum.tags))
    assert await code(wire, "PATCH", f"/channels/{made.id}", {"applied_tags": [str(first)]}) == 0
    assert made.applied_tags == [first]
    assert discord.breaches == []
    assert await code(wire, "POST", f"/guilds/{guild.id}/channels", {"name": "x", "type": 2}) == 50013
    guild.set_bot_rights(MANAGE_CHANNELS)
    assert await code(wire, "POST", f"/guilds/{guild.id}/channels", {"name": "x", "type": 2}) == 50035
    many = [{"name": f"{number}"} for number in range(21)]
    assert await code(wire, "PATCH", f"/channels/{forum.id}", {"available_tags": many}) == 50035


async def test_rights_for_the_small_things(
    wire: Wire, guild: LocalGuild, papers: Channel, ada: Person, discord: DiscordServer
) -> None:
    here = f"/channels/{papers.id}"
    assert (await wire.ask("POST", f"{here}/typing"))[0] == 204
    guild.deny_bot(papers, SEND_MESSAGES, CREATE_PUBLIC_THREADS)
    assert await code(wire, "POST", f"{here}/typing") == 50013
    assert await code(wire, "POST", f"{here}/threads", {"name": "x", "type": 11}) == 50013
    assert await code(wire, "PATCH", here, {"name": "x"}) == 50013
    assert await code(wire, "DELETE", here) == 50013
    news = guild.news("news")
    said = ada.say(news, "hello")
    assert await code(wire, "POST", f"/channels/{news.id}/messages/{said.id}/crosspost") == 50013
    assert await code(wire, "DELETE", f"/channels/{ada.private.id}") == 0
    assert discord.breaches == []


async def test_unknown_people_and_addresses(wire: Wire, discord: DiscordServer) -> None:
    assert await code(wire, "GET", "/users/1") == 10013
    assert await code(wire, "POST", "/users/@me/channels", {"recipient_id": "1"}) == 10013
    assert (await wire.ask("GET", "/gateway"))[1] == {"url": discord.gateway.url}
    assert (await wire.ask("GET", "/applications/@me"))[1]["id"] == str(discord.world.application_id)
    assert await code(wire, "POST", "/interactions/1/token/callback", {"type": 5}) == 10062
    assert discord.breaches == []
    assert await code(wire, "GET", "/channels/general") == 50035
    assert await code(wire, "POST", "/users/@me/channels", []) == 50035


async def test_a_body_that_cannot_be_read(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    url = f"{discord.api}/channels/{papers.id}/messages"
    headers = {"Authorization": f"Bot {discord.token}"}
    for kind in ("application/json", "text/plain"):
        async with wire.session.post(url, data=b"{", headers={**headers, "Content-Type": kind}) as answer:
            assert (await answer.json())["code"] == 50109
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "x", **MUTE}))
    form.add_field("files[0]", io.BytesIO(b"x" * (MAX_FILE + 1)), filename="big.bin")
    async with wire.session.post(url, data=form, headers=headers) as answer:
        assert (await answer.json())["code"] == 40005
    assert papers.messages == []
    assert len(discord.breaches) == 3


async def test_files_are_kept_dropped_and_shown(wire: Wire, discord: DiscordServer, papers: Channel) -> None:
    url = f"{discord.api}/channels/{papers.id}/messages"
    body = {"components": [{"type": 13, "file": {"url": "attachment://x.bib"}}], "flags": 1 << 15}
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", b"@article", filename="x.bib")
    async with wire.session.post(url, data=form, headers={"Authorization": f"Bot {discord.token}"}) as answer:
        assert answer.status == 200
    (file,) = papers.last.attachments
    path = f"/channels/{papers.id}/messages/{papers.last.id}"
    text = [{"type": 10, "content": "x"}]
    kept = {"components": text, "attachments": [{"id": str(file.id)}], **MUTE}
    assert await code(wire, "PATCH", path, kept) == 0
    assert papers.last.attachments == [file]
    assert await code(wire, "PATCH", path, {"components": text, "attachments": None, **MUTE}) == 0
    assert papers.last.attachments == []
    assert discord.breaches == []


async def test_a_click_on_what_is_gone(wire: Wire, discord: DiscordServer, papers: Channel, ada: Person) -> None:
    await wire.register(command())
    await wire.ask("POST", f"/channels/{papers.id}/messages", {"components": [row(button("vote"))], **MUTE})
    card = papers.last
    seen = await ada.click(card, "Vote", wait="nothing")
    card.deleted_at = discord.clock.now()
    assert (await wire.answer(seen.interaction, {"type": 7, "data": {"content": "x", **MUTE}}))[1]["code"] == 10008
    with pytest.raises(ActionUnavailable, match="does not see"):
        await ada.click(card, "Vote")
    assert discord.breaches == []


async def test_a_form_from_a_card_may_change_the_card(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person, guild: LocalGuild
) -> None:
    await wire.ask("POST", f"/channels/{papers.id}/messages", {"components": [row(button("why"))], **MUTE})
    card = papers.last
    seen = await ada.click(card, "why", wait="nothing")
    field = {"type": 18, "label": "Why", "component": {"type": 4, "custom_id": "w", "style": 1}}
    form = {"custom_id": "f", "title": "Why", "components": [field]}
    assert (await wire.answer(seen.interaction, {"type": 9, "data": form}))[0] == 204
    sent = await ada.submit_modal(seen, {"Why": "x"}, wait="nothing")
    assert (await wire.answer(sent.interaction, {"type": 7, "data": {"content": "because", **MUTE}}))[0] == 204
    assert card.text == "because"
    again = await ada.click(card, "why", wait="nothing")
    assert (await wire.answer(again.interaction, {"type": 4, "data": {"content": "yes", **MUTE}}))[0] == 204
    metadata = papers.last.interaction
    assert metadata is not None
    assert metadata["interacted_message_id"] == str(card.id)
    third = await ada.click(card, "why", wait="nothing")
    assert (await wire.answer(third.interaction, {"type": 5}))[0] == 204
    guild.delete(papers)
    hook = f"/webhooks/{discord.world.application_id}/{third.interaction.token}/messages/@original"
    assert await code(wire, "PATCH", hook, {"content": "too late", **MUTE}) == 10003
    assert discord.breaches == []


@pytest.mark.parametrize(("name", "value"), [("", "x"), ("x" * 101, "x"), ("x", "x" * 101)])
async def test_a_suggestion_has_its_limits(
    wire: Wire, discord: DiscordServer, papers: Channel, ada: Person, name: str, value: str
) -> None:
    complete = {"type": 3, "name": "a", "description": "d", "autocomplete": True}
    await wire.register(command(options=[complete]))
    seen = await ada.autocomplete("/paper", papers, a="x", wait="nothing")
    body = {"type": 8, "data": {"choices": [{"name": name, "value": value}]}}
    assert (await wire.answer(seen.interaction, body))[0] == 400
    assert len(discord.breaches) == 1
