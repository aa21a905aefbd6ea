"""The stream: its sources, its entries, and clubs' shortlists."""
