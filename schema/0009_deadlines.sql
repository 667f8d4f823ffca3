-- SPDX-License-Identifier: Apache-2.0
-- What the server says by itself of tasks (leaves of kind 11): the rests that the calendar leaves
-- out, the newest notice that was given, and when to look again.
ALTER TABLE task_slot
  ADD COLUMN rests      bytea  NOT NULL DEFAULT '\x0000' CHECK (octet_length(rests) % 16 = 2),
  ADD COLUMN noticed_ms bigint NOT NULL DEFAULT 0        CHECK (noticed_ms >= 0);
COMMENT ON COLUMN task_slot.rests IS
  'Times in which the work rested, of those that are over: u16 count, then from and to as u64.';
COMMENT ON COLUMN task_slot.noticed_ms IS
  'The newest moment for which a notice (kind 11) was given; 0: none.';

-- Work that has rested before now. A task's facts begin at byte 324 of its leaf: the task at 328,
-- the action at 344 (8 pause, 9 resume), the slot at 369.
WITH step AS (
  SELECT entry.channel_id, substring(leaf from 329 for 16) AS task_id,
         get_byte(leaf, 369) * 256 + get_byte(leaf, 370) AS slot, get_byte(leaf, 344) AS action,
         entry.channel_seq, server_ms
    FROM entry JOIN journal USING (journal_index)
   WHERE type = 2 AND octet_length(leaf) > 370 AND get_byte(leaf, 344) IN (8, 9)),
rest AS (
  SELECT channel_id, task_id, slot, action, channel_seq, server_ms AS to_ms,
         lag(server_ms) OVER (PARTITION BY channel_id, task_id, slot ORDER BY channel_seq)
           AS from_ms
    FROM step),
slot_rests AS (
  SELECT channel_id, task_id, slot, count(*) AS number,
         string_agg(int8send(from_ms) || int8send(to_ms), ''::bytea ORDER BY channel_seq) AS bytes
    FROM rest WHERE action = 9 GROUP BY channel_id, task_id, slot)
UPDATE task_slot SET rests = int2send(number::smallint) || bytes
  FROM slot_rests
 WHERE task_slot.channel_id = slot_rests.channel_id AND task_slot.task_id = slot_rests.task_id
   AND task_slot.slot = slot_rests.slot;

CREATE TABLE task_wake (
  channel_id bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  task_id    bytea    NOT NULL CHECK (octet_length(task_id) = 16),
  slot       smallint NOT NULL CHECK (slot >= 0),
  due_ms     bigint   NOT NULL CHECK (due_ms > 0),
  next_ms    bigint   NOT NULL CHECK (next_ms >= 0),
  said_ms    bigint   NOT NULL CHECK (said_ms >= 0),
  PRIMARY KEY (channel_id, task_id, slot)
) WITH (fillfactor = 70);
CREATE INDEX task_wake_next ON task_wake (next_ms) WHERE next_ms > 0;
COMMENT ON TABLE task_wake IS
  'When the server looks at a slot of a task again. Written with the leaves, so that each notice is '
  'given once.';
COMMENT ON COLUMN task_wake.next_ms IS '0: not before somebody acts.';
COMMENT ON COLUMN task_wake.said_ms IS
  'What was to be said up to this moment has been said, or lay behind when the due time was set.';

-- Tasks of before: what lies ahead of them is said.
INSERT INTO task_wake (channel_id, task_id, slot, due_ms, next_ms, said_ms)
SELECT channel_id, task_id, slot, due_ms, CASE WHEN state IN (1, 2, 3) THEN 1 ELSE 0 END,
       journal_head.server_ms
  FROM task_slot, journal_head;

-- A wake may be moved without a leaf: the head is locked for it and stays as it is.
CREATE OR REPLACE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < OLD.size OR NEW.server_ms < OLD.server_ms
     OR NEW.directory_count < OLD.directory_count
     OR (NEW.size = OLD.size AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'The journal only grows: its head cannot go from size % to size %.',
      OLD.size, NEW.size USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

GRANT UPDATE (rests, noticed_ms) ON task_slot TO oberih_writer;
GRANT SELECT, INSERT ON task_wake TO oberih_writer;
GRANT UPDATE (due_ms, next_ms, said_ms) ON task_wake TO oberih_writer;
GRANT SELECT ON task_wake TO oberih_reader;
