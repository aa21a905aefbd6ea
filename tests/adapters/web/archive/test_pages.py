"""What the archive shows, what it hides, and how it answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from lxml import html

from bot.editions.model.document import Correction
from bot.features.editions.draft import arxiv_volume
from tests.adapters.web.archive.conftest import LATEST, NOW, Site
from tests.editions import inventory

PAGES = (
    "",
    "/years/2026",
    "/years/2025",
    "/editions/6",
    "/editions/1",
    "/papers/1",
    "/themes",
    "/meetings",
    "/people",
    "/statistics",
    "/search",
    "/search?q=learning",
    "/search?q=nothing-like-it",
)
FILES = {
    "/editions/6.md": "text/markdown; charset=utf-8",
    "/editions/6.mail.html": "text/html; charset=utf-8",
    "/editions/6.bib": "application/x-bibtex",
    "/editions/6.ris": "application/x-research-info-systems",
    "/editions/6.csl.json": "application/vnd.citationstyles.csl+json",
    "/editions/6.json": "application/json",
    "/papers/1.bib": "application/x-bibtex",
    "/papers/1.ris": "application/x-research-info-systems",
    "/charts/votes.svg": "image/svg+xml",
    "/charts/publications.png": "image/png",
    "/editions.atom": "application/atom+xml",
    "/editions.json": "application/feed+json",
    "/items.atom": "application/atom+xml",
    "/items.json": "application/feed+json",
}


async def test_every_page_and_file_is_there(site: Site) -> None:
    for path in PAGES:
        answer = await site.get(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8"), path
    for path, kind in FILES.items():
        answer = await site.get(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind), path
        assert answer.text


async def test_every_link_leads_somewhere(site: Site) -> None:
    seen, waiting = set[str](), ["/clubs"]
    anchors, targets = dict[str, set[str]](), set[tuple[str, str]]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = await site.get(path)
        assert answer.status == 200, path
        if answer.headers["Content-Type"].startswith("text/html") and not path.endswith(".mail.html"):
            tree = answer.page
            ids = set(tree.xpath("//@id"))
            for link in tree.xpath("//a/@href | //link/@href | //form/@action"):
                if link.startswith("#"):
                    assert link[1:] in ids, (path, link)
                elif link.startswith("/"):
                    waiting.append(link.partition("#")[0])
                    targets.add((path, link))
            pictures = tree.xpath("//img/@src | //meta[@property='og:image' or @property='og:url']/@content")
            waiting += [url.removeprefix("https://club.test") for url in pictures if "//club.test/" in url]
            anchors[path] = ids
    for path, link in targets:
        to, _, fragment = link.partition("#")
        assert not fragment or fragment in anchors[to], (path, link)
    assert len(seen) > 2 * LATEST


async def test_a_club_that_is_not_public_looks_as_if_it_were_not_there(site: Site) -> None:
    await site.change_settings(public=False)
    for path in (*PAGES, *FILES):
        hidden = await site.get(path)
        absent = await site.get(f"/clubs/999{path}")
        assert (hidden.status, hidden.text) == (404, absent.text), path
        assert {**hidden.headers, "Date": ""} == {**absent.headers, "Date": ""}
    assert "Thursday Readers" not in (await site.get("/clubs")).text
    await site.change_settings(public=True)
    assert (await site.get("")).status == 200


@pytest.mark.parametrize(
    "path",
    ["/editions/99", "/editions/0", "/editions/-1", "/editions/6.exe", "/papers/999", "/papers/1.pdf", "/years/1999",
     "/themes/none-such", "/themes/none-such.atom", "/charts/none.svg", "/nothing", "/editions/6/x", "/editions.rss",
     "/clubs/0", "/clubs/01", "/clubs/٣", "/clubs/99999999999", "/editions/%00", "/themes/..%2f..%2fetc"],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    answer = await site.get(path)
    assert answer.status == 404
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("state", ["draft", "approved", "skipped"])
async def test_nothing_of_an_edition_in_the_making_shows(site: Site, state: str) -> None:
    document = await site.document(LATEST)
    secret = document.items[0].title
    await site.edit(LATEST, state=state)
    assert (await site.get(f"/editions/{LATEST}")).status == 404
    assert (await site.get(f"/papers/{document.items[0].brought}")).status == 404
    for path in ("", "/years/2026", "/statistics", f"/search?q={secret.split()[0]}", "/editions.atom", "/items.json"):
        assert secret not in (await site.get(path)).text


async def test_a_recalled_edition_says_so_and_leaves_no_trace(site: Site) -> None:
    secret = (await site.document(LATEST)).items[0].title
    assert secret in (await site.get("")).text
    await site.edit(LATEST, state="recalled")
    gone = await site.get(f"/editions/{LATEST}")
    assert gone.status == 410
    assert "was recalled" in gone.text
    assert secret not in gone.text
    assert (await site.get(f"/editions/{LATEST}.bib")).status == 404
    for path in ("", "/years/2026", "/editions.atom", "/items.atom", f"/editions/{LATEST - 1}"):
        assert secret not in (await site.get(path)).text


class Tally:
    """Stands in for arXiv's counts."""

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        return 1000 + since.month


