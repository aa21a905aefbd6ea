"""The newsletter that both platforms' protocol tests import: a document with a picture and three quotes to settle."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.editions.importing.files import document, drawing, link, paragraph, picture, run

ATTENTION, DISTIL = "1706.03762", "2012.12877"
ALMOST = "dispensing with recurrence and convolution wholly"
"""A quote with two words changed; the abstract has `EXACT`."""
EXACT = "dispensing with recurrence and convolutions entirely"
SAID, INVENTED = "Das haben wir auf der Tagung gehört.", "Niemand hat das je geschrieben."
PICTURE = picture(size=(300, 200))


def newsletter() -> bytes:
    """A German newsletter as Word saves it."""
    return document(
        paragraph(run("Lesewoche 48"), style="Titel"),
        paragraph(run("Liebe Leserinnen und Leser,")),
        paragraph(run("zwei Arbeiten, wenig Worte (97).")),
        paragraph(run("Sehen und Lesen"), style="berschrift1"),
        paragraph(link("Aufmerksamkeit", "rId1"), style="berschrift2"),
        paragraph(run("Warum: "), run("weil alles damit begann.", "i")),
        paragraph(run(ALMOST), style="Zitat"),
        paragraph(run(SAID), style="Zitat"),
        paragraph(drawing("rId7", "Zwei Stapel")),
        paragraph(link("Ein Lehrer für Bilder", "rId2"), style="berschrift2"),
        paragraph(run("Warum: weil drei Tage reichen.")),
        paragraph(run(f"„{INVENTED}“")),
        links={"rId1": f"https://arxiv.org/abs/{ATTENTION}", "rId2": f"https://arxiv.org/abs/{DISTIL}"},
        pictures={"rId7": PICTURE},
    )


def working_tree(folder: Path) -> str:
    """A new git working tree that the archive is published to: its path."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    return str(folder)


def git(folder: Path, *arguments: str) -> str:
    """Output of git in a folder."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def committed_page(folder: Path) -> str:
    """The first edition's page in a git working tree; empty if it is not there, or not committed as it is."""
    *_, page = ["", *git(folder, "ls-files", "clubs/*/editions/1/index.html").splitlines()]
    if not page or not (folder / page).is_file() or git(folder, "status", "--porcelain", "."):
        return ""
    return (folder / page).read_text("utf-8")
