"""A lesson and the small parts in which it is read."""

from __future__ import annotations

from typing import NamedTuple


class Chunk(NamedTuple):
    """One step of a lesson: its heading and the Markdown below it."""

    heading: str
    markdown: str


def split_lesson(text: str) -> tuple[Chunk, ...]:
    """Split a lesson at its `## ` headings (outside code); text before the first has an empty one."""
    chunks: list[tuple[str, list[str]]] = [("", [])]
    in_code = False
    for line in text.splitlines():
        in_code ^= line.startswith("```")
        if line.startswith("## ") and not in_code:
            chunks.append((line[3:].strip(), []))
        else:
            chunks[-1][1].append(line)
    split = (Chunk(heading, "\n".join(lines).strip()) for heading, lines in chunks)
    return tuple(chunk for chunk in split if chunk.heading or chunk.markdown)
