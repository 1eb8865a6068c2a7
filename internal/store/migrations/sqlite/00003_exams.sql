-- +goose Up
ALTER TABLE people ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

ALTER TABLE sittings ADD COLUMN mode TEXT NOT NULL DEFAULT 'diagnostic' CHECK (mode IN ('diagnostic', 'practice', 'mock'));
ALTER TABLE sittings ADD COLUMN form TEXT NOT NULL DEFAULT '';
ALTER TABLE sittings ADD COLUMN deadline INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sittings ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;

CREATE INDEX sittings_with_a_deadline ON sittings (deadline) WHERE state = 'open' AND deadline > 0;

CREATE TABLE sitting_events (
  sitting_id TEXT NOT NULL REFERENCES sittings (id),
  n          INTEGER NOT NULL CHECK (n > 0),
  client     TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  body       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (sitting_id, n)
) STRICT, WITHOUT ROWID;

-- A tab's event is taken in once; the server's own have no tab.
CREATE UNIQUE INDEX sitting_events_once ON sitting_events (sitting_id, client, seq) WHERE client <> '';

-- +goose StatementBegin
CREATE TRIGGER sitting_events_are_append_only BEFORE UPDATE ON sitting_events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER sitting_events_stay BEFORE DELETE ON sitting_events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE sitting_events;
DROP INDEX sittings_with_a_deadline;
ALTER TABLE sittings DROP COLUMN expired;
ALTER TABLE sittings DROP COLUMN deadline;
ALTER TABLE sittings DROP COLUMN form;
ALTER TABLE sittings DROP COLUMN mode;
ALTER TABLE people DROP COLUMN settings;
