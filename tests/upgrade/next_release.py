"""A release after this one: a copy of the migrations with more of them, which the real program is started with."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import migrations
from tests.child_processes import killed_on_error
from tests.protocol.program import PROGRAM

WIDER = """
op.add_column("club", sa.Column("motto", sa.Text(), nullable=True))
op.execute("UPDATE club SET motto = name")
if os.environ.get("PAUSE_HALFWAY"):
    print("halfway", flush=True)
    signal.pause()
with op.batch_alter_table("vote", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never") as vote:
    vote.add_column(sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
op.create_table("badge", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", sa.Text()))
"""
"""An expansion: nothing that is there goes, and a row can be added without the new columns."""

WIDER_MODELS = """
Table.metadata.tables["club"].append_column(sa.Column("motto", sa.Text()))
Table.metadata.tables["vote"].append_column(sa.Column("weight", sa.Float(), server_default="1"))
sa.Table("badge", Table.metadata, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", sa.Text()))
"""

NARROWER = """
with op.batch_alter_table("paper") as paper:
    paper.drop_column("comment")
"""
"""A contraction: programs that read the column cannot go on."""

OTHER_MEANING = """
op.execute("UPDATE club SET timezone = 'Etc/UTC' WHERE timezone = 'UTC'")
"""
"""A contraction that no column shows: older programs would misread what is there."""


@dataclass(frozen=True, slots=True)
class NextRelease:
    """The real program with other migrations, at `head`."""

    folder: Path
    head: str

    def start(self, *words: str, url: str, **environ: str) -> subprocess.Popen[str]:
        """Start a command of it on a database; its output is one text."""
        return subprocess.Popen(
            [PROGRAM, *words],
            cwd=self.folder,
            env=os.environ
            | {"PYTHONPATH": str(self.folder), "PYTHONUNBUFFERED": "1", "JOURNALCLUB_DATABASE_URL": url}
            | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def migrate(self, url: str) -> str:
        """Migrate a database and say what it said; it must succeed."""
        with killed_on_error(self.start("migrate", url=url)) as program:
            said, _ = program.communicate()
        assert program.returncode == 0, said
        return said


def next_release(
    folder: Path, *, upgrade: str = WIDER, models: str = WIDER_MODELS, contracts: bool = False
) -> NextRelease:
    """Make a release whose one new migration does this. One that contracts says that older programs are too old."""
    made = folder / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, made, ignore=shutil.ignore_patterns("__pycache__"))
    head = f"{int(migrations.HEAD) + 1:04}"
    (made / "versions" / f"{head}_next.py").write_text(
        "import os\nimport signal\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = {head!r}\ndown_revision = {migrations.HEAD!r}\n\n\ndef upgrade():\n" + indent(upgrade, "    ")
    )
    with (made / "__init__.py").open("a") as init:
        init.write(f"\nHEAD = {head!r}\n")
        init.write(f"OLDEST_PROGRAM = {head!r}\n" if contracts else "")
        init.write(f"import sqlalchemy as sa\nfrom bot.domain.models import Table\n{models}")
    return NextRelease(folder, head)
