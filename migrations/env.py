"""Alembic's environment, which uses the connection of `bot.store.database.migrate`."""

from __future__ import annotations

from alembic import context

from bot.domain.models import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
