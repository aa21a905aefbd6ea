"""Questions to a paper: answers and discussion starters that consist of the paper's own words."""
