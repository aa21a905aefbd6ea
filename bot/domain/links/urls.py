"""Parser for web addresses as people paste them, which refuses unsafe ones and normalizes the rest.

Nothing here uses the network. Unsafe addresses are refused because members would click on them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import idna

from bot.errors import UserError
from bot.locale.current import _, formatted

MAX_URL_LENGTH = 2_000
"""Characters of a link: about the limit of browsers and of both platforms."""


def _word_set(table: str) -> frozenset[str]:
    return frozenset(table.split())


_TRACKERS = _word_set(
    """
    _bhlid _ga _gl _hsenc _hsmi __s
    __twitter_impression at_campaign at_medium cmp cmpid dclid fbclid feature gbraid gclid
    gclsrc guccounter guce_referrer guce_referrer_sig hsctatracking igsh igshid mc_cid mc_eid mkt_tok msclkid ocid
    oly_anon_id oly_enc_id ref ref_src ref_url referrer share si smid spm sr_share trk trkinfo ttclid twclid vero_id
    wbraid wt_mc yclid
    """
)
_SENDERS = re.compile(
    r"utm_\w+|_bhlid|fbclid|gclid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|ck_subscriber_id|vero_id|oly_\w+_id"
)
"""Parameters that a program for newsletters adds to every link."""
_HOST_NAME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_PRIVATE = _word_set(
    """
    localhost local localdomain internal intranet lan home corp private arpa invalid onion i2p
    localtest.me lvh.me nip.io sslip.io xip.io
    """
)
"""Names without a public site, and (last row) services that resolve to any IP address."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+-]{0,30}):(?![0-9])")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN = "!$&'()*+,;=:@/?%"
"""Characters allowed in a path, query or fragment (RFC 3986), beside the unreserved; and the percent sign."""

_CONFUSABLES = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in _word_set(
            """
            аa ɑa αa вb βb сc ϲc ԁd еe єe ɡg һh нh іi ıi їi ιi јj κk кk ӏl мm νv ոn пn оo οo օo σo рp ρp ԛq гr ѕs
            тt τt υu ѵv ѡw ԝw хx χx уy үy γy ʏy ᴢz
            """
        )
    }
)
"""Letters of other alphabets that look like Latin ones; accents are removed separately."""


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """A web address in parts: the host in ASCII and lower case; path, query and fragment percent-encoded."""

    scheme: str
    host: str
    path: str
    query: tuple[str, ...] = ()
    fragment: str = ""

    @property
    def site(self) -> str:
        """The host without the prefixes www., m. and mobile."""
        host = self.host
        for prefix in ("www.", "m.", "mobile."):
            shorter = host.removeprefix(prefix)
            host = shorter if "." in shorter else host
        return host

    @property
    def url(self) -> str:
        """The address as a link."""
        query = "?" + "&".join(self.query) if self.query else ""
        fragment = "#" + self.fragment if self.fragment else ""
        return f"{self.scheme}://{self.host}{self.path}{query}{fragment}"

    def value(self, name: str) -> str:
        """Decoded value of a query parameter; "" if there is none."""
        for pair in self.query:
            key, _unused, value = pair.partition("=")
            if key == name:
                return unquote(value.replace("+", " "))
        return ""


def parse(url: str) -> ParsedUrl:
    """Parts of a link. Raises UserError if it is unreadable or must not be passed on to members."""
    if len(url) > MAX_URL_LENGTH:
        raise UserError(
            _(
                "That link has {count} characters; at most {most} are possible. Please paste a shorter one.",
                count=formatted(len(url), ","),
                most=formatted(MAX_URL_LENGTH, ","),
            )
        )
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise UserError(
            _("Only links that start with https:// work, not {scheme}: links.", scheme=scheme[1].lower()[:20])
        )
    try:
        parts = urlsplit(url if scheme else f"https://{url}")
        userinfo, port = parts.username is not None or parts.password is not None, parts.port
    except ValueError:
        raise _unreadable_url_error() from None
    if userinfo or "\\" in url:
        raise UserError(
            _("That link has a name or a password before its site (with @ or \\). Please paste it without that part.")
        )
    host = _host(parts.hostname or "")
    if port not in (None, 80, 443):
        raise UserError(
            _("Links with a port (:{port}) are not accepted. Please paste a public page’s link.", port=port)
        )
    fragment = "" if parts.fragment.startswith(":~:") else _encoded(parts.fragment)
    return ParsedUrl(
        scheme=parts.scheme.lower(),
        host=host,
        path=_encoded(parts.path) or "/",
        query=tuple(pair for pair in _encoded(parts.query).split("&") if pair.strip("=") and not _is_tracker(pair)),
        fragment=fragment,
    )


