"""Known sites: kinds of their pages, mirrors of arXiv, link shorteners and redirects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum, auto
from urllib.parse import unquote

from bot.domain.links.urls import ParsedUrl, parse


class SiteKind(StrEnum):
    """Kind of a linked page, which determines the sections of an edition that it may be in."""

    PAPER = auto()
    BLOG = auto()
    CODE = auto()
    NEWS = auto()
    VIDEO = auto()
    DEMO = auto()
    DATA = auto()
    PROJECT = auto()
    NEWSLETTER = auto()
    EVENT = auto()
    COMMENTARY = auto()
    POST = auto()


_TABLE = {
    SiteKind.PAPER: """
        aaai.org/ojs aclanthology.org ai.meta.com/research/publications aminer.org/pub annualreviews.org
        academic.oup.com academia.edu authorea.com biorxiv.org bmj.com/content bohrium.dp.tech/paper
        cambridge.org/core catalyzex.com/paper cell.com chemrxiv.org computer.org/csdl connectedpapers.com
        core.ac.uk dblp.org/rec deepai.org/publication deeplearn.org/arxiv degruyter.com direct.mit.edu
        dl.acm.org doi.org drops.dagstuhl.de ecva.net elifesciences.org/articles eprint.iacr.org escholarship.org
        europepmc.org frontiersin.org/articles hal.science hal.archives-ouvertes.fr hdl.handle.net huggingface.co/papers
        ieeexplore.ieee.org ijcai.org/proceedings inspirehep.net/literature iopscience.iop.org isca-archive.org
        isca-speech.org jamanetwork.com jmlr.org journals.aps.org journals.plos.org journals.sagepub.com jstor.org
        link.springer.com mdpi.com medrxiv.org microsoft.com/en-us/research/publication nature.com/articles
        ncbi.nlm.nih.gov nejm.org ojs.aaai.org onlinelibrary.wiley.com openaccess.thecvf.com openreview.net
        osf.io/preprints papers.neurips.cc papers.nips.cc papers.ssrn.com paperswithcode.com/paper pnas.org
        preprints.org proceedings.mlr.press proceedings.neurips.cc psyarxiv.com pubmed.ncbi.nlm.nih.gov
        pubs.acs.org pubs.rsc.org pmc.ncbi.nlm.nih.gov research.google/pubs researchgate.net/publication
        researchsquare.com/article royalsocietypublishing.org scholar.archive.org/work science.org/doi
        sciencedirect.com/science semanticscholar.org/paper semanticscholar.org/reader tandfonline.com techrxiv.org
        thelancet.com transacl.org ui.adsabs.harvard.edu usenix.org/conference usenix.org/system vldb.org
        worldscientific.com""",
    SiteKind.CODE: """
        bitbucket.org code.google.com codeberg.org colab.research.google.com gist.github.com git.sr.ht github.com
        gitlab.com huggingface.co kaggle.com/code kaggle.com/kernels nbviewer.org paperswithcode.com
        raw.githubusercontent.com sourceforge.net""",
    SiteKind.DEMO: """
        gradio.app gradio.live hf.space huggingface.co/spaces replicate.com streamlit.app vercel.app""",
    SiteKind.DATA: """
        archive.ics.uci.edu commoncrawl.org data.gov dataverse.harvard.edu datadryad.org figshare.com
        huggingface.co/datasets kaggle.com/datasets openml.org paperswithcode.com/dataset
        physionet.org zenodo.org""",
    SiteKind.PROJECT: """
        github.io gitlab.io huggingface.co/collections huggingface.co/docs netlify.app pages.dev readthedocs.io
        sites.google.com""",
    SiteKind.VIDEO: """
        bilibili.com loom.com slideslive.com ted.com tiktok.com twitch.tv underline.io videolectures.net vimeo.com
        youtube.com youtu.be""",
    SiteKind.NEWSLETTER: """
        beehiiv.com buttondown.com buttondown.email curated.co getrevue.co mailchi.mp substack.com tinyletter.com""",
    SiteKind.POST: """
        bsky.app discord.com facebook.com fosstodon.org hachyderm.io huggingface.co/posts lesswrong.com
        linkedin.com lobste.rs mastodon.social mathstodon.xyz news.ycombinator.com reddit.com sigmoid.social
        slack.com threads.net twitter.com x.com""",
    SiteKind.EVENT: """
        eventbrite.com iclr.cc icml.cc kaggle.com/competitions lu.ma luma.com meetup.com neurips.cc wikicfp.com
        zoom.us""",
    SiteKind.COMMENTARY: """
        emergentmind.com hypothes.is paperreading.club pubpeer.com scite.ai shortscience.org""",
    SiteKind.NEWS: """
        analyticsindiamag.com apnews.com arstechnica.com axios.com bbc.co.uk bbc.com bdtechtalks.com bloomberg.com
        businessinsider.com cnbc.com cnn.com economist.com engadget.com eurekalert.org forbes.com ft.com heise.de
        lemonde.fr marktechpost.com newscientist.com newyorker.com npr.org nytimes.com phys.org politico.com
        quantamagazine.org reuters.com science.org/content sciencedaily.com sciencenews.org scientificamerican.com
        semafor.com spectrum.ieee.org spiegel.de statnews.com syncedreview.com techcrunch.com technologyreview.com
        techxplore.com the-decoder.com theatlantic.com theguardian.com theinformation.com thenextweb.com
        theregister.com theverge.com time.com venturebeat.com vox.com washingtonpost.com wired.com wsj.com
        zdnet.com""",
    SiteKind.BLOG: """
        dev.to discord.com/blog distill.pub hashnode.dev huggingface.co/blog info.arxiv.org
        blog.arxiv.org linkedin.com/pulse medium.com slack.com/blog thegradient.pub wordpress.com""",
}
_KIND_BY_PLACE = {place: kind for kind, places in _TABLE.items() for place in places.split()}

ARXIV = frozenset({"arxiv.org", "xxx.lanl.gov"})
DOI_RESOLVERS = frozenset({"doi.org", "dx.doi.org"})
MIRRORS = frozenset(
    {
        "ar5iv.org", "alphaxiv.org", "aminer.org", "api.semanticscholar.org", "arxiv-sanity-lite.com",
        "arxiv-sanity.com", "arxiv-vanity.com", "bohrium.dp.tech", "bytez.com", "catalyzex.com", "connectedpapers.com",
        "emergentmind.com", "huggingface.co", "inspirehep.net", "papers.cool", "paperswithcode.com",
        "scholarfeed.org", "scirate.com", "sciencestack.ai", "semanticscholar.org", "talk2arxiv.org",
        "themoonlight.io", "tomesphere.com", "ui.adsabs.harvard.edu",
    }
)  # fmt: skip
"""Sites that show arXiv's papers under arXiv's ids: an id in their path is the paper's."""

