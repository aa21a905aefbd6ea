"""Known sites: kinds of their pages, mirrors of arXiv, link shorteners and redirects."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
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
        europepmc.org f1000research.com/articles frontiersin.org hal.science
        hal.archives-ouvertes.fr hdl.handle.net huggingface.co/papers
        ieeexplore.ieee.org ijcai.org/proceedings inspirehep.net/literature iopscience.iop.org isca-archive.org
        isca-speech.org jamanetwork.com jmlr.org journals.aps.org journals.plos.org journals.sagepub.com jstor.org
        link.springer.com mdpi.com medrxiv.org microsoft.com/en-us/research/publication muse.jhu.edu/article
        nature.com/articles
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
    "linkedin.com/redir": ("url",), "translate.google.com": ("u",), "docs.google.com/viewer": ("url",),
    "docs.google.com/gview": ("url",), "steamcommunity.com/linkfilter": ("u", "url"), "vk.com/away.php": ("to",),
    "youtube.com/redirect": ("q",), "getpocket.com/redirect": ("url",),
    "l.instagram.com": ("u",), "link.zhihu.com": ("target",), "t.umblr.com": ("z",),
}  # fmt: skip
"""Sites that redirect to a link to count the click, and the query parameters that contain it."""

_COUNTERS = {
    "list-manage.com": ("track/click",), "substack.com": ("redirect/", "app-link/"), "beehiiv.com": ("ss/c/", "v1/c/"),
    "mailchi.mp": ("track/",), "sendgrid.net": ("ls/click",), "hubspotlinks.com": ("",), "mailerlite.com": ("c/",),
    "convertkit-mail.com": ("c/",), "convertkit-mail2.com": ("c/",), "convertkit-mail4.com": ("c/",),
    "rs6.net": ("tn.jsp",),
    "buttondown.email": ("c/",), "buttondown.com": ("c/",), "cmail19.com": ("t/",), "cmail20.com": ("t/",),
    "sendibm1.com": ("mk/",), "sibforms.com": ("mk/",), "exacttarget.com": ("click",), "mjt.lu": ("lnk/",),
    "awstrack.me": ("l0/",), "mlsend.com": ("c/", "link/"), "ck.page": ("click/",), "tldrnewsletter.com": ("cl0/",),
}  # fmt: skip
"""Sites that count clicks in newsletters, and how the paths of such links begin; where they lead is not in them."""
_COUNTING_HOST = re.compile(r"(?:click|clicks|track|tracking|email\.mg|mg-link|link\.mail|url\d{2,6})\.")

_LIST_PATHS = frozenset(
    {
        "archive", "author", "authors", "browse", "catchup", "category", "explore", "group", "list", "listing",
        "latest", "month", "multi", "people", "profile", "rss", "search", "tag", "tags", "toc", "topic", "topics",
        "trending", "user", "venue", "venues", "volumes", "week", "year",
    }
)  # fmt: skip
_WRAPPERS_BY_PATH = frozenset(
    {
        "12ft.io",
        "archive.is",
        "archive.ph",
        "archive.today",
        "r.jina.ai",
        "txtify.it",
        "urldefense.com",
        "via.hypothes.is",
        "web.archive.org",
        "webcache.googleusercontent.com",
    }
)
"""Sites that have the link which they show in their path."""
_PAPER = re.compile(r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf|html)/|(?:dx\.)?doi\.org/10\.)", re.IGNORECASE)
_WRAPPED_IN_PATH = re.compile(r"/(?:web/[0-9*a-z_]{1,20}|v3/__|newest|o/[0-9A-Za-z]+|[0-9]{4,14})?/?(https?:/.+)")
_PRIVATE_PAGES = (
    ("app.slack.com", "/client/"), ("discord.com", "/channels/"), ("ptb.discord.com", "/channels/"),
    ("canary.discord.com", "/channels/"), ("discordapp.com", "/channels/"), ("teams.microsoft.com", "/l/"),
    ("mail.google.com", "/"), ("chat.google.com", "/"), ("t.me", "/c/"), ("web.telegram.org", "/"),
    ("web.whatsapp.com", "/"), ("outlook.office.com", "/mail"), ("messenger.com", "/t/"),
)  # fmt: skip
"""Sites and starts of paths whose pages only the members of a conversation can open."""
_MASTODON = re.compile(r"/@[\w.]+(?:@[\w.-]+)?/[0-9]{6,}")
_DBLP = re.compile(r"/rec/journals/corr/abs-([0-9]{4})-([0-9]{4,5})")
_ADS = re.compile(r"/abs/[0-9]{4}arXiv([0-9]{4})\.?([0-9]{4,5})[A-Z]")
_DBLP_OLD = re.compile(r"/rec/journals/corr/((?:q-)?[a-z]+(?:-[a-z]+)?)(?:-[A-Z]{2})?-([0-9]{7})")
_POSTER = re.compile(r"/virtual/[0-9]{4}/(?:[\w-]+/)?(?:poster|oral|spotlight|paper|papers)[/_]", re.IGNORECASE)
_CONFERENCES = ("aistats.org", "iclr.cc", "icml.cc", "mlsys.org", "neurips.cc", "nips.cc", "thecvf.com")
_TRANSLATED = re.compile(r"([a-z0-9-]+)\.translate\.goog")
_PROXY = re.compile(
    r"(?:[a-z]*-)?(?:ez|lib|web|e|my)?-?proxy[a-z0-9]*(?:-[a-z0-9]+)?|ezp[a-z0-9]*|idm|webvpn", re.IGNORECASE
)
_WEB_SEARCH = re.compile(
    r"scholar\.google\.[a-z.]{2,6}/scholar|(?:google\.[a-z.]{2,6}|bing\.com)/search|duckduckgo\.com/"
)


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
    if address.site.endswith(_CONFERENCES) and _POSTER.match(address.path):
        return SiteKind.PAPER
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


def is_web_search(address: ParsedUrl) -> bool:
    """True for the results of a search on the web, such as Google Scholar's."""
    return bool(_WEB_SEARCH.fullmatch(f"{address.site}/{address.path.strip('/')}"))


