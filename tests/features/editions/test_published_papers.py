"""Papers of an imported edition are the club's once it is published: found, on pages, and submitted by nobody anew."""

from __future__ import annotations

from adapters.web.archive.catalogue import Catalogues
from bot.domain.models import SubmissionState
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, SAFE, set_moderators_channel, submit_papers
from tests.features.edition_steps import THEOREMS, document_of, edition_numbered, say_as_moderator
from tests.stand_ins import Harness, words

NEWSLETTER = f"""# By hand

## Papers

### [Attention, years on](https://arxiv.org/abs/{ATTENTION})

It is a classic.

### [A proof assistant](https://arxiv.org/abs/{THEOREMS})

It proves.

### [Out of arXiv](https://example.org/paper.html)

A page.

### [Distilled](https://arxiv.org/abs/{DISTILLATION})

It was on the list.
"""


async def test_papers_of_an_imported_edition_are_known_once_it_is_published(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", DISTILLATION)
    club.gateway.files["news.md"] = NEWSLETTER.encode()
    await say_as_moderator(club, "/edition import news.md sure=yes")
    await say_as_moderator(club, "/edition approve now sure=yes")
    assert "It proves" not in words((await club.say("Ada", "/paper find proof")).card), "not before it is out"
    await Scheduler(club.app).tick()
    edition = await edition_numbered(club)
    assert edition.state == "published"
    items = {item.title: item for item in (await document_of(club)).items}
    attention, proof = items["Attention, years on"], items["A proof assistant"]
    assert attention.brought
    assert proof.brought
    assert items["Distilled"].brought == 1, "the submission that was there is the edition's"
    assert not items["Out of arXiv"].brought
    again = await club.say("Ben", f"/paper submit https://arxiv.org/abs/{ATTENTION}")
    assert again.card.title == "The club has read this paper"
    assert "edition No. 1" in words(again.card)
    assert "Attention Is All You Need" in words((await club.say("Ben", "/paper find attention")).card)
    assert "No. 1" in words((await club.say("Ben", f"/paper show {attention.brought}")).card)
    assert not (await club.say("Ben", f"/paper submit https://arxiv.org/abs/{SAFE}")).card.title.startswith("The club")
    catalogue = await Catalogues(club.app.store).of(CLUB)
    assert {attention.brought, proof.brought, 1} <= set(catalogue.papers), "each has a page"
    async with club.app.store.read(CLUB) as db:
        stored = await db.submissions.by_number(attention.brought)
        assert stored is not None
        assert stored.state is SubmissionState.READ, "nobody is credited with it"
    await Scheduler(club.app).tick()
    assert (await edition_numbered(club)).document == edition.document


async def test_an_edition_that_was_given_up_leaves_no_papers(club: Harness) -> None:
    await set_moderators_channel(club)
    club.gateway.files["news.md"] = NEWSLETTER.encode()
    await say_as_moderator(club, "/edition import news.md sure=yes")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve sure=yes")
    await say_as_moderator(club, "/edition skip not now")
    submitted = await club.say("Ben", f"/paper submit https://arxiv.org/abs/{ATTENTION}")
    assert "is on the list" in submitted.card.title
