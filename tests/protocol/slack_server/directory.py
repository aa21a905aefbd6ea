"""The methods about who is who: auth, users, user groups, bots; and the app's own connections."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.things import User
from tests.protocol.slack_server.world import Refusal

Json = dict[str, Any]


@method("api.test", "error foo", takes="none")
def api_test(ask: ApiRequest) -> Json:
    args = {k: v for k, v in ask.args.items() if k != "token"}
    if ask.word("error"):
        raise Refusal(ask.word("error"), args=args)
    return {"ok": True, "args": args}


@method("auth.test")
def auth_test(ask: ApiRequest) -> Json:
    team = ask.world.teams[ask.here.team]
    return {
        "ok": True,
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": ask.world.users[ask.here.bot_user].name,
        "team_id": team.id,
        "user_id": ask.here.bot_user,
        "bot_id": ask.here.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", "test")
def auth_revoke(ask: ApiRequest) -> Json:
    if not ask.flag("test"):
        ask.here.trouble = "token_revoked"
    return {"ok": True, "revoked": not ask.flag("test")}


@method("bots.info", "bot team_id", scopes="users:read")
def bots_info(ask: ApiRequest) -> Json:
    if ask.word("bot") not in ("", ask.here.bot_id):
        raise Refusal("bot_not_found")
    app, here = ask.world.app, ask.here
    bot = {
        "id": here.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": 1700000000,
        "app_id": app.id,
        "user_id": here.bot_user,
        "icons": {},
    }
    return {"ok": True, "bot": bot}


@method("users.info", "user* include_locale", scopes="users:read")
def users_info(ask: ApiRequest) -> Json:
    user = ask.world.users.get(ask.word("user"))
    if user is None or user.team != ask.here.team:
        raise Refusal("user_not_found")
    return {"ok": True, "user": user.json()}


@method("users.list", "cursor include_locale limit team_id", scopes="users:read")
def users_list(ask: ApiRequest) -> Json:
    everybody: list[User] = [u for u in ask.world.users.values() if u.team == ask.here.team]
    page, onward = ask.page(everybody, 1000, 1000)
    return {
        "ok": True,
        "members": [u.json() for u in page],
        "cache_ts": int(ask.world.clock.now()),
        "response_metadata": onward,
    }


@method("usergroups.list", "include_count include_disabled include_users team_id", scopes="usergroups:read")
def usergroups_list(ask: ApiRequest) -> Json:
    groups = [
        g.json(users=ask.flag("include_users"))
        for g in ask.world.groups.values()
        if g.team == ask.here.team and (g.enabled or ask.flag("include_disabled"))
    ]
    return {"ok": True, "usergroups": groups}


@method("usergroups.users.list", "usergroup* include_disabled team_id", scopes="usergroups:read")
def usergroups_users(ask: ApiRequest) -> Json:
    group = ask.world.groups.get(ask.word("usergroup"))
    if group is None or group.team != ask.here.team or not (group.enabled or ask.flag("include_disabled")):
        raise Refusal("no_such_subteam")
    return {"ok": True, "users": list(group.users)}
