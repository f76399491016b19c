-- Code exercises: what the learner wrote, how each check went, and the models that they trained.
CREATE TABLE code_texts (
    question   TEXT NOT NULL,
    stage      TEXT NOT NULL CHECK (stage IN ('blanks', 'own')),
    text       TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (question, stage)
) STRICT;

CREATE TABLE code_checks (
    id       INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    question TEXT NOT NULL,
    code     TEXT NOT NULL,
    passed   INTEGER NOT NULL,
    bug      TEXT                       -- id of the bug that was named
) STRICT;
CREATE INDEX code_checks_by_question ON code_checks (question, id);

CREATE TABLE own_models (               -- the scores of a trained program, never the program run again
    name   TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    data   TEXT NOT NULL,               -- the data set
    about  TEXT NOT NULL,               -- JSON: losses, seconds, ratings of the learner that it saw
    scores TEXT NOT NULL                -- JSON film id -> stars that it would give the learner
) STRICT;
