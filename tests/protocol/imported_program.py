"""Every import that a start of the program needs: made once, in the process that is forked for each start."""

import gc
from importlib import import_module

gc.set_threshold(20_000, 20, 20)
for name in (
    "aiosqlite",
    "adapters.discord.gateway",
    "adapters.slack.gateway",
    "adapters.web.archive",
    "adapters.web.calendars",
    "adapters.web.server",
    "adapters.web.site",
    "alembic.command",
    "alembic.config",
    "alembic.context",
    "bot.cli.console",
    "bot.cli.doctor",
    "bot.cli.migrate",
    "bot.cli.run",
    "bot.runtime.archive_publisher",
    "bot.runtime.status",
    "bot.sources.doi_sources",
    "bot.sources.link_metadata.page_reader",
    "bot.sources.stream.arxiv_listing",
    "bot.sources.stream.feeds",
    "bot.sources.stream.huggingface",
    "bot.sources.stream.journals",
    "bot.sources.stream.biorxiv",
    "bot.sources.stream.openreview",
    "tests.patience",
):
    import_module(name)
gc.freeze()
