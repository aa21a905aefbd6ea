"""Summaries of papers: extractive or written by a model, and checked in both cases."""
