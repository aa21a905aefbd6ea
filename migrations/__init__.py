"""The database's history, forward only, checked against the models by the tests.

`HEAD` is the newest version. It stands here so that a start need not load the migration tool to see that all is well.
"""

HEAD = "0002"
