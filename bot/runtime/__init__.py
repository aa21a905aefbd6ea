"""Composition and the workers that run beside requests: scheduler, delivery, notifications."""
