"""Check of a service whose answers depend on an account, such as OpenReview."""

from __future__ import annotations

import asyncio

from bot.chat.gateway import DoctorFinding
from bot.locale.current import _, formatted
from bot.ports import ServiceCheck

SERVICE_TIMEOUT = 15.0
"""Seconds that a service may take."""


async def check_service(service: ServiceCheck, *, used: bool = True) -> list[DoctorFinding]:
    """Finding about a service. A failure of one that is not `used`, and has no account, is nothing to fix."""
    try:
        async with asyncio.timeout(SERVICE_TIMEOUT):
            works, say = await service.check()
    except TimeoutError:
        works, say = False, _("did not answer within {seconds} s.", seconds=formatted(SERVICE_TIMEOUT, "g"))
    if not works and not used and not service.has_account:
        return [
            DoctorFinding(service.label, True, f"{say} {_('The club has no source there, so nothing needs fixing.')}")
        ]
    return [DoctorFinding(service.label, works, say)]
