"""Notes as learners keep them, in the shapes that are found: the questions of the course in other words."""

from __future__ import annotations

QUESTIONS = (
    "Which problem is collaborative filtering good for?",
    "How does it get there?",
    "Why could the recommendations be poor although the predicted ratings are good?",
    "What does the crosstab of ratings look like?",
    "Code that builds a crosstab of MovieLens.",
    'What are latent factors? What is "latent" about them?',
    "What is the dot product? Work one out with plain lists.",
    "What is `DataFrame.merge` of pandas for?",
    "What is the embedding matrix?",
    "How is an embedding related to one-hot vectors and a matrix?",
    "Why use `Embedding` when one-hot vectors give the same?",
    "What is in an embedding before training starts?",
    "Write a class of your own and use it.",
    "What is `x[:,0]`?",
    "Write the DotProduct model again and train it.",
    "Which loss function suits MovieLens, and why?",
    "What if we trained MovieLens with cross-entropy?",
    "What are biases for in a dot product model?",
    "What is weight decay called otherwise?",
    "The equation of weight decay?",
    "What is the gradient of weight decay, and why do weights shrink?",
    "Why do small weights generalise?",
    "What does argsort return in PyTorch?",
    "Is sorting by the bias of a movie the same as sorting by its average rating?",
    "How to print the layers of a model with their names?",
    "What is the bootstrapping problem?",
    "What to do about bootstrapping, for a new user and a new film?",
    "What do feedback loops do to a recommender?",
    "Why may users and films have different numbers of factors in a neural network?",
    "What is nn.Sequential doing in CollabNN?",
    "Which model can use metadata such as age, genre and date?",
)
PREAMBLE = """\
# My notes

1. Pick random factors
2. Compute the predictions
3. Compute the loss

## What is a latent space?

A space with few dimensions.

"""
DOT = """\
* multiply the numbers that stand at the same place
    * then add all of it up
```python
# What is this?
total = 0
for a, b in zip(x, y):
    total += a * b
```
total = 79"""
BIAS = "* The bias is there to say whether most people like an item."
ANSWERS = {
    1: "- It predicts what somebody will like\n- from what others liked.",
    7: DOT,
    8: "1. looks at the keys\n2. joins the rows\n3. leaves out the others\n4. done",
    18: BIAS,
    19: "* L2 regularisation",
    22: "Large weights follow every wiggle of the noise.\n\nSmall ones are smoother.",
    31: "> a tabular model",
}


def numbered(first: int = 1) -> str:
    """A file in the shape of a lecture's notes; `first` is the number of the first question."""
    blocks = []
    for q, wording in enumerate(QUESTIONS, 1):
        answer = ANSWERS.get(q)
        blocks.append(f"{q + first - 1}. {'' if answer else '**(TODO)** '}{wording}\n{answer or ''}".rstrip())
    return PREAMBLE + "## Questions\n\n" + "\n\n".join(blocks) + "\n"


def with_bullets() -> str:
    """Bold, brackets, headings, Windows line ends."""
    blocks = [f"### {q}) **{wording}**\n\n#### Answer\n- a{q}\n" for q, wording in enumerate(QUESTIONS, 1)]
    return "\n".join(blocks).replace("\n", "\r\n")


def all_ones() -> str:
    """The number 1 before every question, as Markdown allows."""
    blocks = [f"1. {wording}\n\na{q}\n" for q, wording in enumerate(QUESTIONS, 1)]
    return PREAMBLE + "## Questionnaire\n" + "\n".join(blocks) + "### Further research\n1. Read more.\n"


def asked_and_answered() -> str:
    """No numbers, and questions of another chapter before these."""
    other = ["What does the sort method return?", "How do you read a file line by line?"]
    blocks = [f"**Q: {wording}**\n\n**A:** of another chapter\n" for wording in other]
    blocks += [f"**Q: {wording}**\n\n**A:** a{q}\n" for q, wording in enumerate(QUESTIONS, 1)]
    return "\n\n".join(blocks)