async def test_what_comes_out_on_arxiv_is_charted_once_it_was_counted(site: Site) -> None:
    title = "New papers on arXiv, month by month"
    assert title not in (await site.get("/statistics")).text
    assert (await site.get("/charts/arxiv.svg")).status == 404
    site.harness.change(paper_counter=Tally())
    await arxiv_volume.fetch_missing_months(site.harness.app, site.club)
    site.harness.clock.advance(minutes=2)
    shown = (await site.get("/statistics")).text
    assert title in shown
    assert "From Oct 2025 to Dec 2025: 3,033 papers in all; the most, 1,012, at Dec 2025." in shown
    assert (await site.get("/charts/arxiv.png")).body.startswith(b"\x89PNG")
    assert (await site.get("/charts/nothing.png")).status == 404


async def test_a_correction_shows_at_once(site: Site) -> None:
    document = await site.document(3)
    item = document.items[0]
    await site.get("/editions/3")
    fixed = replace(document, corrections=(Correction(NOW, "It was five, not four.", item.key),))
    await site.edit(3, fixed, revision=1)
    assert "It was five, not four." in (await site.get("/editions/3")).text
    assert "It was five, not four." in (await site.get(f"/papers/{item.brought}")).text


async def test_an_edition_in_the_archive_is_the_edition(site: Site) -> None:
    """What stands around it adds links of the archive and nothing else."""
    document = await site.document(LATEST)
    tree = (await site.get(f"/editions/{LATEST}")).page
    for around in tree.xpath("//nav[@class='site' or @class='beside'] | //a[starts-with(@href, '/')]"):
        around.drop_tree()
    found = inventory.in_page(html.tostring(tree, encoding="unicode"))
    for text in inventory.texts(inventory.as_on_page(document)):
        assert text in found.text
    assert found.links == set(inventory.addresses(document))
    assert found.quotes == inventory.quotes(document)
    assert found.numbers <= inventory.numbers(document)


async def test_a_papers_page_tells_all_that_was_said_and_no_voter(site: Site) -> None:
    document = await site.document(LATEST)
    item = document.items[0]
    submission = await site.submission(item.brought, votes=7, voices=3)
    answer = await site.get(f"/papers/{item.brought}")
    tree = answer.page
    text = inventory.normalize_space(" ".join(tree.xpath("//main//text()")))
    untold = replace(item, brought=0, reference=0, votes=0, voices=0)
    for said in inventory.texts(untold):
        assert said in text
    facts = {dt.text: inventory.normalize_space(dt.getnext().text_content()) for dt in tree.xpath("//dt")}
    assert (facts["Votes"], facts["In the discussion"]) == ("7", "3")
    assert facts["Edition"] == f"No. {LATEST}"
    assert " ".join(submission.paper.abstract.split()) in text
    assert tree.xpath("//details//pre/code/text()")[0].startswith("@")
    async with site.harness.app.store.read(site.club) as db:
        voters = {member.name for member, _ in await db.vote_queries.voters(submission.id)}
    for name in voters - set(item.brought_by):
        assert not re.search(rf"\b{name}\b", text)


