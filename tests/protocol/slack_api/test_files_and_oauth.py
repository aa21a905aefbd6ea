"""Files of the local Slack, and OAuth."""

from __future__ import annotations

import base64
import hashlib

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import refused
from tests.protocol.slack_echo import QUIETLY
from tests.protocol.slack_server import DEFAULT_SCOPES, SlackServer


async def test_a_file_arrives_in_three_steps(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.install("T1", [*DEFAULT_SCOPES, "files:write"])
    await client.files_upload_v2(channel="C1", filename="edition.md", content="# No. 1", initial_comment="Here")
    assert slack.messages("C1")[0].text == "Here"
    assert next(iter(slack.world.files.values())).content == b"# No. 1"
    error = await refused(client, "files.completeUploadExternal", files=[{"id": "F404"}])
    assert error["error"] == "file_not_found"


async def test_oauth_in_two_workspaces(slack: SlackServer) -> None:
    slack.team("T2", "Other Room")
    slack.app.redirect_urls = ["http://127.0.0.1:1/slack/oauth_redirect"]
    grace = slack.user("Grace", team="T2", admin=True)
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    page = (
        f"{slack.base_url}/oauth/v2/authorize?client_id={slack.app.client_id}&scope=commands,chat:write&state=s1"
        f"&redirect_uri={slack.app.redirect_urls[0]}&code_challenge={challenge}&code_challenge_method=S256"
    )
    slack.oauth.approver = grace
    async with aiohttp.ClientSession() as session:
        answer_ = await session.get(page, allow_redirects=False)
    assert answer_.status == 302
    target = answer_.headers["Location"]
    code = target.partition("code=")[2].partition("&")[0]
    assert target.startswith(slack.app.redirect_urls[0])
    assert "state=s1" in target
    client = AsyncWebClient(base_url=slack.api_url)
    right = {
        "client_id": slack.app.client_id,
        "client_secret": slack.app.client_secret,
        "code": code,
        "redirect_uri": slack.app.redirect_urls[0],
        "code_verifier": verifier,
    }
    for wrong, error in (
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"code": "guess"}, "invalid_code"),
        ({"redirect_uri": "http://evil.example/"}, "bad_redirect_uri"),
        ({"code_verifier": "guess"}, "invalid_code_verifier"),
    ):
        assert (await refused(client, "oauth.v2.access", **{**right, **wrong}))["error"] == error
    granted = await client.api_call("oauth.v2.access", data=right)
    assert granted["team"] == {"id": "T2", "name": "Other Room"}
    assert granted["access_token"] == slack.token("T2") != slack.token("T1")
    assert (await refused(client, "oauth.v2.access", **right))["error"] == "code_already_used"
    there = AsyncWebClient(token=granted["access_token"], base_url=slack.api_url)
    assert (await there.auth_test())["team_id"] == "T2"
    error_ = await refused(there, "chat.postMessage", channel="C1", text="x", **QUIETLY)
    assert error_["error"] == "channel_not_found"
    assert "error=access_denied" in slack.oauth.decide(page, grace, allow=False)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk 3.47 uses it with aiohttp 3.14
async def test_a_code_lives_ten_minutes_and_basic_authorisation_works(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    slack.app.redirect_urls = ["http://127.0.0.1:1/back"]
    page = f"{slack.base_url}/oauth/v2/authorize?client_id={slack.app.client_id}&scope=commands"
    client = AsyncWebClient(base_url=slack.api_url)
    for seconds, error in ((590, ""), (600, "invalid_code")):
        code = slack.oauth.decide(page, ada).partition("code=")[2]
        slack.world.clock.advance(seconds)
        call = client.oauth_v2_access(
            client_id=slack.app.client_id,
            client_secret=slack.app.client_secret,
            code=code,
            redirect_uri=slack.app.redirect_urls[0],
        )
        if error:
            with pytest.raises(SlackApiError, match=error):
                await call
        else:
            assert (await call)["team"]["id"] == "T1"
