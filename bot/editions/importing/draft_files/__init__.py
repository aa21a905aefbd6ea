"""Files of drafts: what is in an archive, a document, a mail or a page, and the pictures that come with a text."""