async def test_who_asked_not_to_be_named_is_not(site: Site) -> None:
    document = await site.document(LATEST)
    item = document.items[0]
    (name,) = item.brought_by
    hidden = replace(item, brought_by=("a member",), passages=())
    sections = tuple(replace(s, items=tuple(hidden if i == item else i for i in s.items)) for s in document.sections)
    await site.submission(item.brought, anonymous=True)
    await site.edit(LATEST, replace(document, sections=sections))
    text = " ".join((await site.get(f"/papers/{item.brought}")).page.xpath("//main//text()"))
    assert "a member" in text
    assert not re.search(rf"\b{name}\b", text)


async def test_a_withdrawn_paper_and_a_newer_version_are_noted(site: Site) -> None:
    item = (await site.document(LATEST)).items[0]
    submission = await site.submission(item.brought)
    before = await site.get(f"/papers/{item.brought}")
    assert "Withdrawn" not in before.text
    assert "has come out since" not in before.text
    async with site.harness.app.store.begin(site.club) as db:
        paper = await db.papers.by_key(submission.paper.key)
        assert paper is not None
        paper.withdrawn, paper.version = True, 9
    after = (await site.get(f"/papers/{item.brought}")).text
    assert "This paper was withdrawn from arXiv" in after
    assert "Version 9 of this paper has come out since" in after


async def test_the_address_of_a_merged_paper_leads_on(site: Site) -> None:
    kept = await site.submission(1)
    await site.edit(LATEST, state="draft")
    duplicate = (await site.document(LATEST)).items[0].brought
    await site.submission(duplicate, merged_into_id=kept.id)
    answer = await site.get(f"/papers/{duplicate}")
    assert (answer.status, answer.headers["Location"]) == (301, f"/clubs/{site.club}/papers/1")


async def test_no_club_shows_anything_of_another(site: Site) -> None:
    title = (await site.document(1)).items[0].title
    async with site.harness.app.store.admin_session() as rooms:
        other = await rooms.directory.create_club("Others", "UTC", NOW, {"public": True})
    for path in ("", "/years/2026", "/statistics", "/themes", f"/search?q={title.split()[0]}", "/items.atom"):
        answer = await site.get(f"/clubs/{other.id}{path}")
        assert title not in answer.text
        assert "Thursday Readers" not in answer.text
    assert (await site.get(f"/clubs/{other.id}/papers/1")).status == 404
    assert (await site.get(f"/clubs/{other.id}/editions/1")).status == 404
    empty = await site.get(f"/clubs/{other.id}")
    assert "No edition has come out yet" in empty.text


async def test_a_reader_who_has_it_is_told_so(site: Site) -> None:
    for path in (*PAGES, *FILES):
        first = await site.get(path)
        tag = first.headers["ETag"]
        assert re.fullmatch(r'W/"[0-9a-f]{32}"', tag)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = await site.get(path, If_None_Match=tag)
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag), path
        assert (await site.get(path, If_None_Match=tag.removeprefix("W/"))).status == 304
        assert (await site.get(path, If_None_Match=f'{tag}, "other"')).status == 304
        assert (await site.get(path, If_None_Match='"other"')).status == 200
    tag = (await site.get("/papers/1")).headers["ETag"]
    await site.submission(1, votes=99)
    assert (await site.get("/papers/1", If_None_Match=tag)).status == 200


async def test_a_recalled_edition_is_never_told_to_be_unchanged(site: Site) -> None:
    await site.edit(2, state="recalled")
    tag = (await site.get("/editions/2")).headers["ETag"]
    assert (await site.get("/editions/2", If_None_Match=tag)).status == 410


async def test_every_answer_is_guarded(site: Site) -> None:
    for path in PAGES:
        headers = (await site.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' https: data:; base-uri 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
    for path in FILES:
        assert (await site.get(path)).headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_only_reading_is_possible(site: Site) -> None:
    head = await site.ask("HEAD", f"/clubs/{site.club}/editions/1")
    assert (head.status, head.text) == (200, "")
    assert int(head.headers["Content-Length"]) > 1000
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await site.ask(method, f"/clubs/{site.club}/editions/1")).status == 405


