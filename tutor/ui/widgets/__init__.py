"""Dumb widgets: attributes down, messages up."""
