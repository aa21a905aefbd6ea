"""Parts of an imported edition around its items: opening, sections, charts, closing."""
