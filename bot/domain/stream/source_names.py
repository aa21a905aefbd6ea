"""Names of sources of new papers as people type them: a typed name becomes a kind and an address."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from urllib.parse import parse_qs, urlsplit

from bot.domain.links import urls
from bot.domain.stream.source_kinds import EXAMPLES, StreamSourceKind
from bot.domain.stream.subjects import ARXIV_CATEGORIES, PREPRINT_SUBJECTS
from bot.errors import UserError
from bot.locale.current import _

MAX_LENGTH = 300
"""Characters of an address."""

Source = tuple[StreamSourceKind, str]
"""Kind and address of a source."""

_KINDS = {
    "arxiv": StreamSourceKind.ARXIV,
    "biorxiv": StreamSourceKind.BIORXIV,
    "medrxiv": StreamSourceKind.MEDRXIV,
    "openreview": StreamSourceKind.OPENREVIEW,
    "journal": StreamSourceKind.JOURNAL,
    "issn": StreamSourceKind.JOURNAL,
    "feed": StreamSourceKind.FEED,
    "rss": StreamSourceKind.FEED,
    "atom": StreamSourceKind.FEED,
}
"""Words by which people say what kind a source is of."""
_KIND_FIRST = re.compile(rf"({'|'.join(_KINDS)})(?:[\s:,/–-]+(.*)|$)", re.IGNORECASE)
_KIND_LAST = re.compile(
    r"(.+?)[\s,(–-]+(?:(?:on|at|in|from|of)\s+)?(arxiv|biorxiv|medrxiv|openreview)\)?", re.IGNORECASE
)
_HUGGING_FACE = re.compile(r"(?:hf|huggingfaces?)(?:co)?(?:daily)?(?:papers?)?|dailypapers")
_ISSN = re.compile(r"([0-9]{4})[\s-]?([0-9]{3}[0-9Xx])")
_VENUE = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)+", re.ASCII)
_BARE_VENUE = re.compile(r"[A-Za-z0-9]+\.(?:cc|org)/[\w.-]+/[\w./-]+", re.ASCII)
_SCHEME = re.compile(r"(?:feed:)?[a-z][a-z0-9+.-]{0,20}://", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?]\S*)?")
_ISSN_WITHIN = re.compile(r"issn[\s:]*([0-9]{4}[\s-]?[0-9]{3}[0-9Xx])\b", re.IGNORECASE)
_DASH = re.compile(r"(?<=\w)[‐‑‒–−](?=\w)")


def parse_source(typed: str) -> Source:
    """Kind and address of a typed name. Raises UserError that says which names there are, or what was left over."""
    name = _DASH.sub("-", unicodedata.normalize("NFKC", typed))
    name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    name = " ".join(name.split()).strip("<>`\"'“”.,; ")
    if not name or len(name) > MAX_LENGTH:
        raise UserError(_("Which source? Give {examples}.", examples=_(EXAMPLES)), field="source")
    try:
        return _source(name)
    except UserError:
        words = name.split()
        for size in range(len(words) - 1, 0, -1):
            if found := _readable(" ".join(words[:size]).rstrip(",;")):
                raise _left_over(found, " ".join(words[size:])) from None
        raise


def _readable(name: str) -> Source | None:
    """The source of a name; None if it is not understood."""
    try:
        return _source(name)
    except UserError:
        return None


def _left_over(found: Source, words: str) -> UserError:
    return UserError(
        _(
            "I do not understand “{words}” after the source {name}. Give one source at a time. Words to exclude "
            "go into `words=…`.",
            words=words[:60],
            name=found[0].typed(found[1]),
        ),
        field="source",
    )


def _source(name: str) -> Source:
    """Kind and address of a name, which may say its kind. Raises UserError."""
    if _HUGGING_FACE.fullmatch(re.sub(r"[^a-z]", "", name.casefold().replace("’s", ""))):
        return StreamSourceKind.HUGGINGFACE, "daily"
    if _SCHEME.match(name):
        return _by_link(name)
    if kind := _KIND_FIRST.fullmatch(name):
        return _of_kind(_KINDS[kind[1].casefold()], (kind[2] or "").strip(" ()"))
    if kind := _KIND_LAST.fullmatch(name):
        return _of_kind(_KINDS[kind[2].casefold()], kind[1])
    if _ISSN.fullmatch(name) or (given := _ISSN_WITHIN.search(name)):
        return StreamSourceKind.JOURNAL, _issn(given[1] if not _ISSN.fullmatch(name) and given else name)
    if _BARE_VENUE.fullmatch(name) and name.partition("/")[2][:4].isdecimal():
        return StreamSourceKind.OPENREVIEW, _venue(name)
    if _HOST.fullmatch(name) and not _is_of_arxiv(name):
        return _by_link(f"https://{name}")
    return StreamSourceKind.ARXIV, _category(name)


def _of_kind(kind: StreamSourceKind, name: str) -> Source:
    """The source of a kind that was named, by what else was typed. Raises UserError."""
    if _SCHEME.match(name) or (kind == StreamSourceKind.FEED and _HOST.fullmatch(name)):
        found = _by_link(name if _SCHEME.match(name) else f"https://{name}")
        return found if found[0] == kind else (StreamSourceKind.FEED, _feed(name))
    match kind:
        case StreamSourceKind.ARXIV:
            return kind, _category(name.partition(" (")[0])
        case StreamSourceKind.BIORXIV | StreamSourceKind.MEDRXIV:
            return kind, _subject(kind, name)
        case StreamSourceKind.OPENREVIEW:
            return kind, _venue(name)
        case StreamSourceKind.JOURNAL:
            return kind, _issn(re.sub(r"^(?:issn|no\.?)[\s:]*", "", name, flags=re.IGNORECASE))
        case StreamSourceKind.FEED | StreamSourceKind.HUGGINGFACE:
            return StreamSourceKind.FEED, _feed(name)


def _by_link(link: str) -> Source:
    """The source that a link leads to: a page of a known site stands for its category, subject or venue."""
    link = re.sub(r"^feed:(?=[a-z]+://)", "", link, flags=re.IGNORECASE)
    parts = urlsplit(link)
    host, path = (parts.hostname or "").removeprefix("www."), [part for part in parts.path.split("/") if part]
    match host, path:
        case "arxiv.org", ["list" | "archive", category, *_rest] if _known_category(category):
            return StreamSourceKind.ARXIV, _category(category)
        case (("biorxiv.org" | "medrxiv.org"), ["collection", subject, *_rest]):
            kind = StreamSourceKind(host.removesuffix(".org"))
            return kind, _subject(kind, subject)
        case "openreview.net", ["group", *_rest] if "id" in parse_qs(parts.query):
            return StreamSourceKind.OPENREVIEW, _venue(link)
        case "huggingface.co", ["papers", *_rest]:
            return StreamSourceKind.HUGGINGFACE, "daily"
        case _:
            return StreamSourceKind.FEED, _feed(link)


def _known_category(name: str) -> str:
    """An arXiv category in its own spelling; empty if there is none of this name."""
    known = {category.casefold(): category for category in ARXIV_CATEGORIES}
    return known.get(name.casefold(), "")


def _is_of_arxiv(name: str) -> bool:
    """True for what can only be meant as a category: it begins with one of arXiv's archives."""
    archives = {category.partition(".")[0].casefold() for category in ARXIV_CATEGORIES}
    return "/" not in name and name.partition(".")[0].casefold() in archives


