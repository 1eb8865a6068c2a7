-- +goose Up
-- A class: its members share with its instructors where they stand with its exams.
CREATE TABLE classes (
  id          TEXT PRIMARY KEY,
  title       TEXT NOT NULL CHECK (title <> ''),
  description TEXT NOT NULL DEFAULT '',
  zone        TEXT NOT NULL DEFAULT '',
  exams       TEXT NOT NULL,
  code        TEXT NOT NULL UNIQUE,
  open        INTEGER NOT NULL CHECK (open IN (0, 1)),
  owner       TEXT NOT NULL REFERENCES people (id),
  created_at  INTEGER NOT NULL,
  archived_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX classes_by_owner ON classes (owner);

-- Who teaches a class besides its owner.
CREATE TABLE class_instructors (
  class_id  TEXT NOT NULL REFERENCES classes (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  added_at  INTEGER NOT NULL,
  PRIMARY KEY (class_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX class_instructors_by_person ON class_instructors (person_id);

-- Answers given before shares_from are no business of the class. Whoever left
-- stays here, unseen, until they join again.
CREATE TABLE class_members (
  class_id    TEXT NOT NULL REFERENCES classes (id),
  person_id   TEXT NOT NULL REFERENCES people (id),
  joined_at   INTEGER NOT NULL,
  shares_from INTEGER NOT NULL,
  left_at     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (class_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX class_members_by_person ON class_members (person_id);

CREATE TABLE class_banks (
  class_id TEXT NOT NULL REFERENCES classes (id),
  bank_id  TEXT NOT NULL REFERENCES banks (id),
  given_by TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  PRIMARY KEY (class_id, bank_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignments (
  id           TEXT PRIMARY KEY,
  class_id     TEXT NOT NULL REFERENCES classes (id),
  title        TEXT NOT NULL CHECK (title <> ''),
  note         TEXT NOT NULL DEFAULT '',
  kind         TEXT NOT NULL CHECK (kind IN ('diagnostic', 'practice', 'mock')),
  task         TEXT NOT NULL,
  opens_at     INTEGER NOT NULL,
  due_at       INTEGER NOT NULL CHECK (due_at > opens_at),
  closes_at    INTEGER NOT NULL DEFAULT 0 CHECK (closes_at = 0 OR closes_at >= due_at),
  created_by   TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  withdrawn_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX assignments_by_class ON assignments (class_id, due_at);

-- Everybody does an assignment once.
CREATE TABLE assignment_sittings (
  assignment_id TEXT NOT NULL REFERENCES assignments (id),
  person_id     TEXT NOT NULL REFERENCES people (id),
  sitting_id    TEXT NOT NULL UNIQUE REFERENCES sittings (id),
  begun_at      INTEGER NOT NULL,
  PRIMARY KEY (assignment_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignment_sittings_by_person ON assignment_sittings (person_id);

-- +goose Down
DROP TABLE assignment_sittings;
DROP TABLE assignments;
DROP TABLE class_banks;
DROP TABLE class_members;
DROP TABLE class_instructors;
DROP TABLE classes;
