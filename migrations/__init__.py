"""The database's history, forward only, checked against the models by the tests.

`HEAD` is the newest version. It stands here so that a start need not load the migration tool to see that all is well.
"""

HEAD = "0003"

OLDEST_PROGRAM = "0001"
"""The oldest version whose programs run on the schema of `HEAD`: at least that of the release before this one.

It moves on only with a migration that takes away what older programs need (see CONTRIBUTING.md, "Change the schema").
"""
