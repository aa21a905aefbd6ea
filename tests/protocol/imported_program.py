"""Every import that a start of the program needs: made once, in the process that is forked for each start."""

import gc
from importlib import import_module

for name in (
    "adapters.discord.gateway",
    "adapters.slack.gateway",
    "adapters.web.archive",
    "adapters.web.calendars",
    "adapters.web.server",
    "adapters.web.site",
    "bot.cli.console",
    "bot.cli.doctor",
    "bot.cli.migrate",
    "bot.cli.run",
    "bot.runtime.archive_publisher",
    "bot.runtime.status",
):
    import_module(name)
gc.freeze()
