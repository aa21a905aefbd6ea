"""Lookup of the requester: their club, member, role and language; the club of a new workspace."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.app import App, Context, Requester, RequestKind
from bot.chat.gateway import Location
from bot.chat.text import one_line
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club
from bot.domain.preferences import Preferences
from bot.locale import ENGLISH
from bot.locale.current import use_language
from bot.permissions import highest_role

LANGUAGE_TIMEOUT = 0.5
"""Seconds that a person's language may take to look up: Slack and Discord want a form within three."""


async def identify(app: App, who: Requester, where: Location, via: RequestKind = RequestKind.TYPED) -> Context:
    """Context of a request, whose texts are in its person's language from now on.

    A new person becomes a member, a new workspace gets a club.
    """
    who = replace(who, name=one_line(who.name))

    lookup = partial(app.store.identify, where.platform, where.workspace, who.id, who.roles, where.thread)
    identity = await lookup()
    if identity is None or identity.workspace_left:
        await register_workspace(app, where.platform, where.workspace, "")
        identity = await lookup()
        assert identity is not None
    club, member = identity.club, identity.member
    if member is None:
        async with app.store.begin(club.id) as db:
            member = await db.members.get_or_create(where.platform, who.id, who.name, where.workspace, app.now())
    elif who.name and identity.account_name != who.name:
        async with app.store.begin(club.id) as db:
            member = await db.members.rename(member, where.platform, who.id, who.name)
    context = Context(
        app=app,
        club=club,
        member=member,
        role=highest_role(who, member, identity.granted_roles),
        who=who,
        where=where,
        workspace_id=identity.workspace_id,
        via=via,
        here=identity.thread_submission_id,
    )
    app.languages.set((where.platform, where.workspace, who.id), context.language)
    use_language(context.language)
    return context


async def use_language_of(app: App, where: Location, person: str) -> None:
    """Use a person's language for what is shown before their request is dispatched: a form, an early refusal.

    It costs a query only for those who were not answered lately. English if they are not known, or it takes too long.
    """
    known = app.languages.get((where.platform, where.workspace, person))
    if known is None:
        known = ENGLISH.name
        with suppress(Exception):
            async with asyncio.timeout(LANGUAGE_TIMEOUT):
                identity = await app.store.identify(where.platform, where.workspace, person, (), "")
                if identity is not None:
                    own = Preferences.of(identity.member.prefs).language if identity.member else ""
                    known = own or ClubSettings.of(identity.club.settings).language
                    app.languages.set((where.platform, where.workspace, person), known)
    use_language(known)


async def register_workspace(app: App, platform: str, workspace: str, name: str) -> Club:
    """Club of a workspace, created with the installation's defaults if the workspace is new."""
    async with app.store.admin_session() as admin:
        if known := await admin.directory.workspace(platform, workspace):
            club = await admin.directory.club(known.club_id)
            assert club is not None
            await admin.directory.join(club, platform, workspace, name)
            return club
        title = one_line(name) or f"{platform.title()} club"
        club = await admin.directory.create_club(
            title, app.installation.timezone, app.now(), {"digest_at": app.installation.digest_at}
        )
        joined = await admin.directory.join(club, platform, workspace, name)
        if joined.club_id == club.id:
            return club
        # Another process created a club for it at the same time: use that one.
        await admin.directory.delete_club(club)
        other_club = await admin.directory.club(joined.club_id)
        assert other_club is not None
        return other_club
