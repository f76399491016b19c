"""Use-cases as plain Python that yields events; free of the screen and of torch."""
