-- +goose Up
-- What became of a report: the answer its reporter reads, and the note of those
-- who look after the question.
ALTER TABLE problem_reports ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_reports ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_reports ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE problem_reports ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_reports ADD COLUMN resolved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE problem_reports ADD COLUMN resolved_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX problem_reports_by_person ON problem_reports (person_id, answered_at);

-- The answers to one question, and whether any sitting ended since.
CREATE INDEX responses_by_question ON responses (question_id);
CREATE INDEX sittings_ended ON sittings (finished_at) WHERE state IN ('submitted', 'expired');

-- +goose Down
DROP INDEX sittings_ended;
DROP INDEX responses_by_question;
DROP INDEX problem_reports_by_person;
ALTER TABLE problem_reports DROP COLUMN resolved_at;
ALTER TABLE problem_reports DROP COLUMN resolved_by;
ALTER TABLE problem_reports DROP COLUMN note;
ALTER TABLE problem_reports DROP COLUMN answered_at;
ALTER TABLE problem_reports DROP COLUMN answered_by;
ALTER TABLE problem_reports DROP COLUMN answer;
