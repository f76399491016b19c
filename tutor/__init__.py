"""A tutor for collaborative filtering in the terminal, with a live recommender behind it."""
