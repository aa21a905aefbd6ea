"""Database migrations, forward only, compared with the models by the tests.

`HEAD` is the newest version. It is here so that a start need not load Alembic to check the version.
"""

HEAD = "0016"

OLDEST_PROGRAM = "0001"
"""Oldest version whose programs can use the schema of `HEAD`: at least that of the previous release.

It changes only with a migration that removes something older programs need (see CONTRIBUTING.md, "Change the schema").
"""
