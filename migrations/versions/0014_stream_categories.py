"""New papers are found by category alone without reading all that are stored.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQLITE = "CREATE INDEX lookup_index_stream_categories ON stream_entry (categories)"
POSTGRESQL = "CREATE INDEX lookup_index_stream_categories ON stream_entry USING gin ((lower(categories::text)::jsonb))"


def upgrade() -> None:
    """Add an index. PostgreSQL's knows each category; SQLite's is read as a whole, which the table is too large for."""
    is_postgresql = op.get_context().dialect.name == "postgresql"
    op.get_bind().exec_driver_sql(POSTGRESQL if is_postgresql else SQLITE)
