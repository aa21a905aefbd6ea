"""Names of sources of new papers: a typed name becomes a kind and an address."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.links import urls
from bot.domain.stream.subjects import ARXIV_CATEGORIES, PREPRINT_SUBJECTS
from bot.errors import UserError
from bot.locale.current import _, mark_text

MAX_LENGTH = 300
"""Characters of an address."""

EXAMPLES = mark_text(
    "an arXiv category (`cs.CL`), `biorxiv:neuroscience`, `medrxiv:oncology`, a journal’s ISSN "
    "(`0028-0836`), a feed’s address (https://…), `openreview:ICLR.cc/2026/Conference` or "
    "`huggingface`"
)
"""Examples of addresses that may be typed, as the end of a sentence."""


class StreamSourceKind(StrEnum):
    """Kind of a source, which determines its reader."""

    ARXIV = "arxiv"
    BIORXIV = "biorxiv"
    MEDRXIV = "medrxiv"
    JOURNAL = "journal"
    """Journal, by its ISSN at Crossref."""
    FEED = "feed"
    """RSS or Atom."""
    OPENREVIEW = "openreview"
    HUGGINGFACE = "huggingface"

    @property
    def label(self) -> str:
        """Name of the kind in sentences."""
        return _(_LABELS[self])

    def typed(self, address: str) -> str:
        """An address as admins type it: `cs.CL`, `biorxiv:neuroscience`."""
        match self:
            case StreamSourceKind.ARXIV | StreamSourceKind.JOURNAL | StreamSourceKind.FEED:
                return address
            case StreamSourceKind.HUGGINGFACE:
                return "huggingface"
            case _:
                return f"{self.value}:{address}"


_LABELS = {
    StreamSourceKind.ARXIV: "arXiv",
    StreamSourceKind.BIORXIV: "bioRxiv",
    StreamSourceKind.MEDRXIV: "medRxiv",
    StreamSourceKind.JOURNAL: "journal",
    StreamSourceKind.FEED: "feed",
    StreamSourceKind.OPENREVIEW: "OpenReview",
    StreamSourceKind.HUGGINGFACE: mark_text("Hugging Face"),
}

_ISSN = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9Xx])")
_VENUE = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)+", re.ASCII)


def parse_source(typed: str) -> tuple[StreamSourceKind, str]:
    """Kind and address of a typed name. Raises UserError that says which names there are."""
    name = typed.strip().strip("<>")
    if not name or len(name) > MAX_LENGTH:
        raise UserError(_("Which source? Give {examples}.", examples=_(EXAMPLES)), field="source")
    if re.match(r"[a-z][a-z0-9+.-]{0,20}://", name, re.IGNORECASE):
        return StreamSourceKind.FEED, _feed(name)
    prefix, colon, rest = name.partition(":")
    kind = prefix.strip().casefold().replace(" ", "").replace("-", "")
    rest = rest.strip()
    if kind in ("huggingface", "hf", "huggingfacedailypapers") and rest in ("", "daily", "papers"):
        return StreamSourceKind.HUGGINGFACE, "daily"
    if colon and kind in ("biorxiv", "medrxiv"):
        return StreamSourceKind(kind), _subject(StreamSourceKind(kind), rest)
    if colon and kind == "openreview":
        return StreamSourceKind.OPENREVIEW, _venue(rest)
    if colon and kind in ("issn", "journal"):
        return StreamSourceKind.JOURNAL, _issn(rest)
    if _ISSN.fullmatch(name):
        return StreamSourceKind.JOURNAL, _issn(name)
    return StreamSourceKind.ARXIV, _category(rest if colon and kind == "arxiv" else name)


def _category(name: str) -> str:
    """An arXiv category in its own spelling."""
    known = {category.casefold(): category for category in ARXIV_CATEGORIES}
    if found := known.get(name.casefold()):
        return found
    close = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    hint = (
        _("Did you mean `{known}`?", known=known[close[0]])
        if close
        else _("A source is {examples}.", examples=_(EXAMPLES))
    )
    raise UserError(_("There is no arXiv category “{name}”. {hint}", name=name[:60], hint=hint), field="source")


def _subject(kind: StreamSourceKind, name: str) -> str:
    """A subject of bioRxiv or medRxiv, in lower case."""
    subjects = PREPRINT_SUBJECTS[kind.value]
    wanted = re.sub(r"[\s_-]+", " ", name).casefold()
    if wanted in subjects:
        return wanted
    if not wanted:
        raise UserError(
            _(
                "Which subject of {label}? Its subjects are: {subjects}.",
                label=kind.label,
                subjects=", ".join(subjects),
            ),
            field="source",
        )
    close = get_close_matches(wanted, subjects, n=1, cutoff=0.6)
    hint = (
        _("Did you mean `{kind}:{close}`?", kind=kind.value, close=close[0])
        if close
        else _("Its subjects are: {subjects}.", subjects=", ".join(subjects))
    )
    raise UserError(
        _("There is no subject “{name}” at {label}. {hint}", name=name[:60], label=kind.label, hint=hint),
        field="source",
    )


def _issn(name: str) -> str:
    """An ISSN with its hyphen."""
    found = _ISSN.fullmatch(name)
    if not found or not _checks(issn := f"{found[1]}-{found[2].upper()}"):
        raise UserError(
            _(
                "“{name}” is not a valid ISSN. Check it for a typo: an ISSN has eight digits, such as 0028-0836, "
                "and the last one is a check digit.",
                name=name[:60],
            ),
            field="source",
        )
    return issn


def _checks(issn: str) -> bool:
    """True if the last digit fits the others (ISO 3297)."""
    digits = [10 if sign == "X" else int(sign) for sign in issn.replace("-", "")]
    return sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


def _venue(name: str) -> str:
    """A venue's id at OpenReview; of a link, its `id`."""
    if "openreview.net" in name:
        parts = urlsplit(name)
        name = next((pair[3:] for pair in parts.query.split("&") if pair.startswith("id=")), "")
    if not _VENUE.fullmatch(name):
        raise UserError(
            _(
                "“{name}” is not a venue’s id at OpenReview. Such an id looks like ICLR.cc/2026/Conference: "
                "it is the part after `id=` in the address of the venue’s page.",
                name=name[:60],
            ),
            field="source",
        )
    return name


def _feed(name: str) -> str:
    """A feed's address in normal form: of a public host, without credentials."""
    address = re.sub(r"^feed:", "https:", name, flags=re.IGNORECASE) if name.lower().startswith("feed:") else name
    try:
        return urls.parse(address).url.partition("#")[0]
    except (UserError, ValueError):
        raise UserError(
            _(
                "That is not the address of a public feed. Such an address begins with https:// and names a "
                "public host."
            ),
            field="source",
        ) from None
