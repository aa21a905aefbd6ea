"""Connections and requests to Discord."""