def _category(name: str) -> str:
    """An arXiv category in its own spelling."""
    if found := _known_category(name):
        return found
    if archive := [category for category in ARXIV_CATEGORIES if category.partition(".")[0] == name.casefold()]:
        raise UserError(
            _(
                "“{name}” has several categories at arXiv. Add one of them at a time: {categories}.",
                name=name,
                categories=", ".join(archive),
            ),
            field="source",
        )
    known = {category.casefold(): category for category in ARXIV_CATEGORIES}
    close = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    if not close:
        say = _("No source is called “{name}”. A source is {examples}.", name=name[:60], examples=_(EXAMPLES))
        raise UserError(say, field="source")
    hint = _("Did you mean `{known}`?", known=known[close[0]])
    raise UserError(_("There is no arXiv category “{name}”. {hint}", name=name[:60], hint=hint), field="source")


def _subject(kind: StreamSourceKind, name: str) -> str:
    """A subject of bioRxiv or medRxiv, in lower case."""
    subjects = PREPRINT_SUBJECTS[kind.value]
    wanted = re.sub(r"[\s_/-]+", " ", name).strip().casefold()
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
    if not any(sign.isdecimal() for sign in name):
        say = _("A journal is named by its ISSN: eight digits, such as 0028-0836. Its own pages show it.")
        raise UserError(say, field="source")
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
    if not name:
        say = _("Which venue of OpenReview? Its id looks like ICLR.cc/2026/Conference.")
        raise UserError(say, field="source")
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
