-- +goose Up
CREATE TABLE parameter_versions (
  number     INTEGER PRIMARY KEY CHECK (number > 0),
  previous   INTEGER NOT NULL CHECK (previous >= 0 AND previous < number),
  made_at    INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  evidence   TEXT NOT NULL,
  parameters TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER parameter_versions_stay_as_they_are BEFORE UPDATE ON parameter_versions
BEGIN SELECT RAISE(ABORT, 'parameter versions never change'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER parameter_versions_stay BEFORE DELETE ON parameter_versions
BEGIN SELECT RAISE(ABORT, 'parameter versions are kept'); END;
-- +goose StatementEnd

INSERT INTO settings (key, value) VALUES ('parameters_in_use', '0');

ALTER TABLE sittings ADD COLUMN parameters INTEGER NOT NULL DEFAULT 0 CHECK (parameters >= 0);

-- +goose Down
ALTER TABLE sittings DROP COLUMN parameters;
DELETE FROM settings WHERE key = 'parameters_in_use';
DROP TABLE parameter_versions;
