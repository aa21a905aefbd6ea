"""Items of an imported edition: their headings, links, texts, references and notes."""
