"""The learned ranker. It needs scikit-learn, which the extra `journalclub[shortlist]` installs."""
