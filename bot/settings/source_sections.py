"""Settings of the sources that papers, their details and linked pages are read from."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import EMPTY_SECRET, SettingsSection
from bot.settings.value_types import AccountName, ApiKey, BareUrl, Email, Password, Url


class ArxivSettings(SettingsSection):
    """The source of papers' details."""

    base_url: Url = Field(
        default="https://export.arxiv.org/api/query",
        description="arXiv's API.",
        examples=["https://export.arxiv.org/api/query"],
    )
    html_url: BareUrl = Field(
        default="",
        description="The base URL of arXiv's papers as web pages; empty is /html on the API's host.",
        examples=["https://export.arxiv.org/html"],
    )
    full_text: bool = Field(
        default=True,
        description="Use the whole paper, if arXiv has it as a web page, and not only the abstract, for summaries by a "
        "model and for `/paper ask`. A paper of twenty pages has some 20,000 tokens.",
        examples=["no"],
    )
    contact: Email = Field(
        default="",
        description="The address for arXiv to write to if your club sends too many requests; sent with each one.",
        examples=["you@example.org"],
    )
    gap_seconds: float = Field(
        default=3.0, ge=0, le=60, description="Seconds between two requests; arXiv asks for 3 or more.", examples=[3]
    )


class CrossrefSettings(SettingsSection):
    """Crossref, the registry of most publishers' DOIs. It also reports retractions and corrections."""

    enabled: bool = Field(default=True, description="Look up DOIs that are not arXiv's.", examples=["no"])
    base_url: BareUrl = Field(
        default="https://api.crossref.org", description="Crossref's API.", examples=["https://api.crossref.org"]
    )
    mailto: Email = Field(
        default="",
        description="An address sent with each request to Crossref, DataCite, OpenAlex and PubMed; "
        "they answer faster if requests contain an address.",
        examples=["you@example.org"],
    )


class DataCiteSettings(SettingsSection):
    """DataCite, the registry of the DOIs of Zenodo, figshare and other archives."""

    enabled: bool = Field(default=True, description="Look up DOIs that Crossref does not know.", examples=["no"])
    base_url: BareUrl = Field(
        default="https://api.datacite.org", description="DataCite's API.", examples=["https://api.datacite.org"]
    )


class OpenAlexSettings(SettingsSection):
    """OpenAlex, an open index of works, for DOIs that neither registry describes."""

    enabled: bool = Field(default=False, description="Look up DOIs that no registry knows.", examples=["yes"])
    base_url: BareUrl = Field(
        default="https://api.openalex.org", description="OpenAlex's API.", examples=["https://api.openalex.org"]
    )
    api_key: ApiKey = Field(default=EMPTY_SECRET, description="An API key; optional.", examples=["q83v…"])


class OpenReviewSettings(SettingsSection):
    """An account at OpenReview, for links to it and for its venues. Without one its API may refuse to answer; then the
    page of a link is read, or its title is asked for.
    """

    username: AccountName = Field(
        default="", description="The address or id of the account; optional.", examples=["you@example.org"]
    )
    password: Password = Field(default=EMPTY_SECRET, description="Its password.", examples=["correct horse…"])
    token: ApiKey = Field(
        default=EMPTY_SECRET, description="A token of the API instead of the password; it expires.", examples=["eyJh…"]
    )


class LinkCheckSettings(SettingsSection):
    """Links to code, demos and project pages that papers name. Only known hosts are ever linked to."""

    check: bool = Field(
        default=False,
        description="Check by a request to its host that such a page exists, and leave out links to missing ones.",
        examples=["yes"],
    )


class PageSettings(SettingsSection):
    """Pages that members link to. Only public addresses are requested, and only the head of a page is read."""

    read: bool = Field(
        default=True,
        description="Read title and authors of linked pages, from YouTube's, GitHub's, OpenReview's or PubMed's API or "
        "from the page itself. If no, such a link is titled by its address.",
        examples=["no"],
    )
    youtube_url: BareUrl = Field(
        default="https://www.youtube.com", description="YouTube's oEmbed API.", examples=["https://www.youtube.com"]
    )
    github_url: BareUrl = Field(
        default="https://api.github.com", description="GitHub's API.", examples=["https://api.github.com"]
    )
    openreview_url: BareUrl = Field(
        default="https://api2.openreview.net",
        description="OpenReview's API; JOURNALCLUB_OPENREVIEW__USERNAME gives it an account.",
        examples=["https://api2.openreview.net"],
    )
    pubmed_url: BareUrl = Field(
        default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        description="The E-utilities of PubMed and PMC.",
        examples=["https://eutils.ncbi.nlm.nih.gov/entrez/eutils"],
    )


class StreamSettings(SettingsSection):
    """New papers of clubs' sources (`/clubadmin sources`). Each source is read once for all clubs."""

    read: bool = Field(
        default=True,
        description="Read the sources that clubs have chosen. If no, no source can be added.",
        examples=["no"],
    )
    keep_days: int = Field(
        default=180,
        ge=31,
        le=3650,
        description="Days for which new papers are stored; what moderators judged stays. 500 papers a day take some "
        "1.3 MB.",
        examples=[90],
    )
    biorxiv_url: BareUrl = Field(
        default="https://api.biorxiv.org",
        description="The API of bioRxiv and medRxiv.",
        examples=["https://api.biorxiv.org"],
    )
    huggingface_url: BareUrl = Field(
        default="https://huggingface.co",
        description="Hugging Face, for its Daily Papers and for links to its models, data sets and demos.",
        examples=["https://huggingface.co"],
    )
