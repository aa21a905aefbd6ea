"""Details of web pages: from the APIs of known sites, and from the head of any other public page."""
