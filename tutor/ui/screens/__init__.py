"""The five places of the app."""
