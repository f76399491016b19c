-- What practice knows beside the schedule: how sure the learner was, what was marked, what was taught again.
ALTER TABLE reviews ADD COLUMN confidence INTEGER CHECK (confidence BETWEEN 1 AND 3);
ALTER TABLE reviews ADD COLUMN correct INTEGER CHECK (correct IN (0, 1));  -- null: nobody but the learner judged
ALTER TABLE reviews ADD COLUMN hints INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reviews_by_time ON reviews (at);

CREATE TABLE card_marks (               -- what the learner did with a card; no row: nothing
    card         TEXT PRIMARY KEY,
    suspended    INTEGER NOT NULL CHECK (suspended IN (0, 1)),
    flagged      INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    buried_until TEXT,
    note         TEXT NOT NULL
) STRICT;

CREATE TABLE mark_log (                 -- every change of a mark, so that undo has no limit
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    card      TEXT NOT NULL,
    what      TEXT NOT NULL,            -- "suspend", "bury" ...
    before    TEXT,                     -- JSON of the card_marks row before, null where there was none
    undone_at TEXT
) STRICT;

CREATE TABLE reteachings (              -- leeches that were taught by another route
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    card   TEXT NOT NULL,
    lapses INTEGER NOT NULL,            -- how often the card had been forgotten by then
    route  TEXT NOT NULL,               -- "experiment", "contrast", "lesson"
    name   TEXT NOT NULL                -- of the experiment, the contrast item or the question
) STRICT;
CREATE INDEX reteachings_by_card ON reteachings (card, id);
