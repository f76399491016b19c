-- What the learner says they saw in a run, before the tutor explains it.
ALTER TABLE runs ADD COLUMN observed TEXT;
