-- SPDX-License-Identifier: Apache-2.0
-- What the task entries (type 2) add up to. A projection: `oberihd check` computes it again from
-- the journal. No word of a task is here, they are sealed. Keyed by channel first, because ids of
-- tasks are unique within their channel alone.

CREATE TABLE task (
  channel_id           bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  task_id              bytea    NOT NULL CHECK (octet_length(task_id) = 16),
  requester_kind       smallint NOT NULL CHECK (requester_kind IN (1, 2)),
  requester_agency     bytea    NOT NULL CHECK (octet_length(requester_agency) = 16),
  requester_id         bytea    NOT NULL CHECK (octet_length(requester_id) = 16),
  proposer             bytea    NOT NULL CHECK (octet_length(proposer) = 16),
  proposer_stands_for  bytea    NOT NULL CHECK (octet_length(proposer_stands_for) = 16),
  kind                 smallint NOT NULL CHECK (kind BETWEEN 1 AND 255),
  urgency              smallint NOT NULL CHECK (urgency BETWEEN 1 AND 4),
  proposed_seq         bigint   NOT NULL CHECK (proposed_seq > 0),
  proposed_ms          bigint   NOT NULL CHECK (proposed_ms >= 0),
  depends_on           bytea    NOT NULL CHECK (octet_length(depends_on) % 16 = 0),
  PRIMARY KEY (channel_id, task_id)
);
COMMENT ON TABLE task IS 'What a task''s proposal says for good.';
COMMENT ON COLUMN task.requester_kind IS '1 a unit, 2 a person.';
COMMENT ON COLUMN task.depends_on IS 'Ids of tasks of the same channel, one behind the other.';

CREATE TABLE task_slot (
  channel_id            bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  task_id               bytea    NOT NULL CHECK (octet_length(task_id) = 16),
  slot                  smallint NOT NULL CHECK (slot >= 0),
  assignee_kind         smallint NOT NULL CHECK (assignee_kind IN (1, 2)),
  assignee_agency       bytea    NOT NULL CHECK (octet_length(assignee_agency) = 16),
  assignee_id           bytea    NOT NULL CHECK (octet_length(assignee_id) = 16),
  state                 smallint NOT NULL CHECK (state BETWEEN 1 AND 8),
  version               bigint   NOT NULL CHECK (version > 0),
  holder                bytea    NOT NULL CHECK (octet_length(holder) = 16),
  holder_stands_for     bytea    NOT NULL CHECK (octet_length(holder_stands_for) = 16),
  submitter             bytea    NOT NULL CHECK (octet_length(submitter) = 16),
  due_ms                bigint   NOT NULL CHECK (due_ms > 0),
  due_is_date           boolean  NOT NULL,
  paused_ms             bigint   NOT NULL CHECK (paused_ms >= 0),
  pause_reason          smallint NOT NULL CHECK (pause_reason BETWEEN 0 AND 255),
  is_finished_elsewhere boolean  NOT NULL,
  changed_seq           bigint   NOT NULL CHECK (changed_seq > 0),
  changed_ms            bigint   NOT NULL CHECK (changed_ms >= 0),
  PRIMARY KEY (channel_id, task_id, slot)
) WITH (fillfactor = 70);
COMMENT ON TABLE task_slot IS
  'Each assignee''s part of a task as it is now: state, version, holder, due time.';
COMMENT ON COLUMN task_slot.holder IS 'Zero: nobody has accepted it yet.';
COMMENT ON COLUMN task_slot.paused_ms IS 'Since when the work rests; 0: it does not.';

-- The writer moves a slot on, and never changes what was asked of whom in the first place.
GRANT SELECT, INSERT ON task, task_slot TO oberih_writer;
GRANT UPDATE (assignee_kind, assignee_id, state, version, holder, holder_stands_for, submitter,
              due_ms, due_is_date, paused_ms, pause_reason, is_finished_elsewhere, changed_seq,
              changed_ms) ON task_slot TO oberih_writer;
GRANT SELECT ON task, task_slot TO oberih_reader;
