-- +goose Up
-- Who may see a bank, what it is about, and when it was withdrawn: a bank is
-- never deleted, because answers were given to it.
ALTER TABLE banks ADD COLUMN visibility TEXT NOT NULL DEFAULT 'everyone' CHECK (visibility IN ('private', 'class', 'everyone'));
ALTER TABLE banks ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE banks ADD COLUMN withdrawn_at INTEGER NOT NULL DEFAULT 0;

-- Who may write in a bank besides its owner.
CREATE TABLE bank_members (
  bank_id   TEXT NOT NULL REFERENCES banks (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  added_at  INTEGER NOT NULL,
  PRIMARY KEY (bank_id, person_id)
) STRICT, WITHOUT ROWID;

-- A question of an uploaded bank: what is asked, and what is being written.
CREATE TABLE questions (
  id         TEXT PRIMARY KEY,
  bank_id    TEXT NOT NULL REFERENCES banks (id),
  place      INTEGER NOT NULL,
  author     TEXT NOT NULL,
  version    INTEGER NOT NULL DEFAULT 0 CHECK (version >= 0),
  revision   TEXT NOT NULL DEFAULT '',
  body       TEXT NOT NULL DEFAULT '',
  retired_at INTEGER NOT NULL DEFAULT 0,
  stage      TEXT NOT NULL DEFAULT '' CHECK (stage IN ('', 'draft', 'in_review')),
  draft      TEXT NOT NULL DEFAULT '',
  draft_seq  INTEGER NOT NULL DEFAULT 0,
  draft_by   TEXT NOT NULL DEFAULT '',
  title      TEXT NOT NULL DEFAULT '',
  search     TEXT NOT NULL DEFAULT '',
  type       TEXT NOT NULL DEFAULT '',
  platform   TEXT NOT NULL DEFAULT '',
  skill      TEXT NOT NULL DEFAULT '',
  difficulty INTEGER NOT NULL DEFAULT 0,
  tags       TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((version = 0) = (body = '')),
  CHECK ((stage = '') = (draft = ''))
) STRICT;

CREATE INDEX questions_by_bank ON questions (bank_id, place);
CREATE INDEX questions_in_review ON questions (bank_id) WHERE stage = 'in_review';

-- Every text that was ever asked, for ever.
CREATE TABLE question_versions (
  question_id  TEXT NOT NULL REFERENCES questions (id),
  version      INTEGER NOT NULL CHECK (version > 0),
  revision     TEXT NOT NULL,
  body         TEXT NOT NULL,
  note         TEXT NOT NULL DEFAULT '',
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (question_id, version)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER question_versions_stay_as_they_are BEFORE UPDATE ON question_versions
BEGIN SELECT RAISE(ABORT, 'published versions never change'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER question_versions_stay BEFORE DELETE ON question_versions
BEGIN SELECT RAISE(ABORT, 'published versions are kept'); END;
-- +goose StatementEnd

-- A blind review that took place: who solved which text, and what they gave.
CREATE TABLE question_reviews (
  id          INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL REFERENCES questions (id),
  revision    TEXT NOT NULL,
  reviewer    TEXT NOT NULL,
  answer      TEXT NOT NULL,
  agreed      INTEGER NOT NULL CHECK (agreed IN (0, 1)),
  verdict     TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'approve', 'change')),
  comment     TEXT NOT NULL DEFAULT '',
  at          INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX question_reviews_once ON question_reviews (question_id, revision, reviewer);

CREATE TABLE question_comments (
  id          INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL REFERENCES questions (id),
  person_id   TEXT NOT NULL,
  text        TEXT NOT NULL CHECK (text <> ''),
  at          INTEGER NOT NULL
) STRICT;

CREATE INDEX question_comments_by_question ON question_comments (question_id, at);

-- Images, by their content.
CREATE TABLE media (
  key      TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  type     TEXT NOT NULL,
  data     BLOB NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;

-- A correction of the key, and the answers it changed. Answers themselves stay
-- as they were graded; the latest correction of one says what it counts as.
CREATE TABLE regrades (
  id          INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL REFERENCES questions (id),
  version     INTEGER NOT NULL,
  reason      TEXT NOT NULL CHECK (reason <> ''),
  actor       TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;

CREATE TABLE corrections (
  sitting_id TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  regrade_id INTEGER NOT NULL REFERENCES regrades (id),
  outcome    TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'dont_know')),
  PRIMARY KEY (sitting_id, seq, regrade_id)
) STRICT, WITHOUT ROWID;

-- An import that is being looked at before anything is written.
CREATE TABLE imports (
  id         TEXT PRIMARY KEY,
  person_id  TEXT NOT NULL,
  title      TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'failed', 'done')),
  done       INTEGER NOT NULL DEFAULT 0,
  total      INTEGER NOT NULL DEFAULT 0,
  report     TEXT NOT NULL DEFAULT '',
  mapping    TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE import_items (
  import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  body      TEXT NOT NULL,
  place     TEXT NOT NULL,
  problems  TEXT NOT NULL DEFAULT '',
  dropped   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (import_id, n)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE import_items;
DROP TABLE imports;
DROP TABLE corrections;
DROP TABLE regrades;
DROP TABLE media;
DROP TABLE question_comments;
DROP TABLE question_reviews;
DROP TRIGGER question_versions_stay;
DROP TRIGGER question_versions_stay_as_they_are;
DROP TABLE question_versions;
DROP TABLE questions;
DROP TABLE bank_members;
ALTER TABLE banks DROP COLUMN withdrawn_at;
ALTER TABLE banks DROP COLUMN description;
ALTER TABLE banks DROP COLUMN visibility;
