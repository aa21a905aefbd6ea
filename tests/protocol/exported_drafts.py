"""Drafts as programs for newsletters and notes export them, and other files: the real program imports them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.editions.importing.files import mail, picture, zipped
from tests.editions.importing.test_newsletter_programs import BEEHIIV, GHOST, NOTION, OBSIDIAN, SUBSTACK
from tests.protocol.an_edition import newsletter


@dataclass(frozen=True, slots=True)
class ExportedDraft:
    """A file, and words of the answer to its import."""

    name: str
    content: bytes
    said: tuple[str, ...]

    @property
    def is_read(self) -> bool:
        """True for a draft; false for a file that is refused."""
        return any("Import “" in words for words in self.said)

    def is_answered(self, text: str) -> bool:
        """True once somebody sees all these words."""
        return all(words in text for words in self.said)


_PICTURE = picture(size=(300, 200))
_NOTION = NOTION.replace("- [x]  read by all", "![Untitled](Digest%20ab12/Untitled.png)\n\n- [x]  read by all")
_FORWARDED = (
    "<html><body><div>---------- Forwarded message ---------<br>From: Lea<br>Date: Fri, 27 Nov 2026<br>Subject: Digest"
    '<br>To: Mo</div><h2>Papers</h2><p><a href="https://arxiv.org/abs/1706.03762">Attention</a><br>It began here.</p>'
    '<img src="cid:one" alt="Two stacks"></body></html>'
)
DRAFTS = (
    ExportedDraft("substack.html", SUBSTACK.encode(), ("Import “Reading #12”?", "MoCo v3", "Cascades")),
    ExportedDraft("beehiiv.html", BEEHIIV.encode(), ("Import “Small Models Weekly”?", "MoCo v3", "Unsubscribe")),
    ExportedDraft("ghost.html", GHOST.encode(), ("Import “Friday Papers”?", "MoCo v3", "Cascades")),
    ExportedDraft(
        "notion.zip",
        zipped({"Digest ab12.md": _NOTION, "Digest ab12/Untitled.png": _PICTURE}),
        ("Import “Paper Club Digest 14”?", "Status, Owner, Tags", "a description, a credit and a license"),
    ),
    ExportedDraft("Digest 14.md", OBSIDIAN.encode(), ("Import “Digest 14”?", "Another note")),
    ExportedDraft("week.docx", newsletter(), ("Import “Lesewoche 48”?", "a credit and a license")),
    ExportedDraft("forward.eml", mail("Fwd: Digest", _FORWARDED, {"one": _PICTURE}), ("Import “Digest”?", "Attention")),
    ExportedDraft("two.md", b"# One\n\n## P\n\n### [A](https://a.example)\n\n# Two\n\n## P\n\n### [B](https://b.example)",
                  ("Import “One”?", "several editions", "“Two”")),
    ExportedDraft("empty.md", b"", ("There is no text in it",)),
    ExportedDraft("picture.md", _PICTURE, ("That is a document of another kind",)),
    ExportedDraft("broken.md", b"# T\n\n\xff\xfe\x80 \xc3(", ("The file is not UTF-8 text",)),
    ExportedDraft("large.md", b"# T\n\n" + b"word " * 500_000, ("The file is larger than 2 MB",)),
)  # fmt: skip
