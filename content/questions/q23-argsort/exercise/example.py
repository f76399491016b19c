import torch

# A sibling task: which viewers rate most strictly, and how many ratings did they give?
viewers = ["Ana", "Ben", "Cleo", "Dan"]
bias = torch.tensor([0.4, -0.6, 0.1, -0.9])
counts = torch.tensor([120, 35, 80, 12])

order = bias.argsort()  # positions, the strictest first
print(order.tolist())  # [3, 1, 2, 0]
print([viewers[i] for i in order[:2]])  # ['Dan', 'Ben']
print(counts[order].tolist())  # the counts in the same order: [12, 35, 80, 120]
