-- +goose Up
-- What a practice asks, in its order, drawn when it began; JSON.
ALTER TABLE sittings ADD COLUMN queue TEXT NOT NULL DEFAULT '';

-- How sure somebody was in their own words, and the question whose review this
-- one stood in for.
ALTER TABLE responses ADD COLUMN confidence TEXT NOT NULL DEFAULT '' CHECK (confidence IN ('', 'guess', 'unsure', 'sure'));
ALTER TABLE responses ADD COLUMN in_place_of TEXT NOT NULL DEFAULT '';

-- A person's own flag and note on a question.
CREATE TABLE marks (
  person_id   TEXT NOT NULL REFERENCES people (id),
  question_id TEXT NOT NULL,
  flagged     INTEGER NOT NULL CHECK (flagged IN (0, 1)),
  note        TEXT NOT NULL,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (person_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem_reports (
  id          INTEGER PRIMARY KEY,
  person_id   TEXT NOT NULL REFERENCES people (id),
  question_id TEXT NOT NULL,
  revision    TEXT NOT NULL,
  text        TEXT NOT NULL CHECK (text <> ''),
  at          INTEGER NOT NULL
) STRICT;

CREATE INDEX problem_reports_by_question ON problem_reports (question_id, at);

-- +goose Down
DROP TABLE problem_reports;
DROP TABLE marks;
ALTER TABLE responses DROP COLUMN in_place_of;
ALTER TABLE responses DROP COLUMN confidence;
ALTER TABLE sittings DROP COLUMN queue;
