"""Papers: submit, browse, vote, discuss, summarize."""
