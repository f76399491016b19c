import torch

# A sibling task: a table of films, one row each: year, length in minutes, price in cents.
films = torch.tensor([[1995, 81, 499], [1996, 98, 299], [1975, 124, 399]])

minutes = films[:, 1]  # all rows, column 1: a flat tensor
print(minutes.tolist(), tuple(minutes.shape))  # [81, 98, 124] (3,)

first = films[0]  # row 0, all columns
print(first.tolist())  # [1995, 81, 499]

both = films[:, 0:2]  # a slice keeps the axis: two columns
print(tuple(both.shape))  # (3, 2)
