-- +goose Up
-- What a learner wants of a plan: one open plan an exam. The weeks themselves are
-- worked out anew from what is known on the day, and what was done is kept here.
CREATE TABLE plans (
  id         TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES people (id),
  exam       TEXT NOT NULL CHECK (exam <> ''),
  wish       TEXT NOT NULL,
  seen       TEXT NOT NULL DEFAULT '{}', -- what it said when it was last looked at
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX plans_by_person ON plans (person_id, created_at);
CREATE UNIQUE INDEX plans_open ON plans (person_id, exam) WHERE ended_at = 0;

-- Study outside Sextant that a learner told of: minutes on a topic of a plan.
CREATE TABLE plan_work (
  id        INTEGER PRIMARY KEY,
  plan_id   TEXT NOT NULL REFERENCES plans (id),
  day       TEXT NOT NULL,
  kind      TEXT NOT NULL,
  topic     TEXT NOT NULL DEFAULT '',
  minutes   INTEGER NOT NULL CHECK (minutes > 0),
  note      TEXT NOT NULL DEFAULT '',
  at        INTEGER NOT NULL
) STRICT;

CREATE INDEX plan_work_by_plan ON plan_work (plan_id, day);

-- The secret address of a person's calendar; only its digest is kept.
CREATE TABLE calendar_feeds (
  person_id  TEXT PRIMARY KEY REFERENCES people (id),
  digest     TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  read_at    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What people said of the real exam, and what was expected of it beforehand.
CREATE TABLE exam_results (
  id         TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES people (id),
  exam       TEXT NOT NULL CHECK (exam <> ''),
  taken_on   TEXT NOT NULL,
  passed     INTEGER NOT NULL CHECK (passed IN (0, 1)),
  score      INTEGER NOT NULL DEFAULT 0,
  expected   TEXT NOT NULL,
  told_at    INTEGER NOT NULL,
  withdrawn_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX exam_results_by_person ON exam_results (person_id, taken_on);
CREATE UNIQUE INDEX exam_results_once ON exam_results (person_id, exam, taken_on) WHERE withdrawn_at = 0;

-- +goose Down
DROP TABLE exam_results;
DROP TABLE calendar_feeds;
DROP TABLE plan_work;
DROP TABLE plans;
