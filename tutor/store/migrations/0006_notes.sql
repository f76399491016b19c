-- What the learner wrote about a question before: their own notes, as they stood in the file.
CREATE TABLE notes (
    question TEXT PRIMARY KEY,
    at       TEXT NOT NULL,             -- when it was taken in
    text     TEXT NOT NULL,             -- Markdown
    file     TEXT NOT NULL,             -- name of the file
    line     INTEGER NOT NULL           -- of the question there, from 1
) STRICT;
