"""The preferred address of a page: the one that all pages of the same work share.

A publisher shows a paper as a web page, as a PDF, and as BibTeX, under as many addresses; a repository has a page for
its files. `canonical` writes each of them as the page that a reader would open first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.domain.links.urls import ParsedUrl

_VIDEO = "[0-9A-Za-z_-]{6,20}"
_YOUTUBE = re.compile(rf"/(?:shorts|embed|live|v)/({_VIDEO})")
_X_MIRRORS = frozenset(
    {
        "fixupx.com", "fixvx.com", "fxtwitter.com", "girlcockx.com", "nitter.net", "nitter.poast.org", "twitter.com",
        "twittpr.com", "vxtwitter.com", "x.com", "xcancel.com",
    }
)  # fmt: skip
"""X, and the sites that show its posts without an account."""
_GITHUB_HOME = re.compile(
    r"(/[\w.-]+/[\w.-]+)(?:/(?:tree|blob|raw)/(?:main|master|HEAD)(?:/README(?:\.\w+)?)?)?/?", re.IGNORECASE
)
_HUGGING_FACE_HOME = re.compile(
    r"(/(?:(?:datasets|spaces)/)?[\w.-]+/[\w.-]+)/(?:tree|blob|resolve|raw)/(?:main|master)(?:/README\.md)?/?",
    re.IGNORECASE,
)
_SUBSTACK_POST = re.compile(r"/pub/([a-z0-9-]+)(/p/[\w-]+)(?:/comments)?/?")
_ACL_DOI = re.compile(r"10\.18653/v1/([a-z0-9.-]+)")
_ZENODO_DOI = re.compile(r"10\.5281/zenodo\.([0-9]+)")

_PATHS = r"""
proceedings.mlr.press (/v\d+)/([\w-]+?)(?:\.html|\.pdf|/\2(?:-supp)?\.pdf|\.bib) proceedings.mlr.press \1/\2.html
jmlr.org /proceedings/papers(/v\d+)/([\w-]+)\.(?:html|pdf) proceedings.mlr.press \1/\2.html
raw.githubusercontent.com /mlresearch(/v\d+)/main/assets/([\w-]+)/.+\.pdf proceedings.mlr.press \1/\2.html
jmlr.org /papers/v(?:olume)?(\d+)/([\w-]+)(?:\.html|\.bib|\.pdf|/\2\.pdf) jmlr.org /papers/v\1/\2.html
openaccess.thecvf.com (/[\w/]+)/(?:html|papers)/([\w.-]+_paper)\.(?:html|pdf) openaccess.thecvf.com \1/html/\2.html
openaccess.thecvf.com (/[\w/]+)/supplemental/([\w.-]+)_supplemental\..+ openaccess.thecvf.com \1/html/\2_paper.html
aclanthology.org /(?:papers/\w/\w+/)?([\w.-]+?)(?:v\d+)?(?:\.pdf|\.bib|\.xml|\.endf)*/? aclanthology.org /\1
aclweb.org /anthology/(?:papers/\w/\w+/)?([\w.-]+?)(?:v\d+)?(?:\.pdf|\.bib)?/? aclanthology.org /\1
eprint.iacr.org /(\d{4}/\d+)(?:\.pdf|\.ps|/\d+\.pdf)?/? eprint.iacr.org /\1
ia.cr /(\d{4}/\d+)/? eprint.iacr.org /\1
ncbi.nlm.nih.gov /pmc/articles/(?:pmc)?(\d+)(?:/.*)? pmc.ncbi.nlm.nih.gov /articles/PMC\1/
pmc.ncbi.nlm.nih.gov /articles/(?:pmc)?(\d+)(?:/.*)? pmc.ncbi.nlm.nih.gov /articles/PMC\1/
europepmc.org /(?:articles|article/PMC)/(?:pmc)?(\d+)(?:/.*)? pmc.ncbi.nlm.nih.gov /articles/PMC\1/
ncbi.nlm.nih.gov /pubmed/(\d+)/? pubmed.ncbi.nlm.nih.gov /\1/
pubmed.ncbi.nlm.nih.gov /(\d+)/? pubmed.ncbi.nlm.nih.gov /\1/
europepmc.org /(?:article|abstract)/MED/(\d+)/? pubmed.ncbi.nlm.nih.gov /\1/
ieeexplore.ieee.org /(?:abstract/)?document/0*(\d+)(?:/.*)? ieeexplore.ieee.org /document/\1
ieeexplore.ieee.org /ielx?\d+/[\w/]+/0*(\d+)\.pdf ieeexplore.ieee.org /document/\1
nature.com /articles/([\w-]+?)(?:\.pdf|/figures/\d+|/tables/\d+|_reference\.pdf)/? www.nature.com /articles/\1
mdpi.com (/\d{4}-\d{3}[\dx]/\d+/\d+/\d+)(?:/(?:pdf|htm|html|xml|review_report))?/? www.mdpi.com \1
sciencedirect.com /science/article/(?:abs/|am/)?pii/(\w+)(?:/\w+)? www.sciencedirect.com /science/article/pii/\1
ojs.aaai.org (/index\.php/[\w-]+/article)/(?:view|download)/(\d+)(?:/\d+)*/? ojs.aaai.org \1/view/\2
ijcai.org (/proceedings/\d{4})/0*(\d+)(?:\.pdf)? www.ijcai.org \1/\2
isca-archive.org (/\w+/\w+)\.(?:html|pdf) www.isca-archive.org \1.html
isca-speech.org /archive(/\w+/\w+)\.(?:html|pdf) www.isca-archive.org \1.html
ecva.net (/papers/[\w/]+)/papers/(\w+)_ECCV_(\d+)_paper\.(?:php|pdf) www.ecva.net \1/papers/\2_ECCV_\3_paper.php
semanticscholar.org /(?:paper|reader)/(?:[^/]+/)?([0-9a-f]{16,40})(?:/.*)? www.semanticscholar.org /paper/\1
api.semanticscholar.org /(?:graph/v1/paper/|v1/paper/)?([0-9a-f]{40}) www.semanticscholar.org /paper/\1
researchgate.net /publication/(\d+)(?:_[^/]*)?(?:/.*)? www.researchgate.net /publication/\1
zenodo.org /records?/(\d+)(?:/.*)? zenodo.org /records/\1
papers.ssrn.com /abstract=(\d+) papers.ssrn.com /sol3/papers.cfm?abstract_id=\1
ssrn.com /abstract=(\d+) papers.ssrn.com /sol3/papers.cfm?abstract_id=\1
lesswrong.com /posts/(\w+)(?:/[\w-]+)?/? www.lesswrong.com /posts/\1
"""
"""Site, pattern of its paths, and the canonical site and path."""

_DOIS_OF_PAGES: dict[str, list[tuple[re.Pattern[str], str]]] = {
    "nature.com": [
        (re.compile(r"/articles/((?:s[0-9]{5}-|n[a-z]+\.?[0-9]{2,5}|srep[0-9])[\w-]*)(?![\w.])"), "10.1038/")
    ],
    "elifesciences.org": [(re.compile(r"/articles/([0-9]{5,6})(?![0-9])"), "10.7554/elife.")],
    "peerj.com": [
        (re.compile(r"/articles/(cs)-([0-9]+)(?![0-9])"), "10.7717/peerj-"),
        (re.compile(r"/articles/([0-9]+)(?![0-9])"), "10.7717/peerj."),
    ],
    "psyarxiv.com": [(re.compile(r"/([a-z0-9]{5})(?:/.*)?$"), "10.31234/osf.io/")],
    "osf.io": [
        (re.compile(r"/preprints/psyarxiv/([a-z0-9]{5})(?:_v[0-9]+)?(?:/.*)?$"), "10.31234/osf.io/"),
        (re.compile(r"/preprints/socarxiv/([a-z0-9]{5})(?:_v[0-9]+)?(?:/.*)?$"), "10.31235/osf.io/"),
    ],
    "researchsquare.com": [(re.compile(r"/article/(rs-[0-9]+/v[0-9]+)(?![0-9])"), "10.21203/rs.3.")],
    "preprints.org": [(re.compile(r"/manuscript/([0-9]{6}\.[0-9]{4})/(v[0-9]+)(?![0-9])"), "10.20944/preprints")],
}
"""Sites, patterns of their paths, and the beginnings of the DOIs that end in what the pattern finds."""

_NEURIPS_HOSTS = frozenset({"neurips.cc", "nips.cc", "papers.neurips.cc", "papers.nips.cc", "proceedings.neurips.cc"})
_NEURIPS = re.compile(
    r"/paper(?:_files/paper)?/(\d{4})/(?:hash|file)/([0-9a-f]+)-"
    r"(?:Abstract|Paper|Bibtex|Metadata|Reviews|Review|Supplemental|AuthorFeedback|MetaReview|Meta_Review)"
    r"(-Conference|-Datasets_and_Benchmarks(?:_Track)?)?\.(?:html|pdf|bib|json|zip)"
)
_NEURIPS_OLD = re.compile(r"/paper/(\d+-[\w-]+?)(?:\.pdf)?")
_HAL = re.compile(r"(?:/(?:en|fr))?/([a-z]+-\d{8})(?:v\d+)?(?:/.*)?", re.IGNORECASE)
_HAL_HOST = re.compile(r"(?:[\w.-]+\.)?(?:hal\.science|archives-ouvertes\.fr)|hal[.-][\w.-]+\.fr")
"""HAL, and its doors at French universities: hal.inria.fr, hal-univ-lyon.archives-ouvertes.fr."""


def _rules() -> Iterator[tuple[str, re.Pattern[str], str, str]]:
    for line in _PATHS.strip().splitlines():
        site, pattern, to_host, to_path = line.split()
        yield site, re.compile(pattern, re.IGNORECASE), to_host, to_path


_BY_SITE: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
for _site, _pattern, _to_host, _to_path in _rules():
    _BY_SITE.setdefault(_site, []).append((_pattern, _to_host, _to_path))


def canonical(address: ParsedUrl) -> ParsedUrl:
    """The preferred address of a page, if its site has several. Its own canonical address is itself."""
    for pattern, host, path in _BY_SITE.get(address.site, ()):
        if found := pattern.fullmatch(address.path):
            target, _, query = found.expand(path).partition("?")
            return ParsedUrl("https", host, target, (query,) if query else ())
    if special := _SPECIAL.get(address.site):
        return special(address)
    if address.site.endswith(".medium.com"):
        return replace(address, query=(), fragment="")
    if address.site.endswith(".substack.com") and address.path.endswith("/comments"):
        return replace(address, path=address.path.removesuffix("/comments"))
    if _HAL_HOST.fullmatch(address.site) and (found := _HAL.fullmatch(address.path)):
        return ParsedUrl("https", "hal.science", f"/{found[1].lower()}")
    return address


def page_of_doi(doi: str) -> str:
    """Page of a work whose DOI holds the name of its page, and whose site answers for it (ACL, Zenodo); else ""."""
    if found := _ACL_DOI.fullmatch(doi):
        name = found[1]
        return f"https://aclanthology.org/{name if name[0].isdigit() else name.upper()}"
    if found := _ZENODO_DOI.fullmatch(doi):
        return f"https://zenodo.org/records/{found[1]}"
    return ""


def doi_of_page(address: ParsedUrl) -> str:
    """DOI of a page whose publisher makes it from the page's name: nature.com/articles/nature14539; else ""."""
    for pattern, prefix in _DOIS_OF_PAGES.get(address.site, ()):
        if found := pattern.match(address.path):
            return prefix + ".".join(found.groups()).lower()
    if address.site == "papers.ssrn.com" and (number := address.value("abstract_id")).isdigit():
        return f"10.2139/ssrn.{number}"
    return ""