async def test_addresses_that_end_in_a_slash_lead_to_those_without(site: Site) -> None:
    answer = await site.get("/editions/3/")
    assert (answer.status, answer.headers["Location"]) == (308, f"/clubs/{site.club}/editions/3")
    assert (await site.get("/clubs/")).headers["Location"] == "/clubs"
    assert (await site.get("/")).headers["Location"] == "/clubs"
    astray = await site.get("/clubs//evil.test/")
    assert astray.status == 404 or astray.headers["Location"].startswith("/clubs/")


async def test_files_are_named_and_taken_away(site: Site) -> None:
    said = (await site.get("/editions/6.bib")).headers["Content-Disposition"]
    assert said == "attachment; filename*=UTF-8''thursday-readers-6.bib"
    assert "Content-Disposition" not in (await site.get("/editions/6")).headers


async def test_paused_clubs_keep_their_archive(site: Site) -> None:
    async with site.harness.app.store.begin(site.club) as db:
        (await db.club()).paused_at = NOW - timedelta(days=1)
    assert (await site.get("/editions/1")).status == 200
    assert "Thursday Readers" in (await site.get("/clubs")).text


async def test_statistics_count_what_the_club_did(site: Site) -> None:
    async def numbers() -> dict[str, str]:
        tree = (await site.get("/statistics")).page
        return {dt.text: dt.getnext().text for dt in tree.xpath("//dl[@class='numbers']//dt")}

    async with site.harness.app.store.read(site.club) as db:
        totals = await db.published.totals()
    before = await numbers()
    assert before["editions"] == str(LATEST)
    assert (before["papers submitted"], before["papers in the editions"]) == ("18", "18")
    assert before["votes cast"] == str(totals.votes)
    await site.submission(1, votes=90)
    assert await numbers() == before  # counted a moment ago
    site.harness.clock.advance(minutes=1)
    assert int((await numbers())["votes cast"]) > totals.votes
    best = (await site.get("/statistics")).page.xpath("string(//ol[@class='best']/li[1])")
    assert "90 votes" in best
    await site.edit(1, state="recalled")
    assert (await numbers())["editions"] == str(LATEST - 1)


async def test_only_who_wishes_it_has_a_page(site: Site) -> None:
    one = await site.submission(1)
    assert one.member.name not in (await site.get("/people")).text
    assert (await site.get(f"/people/{one.member_id}")).status == 404
    async with site.harness.app.store.begin(site.club) as db:
        await db.members.set_prefs(one.member, web=True)
    assert one.member.name in (await site.get("/people")).text
    page = await site.get(f"/people/{one.member_id}")
    mine = {link.text_content() for link in page.page.xpath("//ul[@class='rows']//h2/a")}
    assert one.paper.title in mine
    await site.submission(1, anonymous=True)
    hidden = {link.text_content() for link in (await site.get(f"/people/{one.member_id}")).page.xpath("//ul//h2/a")}
    assert mine - hidden == {one.paper.title}
    async with site.harness.app.store.begin(site.club) as db:
        await db.members.set_prefs(one.member, web=False)
    assert (await site.get(f"/people/{one.member_id}")).status == 404


async def test_a_papers_page_leads_to_published_papers_like_it(site: Site) -> None:
    async with site.harness.app.store.begin(site.club) as db:
        one, two = await db.submissions.by_number(1), await db.submissions.by_number(2)
        assert one is not None
        assert two is not None
        two.paper.abstract = one.paper.abstract
    links = (await site.get("/papers/1")).page.xpath("//h2[.='Similar papers']/following-sibling::ul[1]//a/@href")
    assert [link for link in links if link.endswith("/papers/2")]
    assert not [link for link in links if link.endswith("/papers/1")]
    for link in links:
        assert (await site.get(link)).status == 200


async def test_addresses_that_people_try_lead_somewhere(site: Site) -> None:
    for path in ("/", "/editions", "/editions/"):
        answer = await site.get(f"/clubs/{site.club}{path}")
        assert (answer.status, answer.headers["Location"]) == (308, f"/clubs/{site.club}"), path
    for path in ("/nonsense", "/a/b.html", "/clubs/nobody"):
        answer = await site.ask("GET", path)
        assert answer.status == 404
        assert f"/clubs/{site.club}" in answer.text or "/clubs" in answer.text, path
        assert "<nav" in answer.text or "Page not found" in answer.text, path
