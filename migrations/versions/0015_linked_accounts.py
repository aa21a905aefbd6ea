"""Accounts of members with several are marked, so that their other names are found without reading every account.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a mark, and set it on the accounts that are linked by now.

    A program of the release before does not set it: names of accounts that it links are the club's until the next link.
    """
    op.add_column("account", sa.Column("linked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE account SET linked = true WHERE member_id IN "
        "(SELECT member_id FROM account GROUP BY member_id HAVING count(*) > 1)"
    )
    is_linked = {"sqlite_where": sa.text("linked = 1"), "postgresql_where": sa.text("linked")}
    op.create_index("ix_account_linked", "account", ["club_id", "platform"], **is_linked)


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_account_linked", "account")
    op.drop_column("account", "linked")