_FORGES = frozenset({"bitbucket.org", "codeberg.org", "github.com", "gitlab.com"})

SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "shorturl.at", "t.co", "t.ly",
     "tiny.cc", "tinyurl.com", "wp.me"}
)  # fmt: skip
"""Sites whose links hide their target."""

_WRAPPERS = {
    "google.com/url": ("q", "url"), "scholar.google.com/scholar_url": ("url",), "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",), "slack-redir.net/link": ("url",), "safelinks.protection.outlook.com": ("url",),
    "out.reddit.com": ("url",), "duckduckgo.com/l": ("uddg",), "linkedin.com/safety": ("url",),
}  # fmt: skip
"""Sites that redirect to a link to count the click, and the query parameters that contain it."""

_LIST_PATHS = frozenset(
    {
        "archive", "author", "authors", "browse", "catchup", "category", "explore", "group", "list", "listing",
        "latest", "month", "multi", "people", "profile", "rss", "search", "tag", "tags", "toc", "topic", "topics",
        "trending", "user", "venue", "venues", "volumes", "week", "year",
    }
)  # fmt: skip
_WRAPPED_IN_PATH = re.compile(r"/(?:web/[0-9*a-z_]{1,20}|v3/__)/?(https?:/.+)")
_MASTODON = re.compile(r"/@[\w.]+(?:@[\w.-]+)?/[0-9]{6,}")
_DBLP = re.compile(r"/rec/journals/corr/abs-([0-9]{4})-([0-9]{4,5})")
_ADS = re.compile(r"/abs/[0-9]{4}arXiv([0-9]{4})\.?([0-9]{4,5})[A-Z]")
_PDF = re.compile(r"(?:\.pdf)+$")
_VIDEO = "[0-9A-Za-z_-]{6,20}"
_YOUTUBE = re.compile(rf"/(?:shorts|embed|live|v)/({_VIDEO})")


