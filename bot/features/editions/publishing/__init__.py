"""Publishes an edition, and corrects or recalls it afterwards."""
