-- What the migrations add up to. Written by: go test ./internal/store -update

CREATE TABLE assignment_sittings (
  assignment_id TEXT NOT NULL REFERENCES assignments (id),
  person_id     TEXT NOT NULL REFERENCES people (id),
  sitting_id    TEXT NOT NULL UNIQUE REFERENCES sittings (id),
  begun_at      INTEGER NOT NULL,
  PRIMARY KEY (assignment_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignment_sittings_by_person ON assignment_sittings (person_id);

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

CREATE TABLE audit (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE bank_members (
  bank_id   TEXT NOT NULL REFERENCES banks (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  added_at  INTEGER NOT NULL,
  PRIMARY KEY (bank_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE banks (
  id         TEXT PRIMARY KEY,
  title      TEXT NOT NULL,
  owner      TEXT NOT NULL DEFAULT '',
  counts     INTEGER NOT NULL DEFAULT 0,
  added_at   INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, visibility TEXT NOT NULL DEFAULT 'everyone' CHECK (visibility IN ('private', 'class', 'everyone')), description TEXT NOT NULL DEFAULT '', withdrawn_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE calendar_feeds (
  person_id  TEXT PRIMARY KEY REFERENCES people (id),
  digest     TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  read_at    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE class_banks (
  class_id TEXT NOT NULL REFERENCES classes (id),
  bank_id  TEXT NOT NULL REFERENCES banks (id),
  given_by TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  PRIMARY KEY (class_id, bank_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE class_instructors (
  class_id  TEXT NOT NULL REFERENCES classes (id),
  person_id TEXT NOT NULL REFERENCES people (id),
  added_at  INTEGER NOT NULL,
  PRIMARY KEY (class_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX class_instructors_by_person ON class_instructors (person_id);

CREATE TABLE class_members (
  class_id    TEXT NOT NULL REFERENCES classes (id),
  person_id   TEXT NOT NULL REFERENCES people (id),
  joined_at   INTEGER NOT NULL,
  shares_from INTEGER NOT NULL,
  left_at     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (class_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX class_members_by_person ON class_members (person_id);

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

CREATE TABLE corrections (
  sitting_id TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  regrade_id INTEGER NOT NULL REFERENCES regrades (id),
  outcome    TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'dont_know')),
  PRIMARY KEY (sitting_id, seq, regrade_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE import_items (
  import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  body      TEXT NOT NULL,
  place     TEXT NOT NULL,
  problems  TEXT NOT NULL DEFAULT '',
  dropped   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (import_id, n)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE kept_questions (
  question_id TEXT NOT NULL,
  revision    TEXT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (question_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE marks (
  person_id   TEXT NOT NULL REFERENCES people (id),
  question_id TEXT NOT NULL,
  flagged     INTEGER NOT NULL CHECK (flagged IN (0, 1)),
  note        TEXT NOT NULL,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (person_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
  key      TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  type     TEXT NOT NULL,
  data     BLOB NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER parameter_versions_stay BEFORE DELETE ON parameter_versions
BEGIN SELECT RAISE(ABORT, 'parameter versions are kept'); END;

CREATE TRIGGER parameter_versions_stay_as_they_are BEFORE UPDATE ON parameter_versions
BEGIN SELECT RAISE(ABORT, 'parameter versions never change'); END;

CREATE TABLE parameter_versions (
  number     INTEGER PRIMARY KEY CHECK (number > 0),
  previous   INTEGER NOT NULL CHECK (previous >= 0 AND previous < number),
  made_at    INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  evidence   TEXT NOT NULL,
  parameters TEXT NOT NULL
) STRICT;

CREATE TABLE people (
  id            TEXT PRIMARY KEY,
  email         TEXT UNIQUE,
  name          TEXT NOT NULL DEFAULT '',
  role          TEXT NOT NULL CHECK (role IN ('guest', 'learner', 'instructor', 'admin')),
  password_hash TEXT NOT NULL DEFAULT '',
  version       INTEGER NOT NULL DEFAULT 0,
  profile       TEXT NOT NULL DEFAULT '{}',
  created_at    INTEGER NOT NULL, settings TEXT NOT NULL DEFAULT '{}',
  CHECK ((role = 'guest') = (email IS NULL))
) STRICT;

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

CREATE TABLE problem_reports (
  id          INTEGER PRIMARY KEY,
  person_id   TEXT NOT NULL REFERENCES people (id),
  question_id TEXT NOT NULL,
  revision    TEXT NOT NULL,
  text        TEXT NOT NULL CHECK (text <> ''),
  at          INTEGER NOT NULL
, answer TEXT NOT NULL DEFAULT '', answered_by TEXT NOT NULL DEFAULT '', answered_at INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', resolved_by TEXT NOT NULL DEFAULT '', resolved_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX problem_reports_by_person ON problem_reports (person_id, answered_at);

CREATE INDEX problem_reports_by_question ON problem_reports (question_id, at);

CREATE TABLE question_comments (
  id          INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL REFERENCES questions (id),
  person_id   TEXT NOT NULL,
  text        TEXT NOT NULL CHECK (text <> ''),
  at          INTEGER NOT NULL
) STRICT;

CREATE INDEX question_comments_by_question ON question_comments (question_id, at);

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

CREATE TRIGGER question_versions_stay BEFORE DELETE ON question_versions
BEGIN SELECT RAISE(ABORT, 'published versions are kept'); END;

CREATE TRIGGER question_versions_stay_as_they_are BEFORE UPDATE ON question_versions
BEGIN SELECT RAISE(ABORT, 'published versions never change'); END;

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

CREATE TABLE regrades (
  id          INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL REFERENCES questions (id),
  version     INTEGER NOT NULL,
  reason      TEXT NOT NULL CHECK (reason <> ''),
  actor       TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;

CREATE TRIGGER responses_are_append_only BEFORE UPDATE ON responses
BEGIN SELECT RAISE(ABORT, 'responses are append-only'); END;

CREATE TRIGGER responses_raise_served AFTER INSERT ON responses
BEGIN
  INSERT INTO served (question_id, n) VALUES (NEW.question_id, 1)
  ON CONFLICT (question_id) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER responses_stay BEFORE DELETE ON responses
BEGIN SELECT RAISE(ABORT, 'responses are append-only'); END;

CREATE TABLE responses (
  sitting_id  TEXT NOT NULL REFERENCES sittings (id),
  seq         INTEGER NOT NULL CHECK (seq >= 0),
  question_id TEXT NOT NULL,
  revision    TEXT NOT NULL,
  answer      TEXT NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'dont_know')),
  pretest     INTEGER NOT NULL,
  shown_at    INTEGER NOT NULL,
  answered_at INTEGER NOT NULL, confidence TEXT NOT NULL DEFAULT '' CHECK (confidence IN ('', 'guess', 'unsure', 'sure')), in_place_of TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (sitting_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX responses_by_question ON responses (question_id);

CREATE TABLE served (
  question_id TEXT PRIMARY KEY,
  n           INTEGER NOT NULL CHECK (n > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sitting_events_are_append_only BEFORE UPDATE ON sitting_events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER sitting_events_stay BEFORE DELETE ON sitting_events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE sitting_events (
  sitting_id TEXT NOT NULL REFERENCES sittings (id),
  n          INTEGER NOT NULL CHECK (n > 0),
  client     TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  body       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (sitting_id, n)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX sitting_events_once ON sitting_events (sitting_id, client, seq) WHERE client <> '';

CREATE TABLE sittings (
  id               TEXT PRIMARY KEY,
  person_id        TEXT NOT NULL REFERENCES people (id),
  plan             TEXT NOT NULL,
  seed             INTEGER NOT NULL,
  seq              INTEGER NOT NULL CHECK (seq >= 0),
  current_question TEXT NOT NULL DEFAULT '',
  current_revision TEXT NOT NULL DEFAULT '',
  current_pretest  INTEGER NOT NULL DEFAULT 0,
  current_shown_at INTEGER NOT NULL DEFAULT 0,
  why              TEXT NOT NULL DEFAULT '',
  started_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  finished_at      INTEGER NOT NULL DEFAULT 0
, parameters INTEGER NOT NULL DEFAULT 0 CHECK (parameters >= 0), mode TEXT NOT NULL DEFAULT 'diagnostic' CHECK (mode IN ('diagnostic', 'practice', 'mock')), form TEXT NOT NULL DEFAULT '', deadline INTEGER NOT NULL DEFAULT 0, queue TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'in_progress', 'submitted', 'expired'))) STRICT;

CREATE INDEX sittings_by_person ON sittings (person_id, started_at);

CREATE INDEX sittings_ended ON sittings (finished_at) WHERE state IN ('submitted', 'expired');

CREATE INDEX sittings_with_a_deadline ON sittings (deadline) WHERE state IN ('created', 'in_progress') AND deadline > 0;