def normalized_key(address: ParsedUrl) -> str:
    """Key for all links to the same page: https, without www., tracking and anchor."""
    path = _ENCODED.sub(_decoded, address.path).rstrip("/")
    if address.site == "github.com":  # case matters in file names only
        owner_and_name, slash, rest = _split_after(path.removesuffix(".git"), 3)
        path = owner_and_name.lower() + slash + rest
    query = "&".join(sorted(_ENCODED.sub(_decoded, pair) for pair in address.query))
    route = address.fragment if address.fragment.startswith(("/", "!")) else ""  # pages that are drawn by a script
    return f"https://{address.site}{path}{'?' * bool(query)}{query}{'#' * bool(route)}{route}"


def confusable_skeleton(host: str) -> str:
    """The host as it looks to a reader: without accents, and with look-alike letters replaced by Latin ones."""
    bare = (c for c in unicodedata.normalize("NFKD", host) if not unicodedata.combining(c))
    return "".join(bare).translate(_CONFUSABLES)


def unicode_host(host: str) -> str:
    """The host in Unicode: `xn--mnchen-3ya.de` is `münchen.de`."""
    try:
        return idna.decode(host)
    except UnicodeError:
        pass
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _ascii_host(name: str) -> str:
    """A host in ASCII as browsers write it (IDNA 2008, UTS 46): `straße.de` is not `strasse.de`.

    Names of pictograms are of the older rules alone. Raises UserError for what is no host.
    """
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:
        pass
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _unreadable_url_error() from None


def _host(name: str) -> str:
    """The host in ASCII. Raises UserError if it is a number, private, or not a public name."""
    name = name.lower().rstrip(".")
    if len(name) > 253:
        raise _unreadable_url_error()
    if not name.isascii():
        name = _ascii_host(name)
    labels = name.split(".")
    suffixes = {".".join(labels[-size:]) for size in (1, 2)}
    if suffixes & _PRIVATE:
        raise UserError(
            _("{name} is a private address that other members cannot open. Please paste a public link.", name=name)
        )
    if ":" in name or labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise UserError(
            _("{name} is a number, not the name of a site. Please paste the page’s public link.", name=name)
        )
    if len(labels) < 2 or not _TOP_LEVEL.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        raise _unreadable_url_error()
    return name


def _unreadable_url_error() -> UserError:
    return UserError(_("That is not a web address. Please copy it again from the browser’s address bar."))


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_PLAIN)


def _decoded(code: re.Match[str]) -> str:
    """The character of a percent code, if unreserved, else the code in upper case."""
    character = unquote(code[0])
    return character if character in _UNRESERVED else code[0].upper()


def _is_tracker(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name.startswith("utm_") or name in _TRACKERS


def without_trackers(url: str) -> str:
    """The address as it is written, without the parameters that say which reader, newsletter or campaign it is from.

    A parameter that some pages need, such as the branch of a repository (`ref=main`), stays.
    """
    before, mark, rest = url.partition("?")
    query, hash_mark, anchor = rest.partition("#")
    pairs = re.split("&(?:amp;)?", query) if mark else []
    kept = [pair for pair in pairs if not _is_sender(pair)]
    return url if len(kept) == len(pairs) else before + mark * bool(kept) + "&".join(kept) + hash_mark + anchor


def _is_sender(pair: str) -> bool:
    """True for a parameter that names the sender of a newsletter; `ref` does if it names a site."""
    name, _, value = pair.partition("=")
    return _SENDERS.fullmatch(name.lower()) is not None or (name == "ref" and _HOST_NAME.fullmatch(value) is not None)


def _split_after(path: str, slashes: int) -> tuple[str, str, str]:
    """The path split at its nth slash, or whole if it has fewer."""
    parts = path.split("/", slashes)
    return ("/".join(parts[:slashes]), "/", parts[slashes]) if len(parts) > slashes else (path, "", "")
