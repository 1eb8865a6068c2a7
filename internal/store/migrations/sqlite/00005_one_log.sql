-- +goose Up
-- A sitting is created, in progress, submitted or expired; before, it was open or
-- finished, and expired beside that.
DROP INDEX sittings_with_a_deadline;

ALTER TABLE sittings ADD COLUMN life TEXT NOT NULL DEFAULT 'created' CHECK (life IN ('created', 'in_progress', 'submitted', 'expired'));

UPDATE sittings SET life = CASE
  WHEN state = 'finished' AND expired = 1 THEN 'expired'
  WHEN state = 'finished' THEN 'submitted'
  WHEN seq > 0 OR EXISTS (SELECT 1 FROM sitting_events e WHERE e.sitting_id = sittings.id) THEN 'in_progress'
  ELSE 'created'
END;

-- Diagnostics and practices had no log. What their answers tell is what it would
-- have said: a question put and answered, in turn, then the question they stand at,
-- or their end.
INSERT INTO sitting_events (sitting_id, n, client, seq, body, at)
SELECT r.sitting_id, 2 * r.seq + 1, '', 0, json_object(
    'n', 2 * r.seq + 1, 'client', '', 'seq', 0, 'kind', 'posed', 'place', r.seq,
    'question', json_object('question', r.question_id, 'revision', r.revision, 'pretest', json(iif(r.pretest, 'true', 'false'))),
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', r.shown_at / 1000.0, 'unixepoch')), r.shown_at
FROM responses r JOIN sittings s ON s.id = r.sitting_id WHERE s.mode <> 'mock';

INSERT INTO sitting_events (sitting_id, n, client, seq, body, at)
SELECT r.sitting_id, 2 * r.seq + 2, '', 0, json_object(
    'n', 2 * r.seq + 2, 'client', '', 'seq', 0, 'kind', 'given', 'place', r.seq,
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', r.answered_at / 1000.0, 'unixepoch')), r.answered_at
FROM responses r JOIN sittings s ON s.id = r.sitting_id WHERE s.mode <> 'mock';

INSERT INTO sitting_events (sitting_id, n, client, seq, body, at)
SELECT id, 2 * seq + 1, '', 0, json_object(
    'n', 2 * seq + 1, 'client', '', 'seq', 0, 'kind', 'posed', 'place', seq,
    'question', json_object('question', current_question, 'revision', current_revision, 'pretest', json(iif(current_pretest, 'true', 'false'))),
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', current_shown_at / 1000.0, 'unixepoch')), current_shown_at
FROM sittings WHERE mode <> 'mock' AND state = 'open' AND current_question <> '';

INSERT INTO sitting_events (sitting_id, n, client, seq, body, at)
SELECT id, 2 * seq + 1, '', 0, json_object(
    'n', 2 * seq + 1, 'client', '', 'seq', 0, 'kind', 'submitted', 'place', 0, 'text', why,
    'at', strftime('%Y-%m-%dT%H:%M:%fZ', finished_at / 1000.0, 'unixepoch')), finished_at
FROM sittings WHERE mode <> 'mock' AND state = 'finished';

-- They end by themselves 30 days after the latest of these.
UPDATE sittings SET updated_at = max(updated_at, current_shown_at) WHERE mode <> 'mock' AND state = 'open';

UPDATE sittings SET deadline = updated_at + 30 * 24 * 60 * 60 * 1000 WHERE mode <> 'mock' AND state = 'open';

ALTER TABLE sittings DROP COLUMN state;
ALTER TABLE sittings DROP COLUMN expired;
ALTER TABLE sittings RENAME COLUMN life TO state;

CREATE INDEX sittings_with_a_deadline ON sittings (deadline) WHERE state IN ('created', 'in_progress') AND deadline > 0;

-- +goose Down
DROP INDEX sittings_with_a_deadline;

ALTER TABLE sittings ADD COLUMN life TEXT NOT NULL DEFAULT 'open' CHECK (life IN ('open', 'finished'));
ALTER TABLE sittings ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;

UPDATE sittings SET expired = 1 WHERE state = 'expired' AND mode = 'mock';

UPDATE sittings SET life = 'finished' WHERE state IN ('submitted', 'expired');

UPDATE sittings SET deadline = 0 WHERE mode <> 'mock';

DROP TRIGGER sitting_events_stay;

DELETE FROM sitting_events WHERE sitting_id IN (SELECT id FROM sittings WHERE mode <> 'mock');

-- +goose StatementBegin
CREATE TRIGGER sitting_events_stay BEFORE DELETE ON sitting_events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- +goose StatementEnd

ALTER TABLE sittings DROP COLUMN state;
ALTER TABLE sittings RENAME COLUMN life TO state;

CREATE INDEX sittings_with_a_deadline ON sittings (deadline) WHERE state = 'open' AND deadline > 0;