def is_list(address: ParsedUrl) -> bool:
    """True for a front page, a search or a list, which is about many papers."""
    start, *_ = address.path.strip("/").lower().split("/")
    daily_papers = address.site == "huggingface.co" and start == "papers"
    return not (start or address.query) or start in _LIST_PATHS or daily_papers


def is_click_counter(address: ParsedUrl) -> bool:
    """True for an address that only counts a click and does not say where it leads."""
    path = address.path.strip("/").lower()
    known = any(path.startswith(start) for host in suffixes(address.site) for start in _COUNTERS.get(host, ()))
    return known or bool(_COUNTING_HOST.match(address.host) and len(path) > 12)


def unwrap(address: ParsedUrl) -> str:
    """Target of a wrapper (a mail filter, a click counter, a reader, a library's proxy, an archive); "" if none."""
    step = address.path.strip("/").split("/")[0]
    for host in suffixes(address.site):
        for name in _WRAPPERS.get(f"{host}/{step}", _WRAPPERS.get(host, ())):
            if target := _as_link(address.value(name)):
                return target
    if address.site in _WRAPPERS_BY_PATH and (found := _WRAPPED_IN_PATH.match(address.path)):
        return _with_query(unquote(found[1].split("__;")[0]), address)
    return _defended(address) or _encoded(address) or _proxied(address) or _counted(address)


def _counted(address: ParsedUrl) -> str:
    """Target of any other click counter, if it names a page of arXiv or a DOI in full; else ""."""
    targets = (_as_link(address.value(name)) for name in ("u", "url", "to", "target", "link", "redirect", "dest", "q"))
    in_path = re.search(r"https?:/{1,2}\S+", unquote(address.path))
    named = (*targets, in_path[0] if in_path else "")
    return next((target for target in named if _PAPER.match(target)), "")


def _defended(address: ParsedUrl) -> str:
    """Target of a link that Proofpoint's first mail filter has rewritten: `u=https-3A__arxiv.org_abs_…`; else ""."""
    if address.site != "urldefense.proofpoint.com":
        return ""
    return _as_link(unquote(address.value("u").replace("-", "%").replace("_", "/")))


