-- One learner's state. Times are UTC, ISO 8601. JSON columns hold what only one reader needs.
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL                 -- JSON
) STRICT;

CREATE TABLE messages (                 -- the transcript
    id       INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    role     TEXT NOT NULL CHECK (role IN ('you', 'tutor')),
    label    TEXT,                      -- "hint 1", "your words", "check" ...
    text     TEXT NOT NULL,
    question TEXT
) STRICT;

CREATE TABLE attempts (                 -- graded answers
    id       INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    question TEXT NOT NULL,
    answer   TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    score    REAL NOT NULL,
    grade    TEXT NOT NULL              -- JSON, the whole grade
) STRICT;
CREATE INDEX attempts_by_question ON attempts (question, id);

CREATE TABLE questions (                -- where the learner stands with each question
    id         TEXT PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state IN ('new', 'started', 'done')),
    covered    TEXT NOT NULL,           -- JSON list of point ids
    rungs      TEXT NOT NULL,           -- JSON point id -> rungs of the hint ladder already given
    attempts   INTEGER NOT NULL,
    hints      INTEGER NOT NULL,
    told       INTEGER NOT NULL,        -- 1 when the answer was shown
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE cards (                    -- one point of a question, as the scheduler sees it
    id            TEXT PRIMARY KEY,     -- "q07.p2"
    fsrs_id       INTEGER NOT NULL UNIQUE,
    state         TEXT NOT NULL,        -- JSON, fsrs.Card.to_dict()
    due           TEXT NOT NULL,
    introduced_at TEXT NOT NULL
) STRICT;
CREATE INDEX cards_by_due ON cards (due);

CREATE TABLE reviews (
    id          INTEGER PRIMARY KEY,
    card        TEXT NOT NULL,
    at          TEXT NOT NULL,
    rating      INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
    duration_ms INTEGER,
    item        TEXT,                   -- which way of asking was used
    before      TEXT,                   -- JSON of the cards row before, null for a new card
    undone_at   TEXT
) STRICT;
CREATE INDEX reviews_by_card ON reviews (card, id);

CREATE TABLE films (                    -- films the learner has touched
    id     TEXT PRIMARY KEY,            -- our film id
    title  TEXT NOT NULL,
    year   INTEGER NOT NULL,            -- 0 when unknown
    genres TEXT NOT NULL,               -- JSON list
    keys   TEXT NOT NULL                -- JSON, ids elsewhere
) STRICT;

CREATE TABLE ratings (
    film  TEXT PRIMARY KEY REFERENCES films (id),
    stars REAL NOT NULL CHECK (stars BETWEEN 0.5 AND 5.0),
    at    TEXT NOT NULL
) STRICT;

CREATE TABLE rating_log (               -- every change of a rating, so that undo has no limit
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    film      TEXT NOT NULL,
    before    REAL,                     -- null: was not rated
    after     REAL,                     -- null: deleted
    undone_at TEXT
) STRICT;

CREATE TABLE runs (                     -- experiments, with the prediction made before
    id         INTEGER PRIMARY KEY,
    at         TEXT NOT NULL,
    experiment TEXT NOT NULL,
    config     TEXT NOT NULL,           -- JSON
    prediction TEXT,
    status     TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'cancelled')),
    result     TEXT,                    -- JSON of the finished event
    ended_at   TEXT
) STRICT;
