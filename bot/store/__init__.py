"""Access to the database: `async with store.begin(club_id) as db`.

`begin` commits when its block ends and rolls back when it raises; `read` cannot write. Both see one club.
`admin_session` sees all clubs, for setup, identity, the scheduler and the workers.
"""

from __future__ import annotations

from bot.store.admin.admin_session import AdminSession
from bot.store.sessions import Store, UnitOfWork

__all__ = ["AdminSession", "Store", "UnitOfWork"]