def _encoded(address: ParsedUrl) -> str:
    """Target of a click counter that has it in its path in base64: `…/aHR0cHM6Ly9hcnhpdi5vcmcv…`; else ""."""
    for part in address.path.split("/"):
        if part.startswith("aHR0c") and len(part) < 1_000:
            try:
                target = urlsafe_b64decode(unquote(part) + "=" * (-len(unquote(part)) % 4)).decode()
            except ValueError:
                continue
            return _as_link(target) if target.isprintable() else ""
    return ""


def _proxied(address: ParsedUrl) -> str:
    """Target behind a library's proxy or Google's translator, which write the site into their own name; else ""."""
    if found := _TRANSLATED.fullmatch(address.host):
        return f"https://{_undashed(found[1])}{_with_query(address.path, address)}"
    labels = address.host.split(".")
    at = next((place for place, label in enumerate(labels) if _PROXY.fullmatch(label)), -1)
    if at < 0:
        site = _undashed(labels[0].removeprefix("0-"))
        is_paper = known_kind(ParsedUrl("https", site, address.path)) is SiteKind.PAPER or site in ARXIV
        return _known_site(site, address) if labels[0].startswith("0-") or (is_paper and len(labels) > 3) else ""
    if target := _as_link(address.value("url") or address.value("qurl")):
        return target
    return _known_site(".".join(labels[:at]), address) or _known_site(_undashed(labels[0].removeprefix("0-")), address)


def _known_site(site: str, address: ParsedUrl) -> str:
    """The page of an address at another site, if that is known; else ""."""
    if "." in site and is_known(ParsedUrl("https", site, "/")):
        return f"https://{site}{_with_query(address.path, address)}"
    return ""


def _undashed(label: str) -> str:
    """A site's name written as one label: `ieeexplore-ieee-org` is ieeexplore.ieee.org, `--` a hyphen."""
    return label.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _with_query(target: str, address: ParsedUrl) -> str:
    """The target with the query of its wrapper's address, which is its own."""
    return target if "?" in target or not address.query else f"{target}?{'&'.join(address.query)}"


def _as_link(target: str) -> str:
    """A wrapper's parameter, if it is a link, with or without its scheme; else ""."""
    if target.startswith(("https://", "http://")):
        return target
    host = target.split("/")[0].lower()
    return f"https://{target}" if "." in host and is_known(ParsedUrl("https", host, "/")) else ""


def is_private(address: ParsedUrl) -> bool:
    """True for a message of a chat or mail account, which only its members can open."""
    if address.site.endswith(".slack.com") and address.path.startswith(("/archives/", "/messages/", "/files/")):
        return True
    return any(address.site == host and address.path.startswith(start) for host, start in _PRIVATE_PAGES)


def hidden_id(address: ParsedUrl) -> str:
    """arXiv id in the special spellings of dblp and ADS; "" if there is none."""
    pattern = {"dblp.org": _DBLP, "dblp.uni-trier.de": _DBLP, "ui.adsabs.harvard.edu": _ADS}.get(address.site)
    found = pattern.match(address.path) if pattern else None
    if not found and pattern is _DBLP and (old := _DBLP_OLD.match(address.path)):
        return f"{old[1]}/{old[2]}"
    return f"{found[1]}.{found[2]}" if found else ""


def page_name(url: str) -> str:
    """Title in the last part of an address: `/blog/the-annotated-transformer.html`; "" if it has no words."""
    address = parse(url)
    last = unquote(address.path).rstrip("/").rsplit("/", 1)[-1]
    last = re.sub(r"\.(?:html?|pdf|php|aspx?|md)$", "", last, flags=re.IGNORECASE)
    words = [word for word in re.split(r"[-_+\s]+", last) if word]
    while words and re.fullmatch(r"[0-9a-f]*[0-9][0-9a-f]*|[0-9]+", words[-1], re.IGNORECASE) and len(words[-1]) > 4:
        words.pop()  # an id behind the words
    if sum(word.isalpha() for word in words) < 2:
        return ""
    return " ".join((words[0][:1].upper() + words[0][1:], *words[1:]))


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
