-- Every answer about a film is in one log, so that one undo serves them all.
ALTER TABLE rating_log ADD COLUMN kind TEXT NOT NULL DEFAULT 'stars'; -- or a mark: before, after are 1 or null
ALTER TABLE rating_log ADD COLUMN batch INTEGER;    -- changes with the same number are undone together
ALTER TABLE rating_log ADD COLUMN predicted REAL;   -- stars that were forecast, unseen, before the answer
ALTER TABLE rating_log ADD COLUMN asked_by TEXT;    -- how the film was chosen, if it was asked about

CREATE TABLE film_marks (               -- what else a learner says of a film
    film TEXT NOT NULL REFERENCES films (id),
    mark TEXT NOT NULL CHECK (mark IN ('not_seen', 'seen', 'hidden', 'watchlist')),
    at   TEXT NOT NULL,
    PRIMARY KEY (film, mark)
) STRICT;