def known_kind(address: ParsedUrl) -> SiteKind | None:
    """Kind of a page by the most specific entry of the tables; None if there is none."""
    steps = address.path.strip("/").lower().split("/")[:3]
    for host in suffixes(address.site):
        for size in range(len(steps), -1, -1):
            if kind := _KIND_BY_PLACE.get("/".join([host, *steps[:size]]).rstrip("/")):
                return kind
    return None


def kind_of(address: ParsedUrl) -> SiteKind:
    """Kind of a page, estimated from its address; a blog if nothing is known."""
    if address.site == "nature.com" and address.path.startswith("/articles/d"):
        return SiteKind.NEWS  # the magazine's own pages have addresses like papers
    if kind := known_kind(address):
        return kind
    first = address.site.split(".")[0]
    if first in ("newsletter", "demo"):
        return SiteKind(first)
    if address.path.lower().endswith(".pdf"):
        return SiteKind.PAPER
    return SiteKind.POST if _MASTODON.match(address.path) else SiteKind.BLOG


def is_known(address: ParsedUrl) -> bool:
    """True if the site is in a table: then its name is a link even without https://."""
    return any(host in _SITES for host in suffixes(address.site))


def shows_arxiv(address: ParsedUrl) -> bool:
    """True if an id in this address is arXiv's: on arXiv, or on a mirror."""
    if address.site == "huggingface.co":
        return address.path.startswith("/papers")
    return address.site in MIRRORS or any(host in ARXIV for host in suffixes(address.site))


def is_list(address: ParsedUrl) -> bool:
    """True for a front page, a search or a list, which is about many papers."""
    start, *_ = address.path.strip("/").lower().split("/")
    daily_papers = address.site == "huggingface.co" and start == "papers"
    return not (start or address.query) or start in _LIST_PATHS or daily_papers


def unwrap(address: ParsedUrl) -> str:
    """Target of a redirect (a mail filter, a search engine's counter, an archive); "" if it is none."""
    step = address.path.strip("/").split("/")[0]
    for host in suffixes(address.site):
        for name in _WRAPPERS.get(f"{host}/{step}", _WRAPPERS.get(host, ())):
            if (target := address.value(name)).startswith(("https://", "http://")):
                return target
    if address.site in ("web.archive.org", "urldefense.com") and (found := _WRAPPED_IN_PATH.match(address.path)):
        return unquote(found[1].split("__;")[0])
    return ""


def hidden_id(address: ParsedUrl) -> str:
    """arXiv id in the special spellings of dblp and ADS; "" if there is none."""
    pattern = {"dblp.org": _DBLP, "dblp.uni-trier.de": _DBLP, "ui.adsabs.harvard.edu": _ADS}.get(address.site)
    found = pattern.match(address.path) if pattern else None
    return f"{found[1]}.{found[2]}" if found else ""


def canonical(address: ParsedUrl) -> ParsedUrl:
    """The preferred address of a page, if its site has several."""
    site, path = address.site, address.path
    video = path[1:] if site == "youtu.be" else address.value("v") if path == "/watch" else ""
    if site in ("youtu.be", "youtube.com"):
        found = _YOUTUBE.match(path)
        video = found[1] if found else video.strip("/")
        if re.fullmatch(_VIDEO, video):
            return ParsedUrl("https", "www.youtube.com", "/watch", (f"v={video}",))
    if site in ("x.com", "twitter.com"):
        return ParsedUrl("https", "x.com", path)
    if site in ("reddit.com", "old.reddit.com", "new.reddit.com"):
        return ParsedUrl("https", "www.reddit.com", path)
    if site == "medium.com" or site.endswith(".medium.com"):
        return replace(address, query=(), fragment="")
    if site == "openreview.net" and path in ("/pdf", "/forum") and address.value("id"):
        return ParsedUrl("https", "openreview.net", "/forum", tuple(q for q in address.query if q.startswith("id=")))
    if site == "aclanthology.org":
        return replace(address, path=_PDF.sub("", path))
    if site == "hf.co":
        return replace(address, host="huggingface.co")
    return address


def repository(url: str) -> str:
    """Name of a linked repository: "karpathy/nanochat"; "" if it is none."""
    address = parse(url)
    parts = [unquote(part) for part in address.path.split("/") if part]
    return "/".join(parts) if address.site in _FORGES and len(parts) == 2 else ""


def suffixes(host: str) -> Iterator[str]:
    """The host and its parent domains: a.b.org, b.org, org."""
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels)))


_SITES = frozenset(place.split("/")[0] for place in (*_KIND_BY_PLACE, *_WRAPPERS)) | ARXIV | DOI_RESOLVERS | MIRRORS