def _youtube(address: ParsedUrl) -> ParsedUrl:
    path = address.path
    video = path[1:] if address.site == "youtu.be" else address.value("v") if path == "/watch" else ""
    found = _YOUTUBE.match(path)
    video = found[1] if found else video.strip("/")
    if re.fullmatch(_VIDEO, video):
        return ParsedUrl("https", "www.youtube.com", "/watch", (f"v={video}",))
    return address


def _x(address: ParsedUrl) -> ParsedUrl:
    return ParsedUrl("https", "x.com", re.sub(r"(/status/\d+)/(?:photo|video)/\d+/?$", r"\1", address.path))


def _reddit(address: ParsedUrl) -> ParsedUrl:
    return ParsedUrl("https", "www.reddit.com", address.path)


def _medium(address: ParsedUrl) -> ParsedUrl:
    return replace(address, query=(), fragment="")


def _openreview(address: ParsedUrl) -> ParsedUrl:
    if address.path in ("/pdf", "/forum", "/attachment", "/revisions") and address.value("id"):
        return ParsedUrl("https", "openreview.net", "/forum", tuple(q for q in address.query if q.startswith("id=")))
    return address


def _neurips(address: ParsedUrl) -> ParsedUrl:
    if found := _NEURIPS.fullmatch(address.path):
        path = f"/paper_files/paper/{found[1]}/hash/{found[2]}-Abstract{found[3] or ''}.html"
        return ParsedUrl("https", "proceedings.neurips.cc", path)
    if found := _NEURIPS_OLD.fullmatch(address.path):
        return ParsedUrl("https", "papers.nips.cc", f"/paper/{found[1]}")
    return address


