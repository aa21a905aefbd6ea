"""Pages of members who chose to have one, with the papers they submitted. Nobody is listed without consent."""

from __future__ import annotations

from adapters.web.archive.page_request import NotFound, Page, PageRequest


async def people(request: PageRequest) -> Page:
    """All listed members, by name."""
    return request.draw("people.html.jinja", people=await listed(request))


async def person(request: PageRequest, number: int) -> Page:
    """The papers that a member submitted under their name and the club published, latest first. Votes are not shown."""
    name = (await listed(request)).get(number)
    if name is None:
        raise NotFound
    async with request.app.store.read(request.club.id) as db:
        numbers = await db.published.submitted_by(number)
    pages = request.catalogue.papers
    return request.draw(
        "person.html.jinja",
        name=name,
        entries=[pages[number] for number in numbers if number in pages],
        issued=request.catalogue.by_number,
    )


async def listed(request: PageRequest) -> dict[int, str]:
    """The names of listed members by the number of their page."""
    async with request.app.store.read(request.club.id) as db:
        return dict(await db.published.listed_members())
