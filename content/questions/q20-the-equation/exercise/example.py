import torch


def with_price(loss, guesses, price):
    """A sibling: guesses above 5 stars cost something, `price` for each star too much."""
    too_much = sum((g - 5).clamp(min=0).sum() for g in guesses)  # 0 where a guess is 5 or less
    return loss + price * too_much  # the old loss, and the new cost on top


loss = torch.tensor(0.8)
batches = [torch.tensor([4.5, 5.5]), torch.tensor([6.0, 3.0])]
print(with_price(loss, batches, 0.1))  # 0.8 + 0.1 · (0.5 + 1.0), about 0.95
