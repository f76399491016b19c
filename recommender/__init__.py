"""Collaborative filtering in PyTorch: data, models, training, serving. Importing it imports nothing heavy."""