def _github(address: ParsedUrl) -> ParsedUrl:
    query = tuple(pair for pair in address.query if not pair.startswith("tab=readme"))
    if found := _GITHUB_HOME.fullmatch(address.path):
        fragment = "" if address.fragment.lower() == "readme" else address.fragment
        return replace(address, path=found[1], query=query, fragment=fragment)
    return replace(address, query=query)


def _hugging_face(address: ParsedUrl) -> ParsedUrl:
    found = _HUGGING_FACE_HOME.fullmatch(address.path)
    return replace(address, host="huggingface.co", path=found[1] if found else address.path)


def _substack(address: ParsedUrl) -> ParsedUrl:
    if found := _SUBSTACK_POST.fullmatch(address.path):
        return ParsedUrl("https", f"{found[1]}.substack.com", found[2])
    return address


def _ieee(address: ParsedUrl) -> ParsedUrl:
    if address.path.lower().startswith("/stamp") and (number := address.value("arnumber").lstrip("0")).isdigit():
        return ParsedUrl("https", "ieeexplore.ieee.org", f"/document/{number}")
    return address


def _ssrn(address: ParsedUrl) -> ParsedUrl:
    number = address.value("abstract_id") or address.value("abstractid") or address.value("abstractId")
    if number.isdigit():
        return ParsedUrl("https", "papers.ssrn.com", "/sol3/papers.cfm", (f"abstract_id={number}",))
    return address


_SPECIAL: dict[str, Callable[[ParsedUrl], ParsedUrl]] = {
    "youtu.be": _youtube, "youtube.com": _youtube, "reddit.com": _reddit, "old.reddit.com": _reddit,
    "new.reddit.com": _reddit, "medium.com": _medium, "openreview.net": _openreview, "github.com": _github,
    "hf.co": _hugging_face, "huggingface.co": _hugging_face, "open.substack.com": _substack,
    "ieeexplore.ieee.org": _ieee, "papers.ssrn.com": _ssrn,
    **dict.fromkeys(_X_MIRRORS, _x), **dict.fromkeys(_NEURIPS_HOSTS, _neurips),
}  # fmt: skip
