"""The terminal app: a thin door to tutor.core."""
