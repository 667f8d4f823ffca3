-- SPDX-License-Identifier: Apache-2.0
-- Hearings as the entries of their channel add up (type 3, and the answers of type 4): the newest
-- version, how each addressee was told of it, what the server has said, and when to look again.
CREATE TABLE hearing (
  channel_id bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  hearing_id bytea    NOT NULL CHECK (octet_length(hearing_id) = 16),
  hearing    bytea    NOT NULL CHECK (octet_length(hearing) > 0),
  excludes   boolean  NOT NULL,
  next_ms    bigint   NOT NULL CHECK (next_ms >= 0),
  looked_ms  bigint   NOT NULL CHECK (looked_ms > 0),
  PRIMARY KEY (channel_id, hearing_id)
) WITH (fillfactor = 70);
CREATE INDEX hearing_next ON hearing (next_ms) WHERE next_ms > 0;
CREATE INDEX hearing_excluding ON hearing (channel_id) WHERE excludes;
COMMENT ON TABLE hearing IS
  'A projection of the channels'' chains, written with the leaves. oberihd check computes it again.';
COMMENT ON COLUMN hearing.hearing IS
  'State, version, notice of the newest version, and of each addressee answer, service and telling.';
COMMENT ON COLUMN hearing.excludes IS
  'Whether it names somebody who may not be told and is not over: whoever is added is held '
  'against it.';
COMMENT ON COLUMN hearing.next_ms IS '0: nothing is to be said of it before somebody acts.';
COMMENT ON COLUMN hearing.looked_ms IS 'What was to be said up to this moment has been said.';

GRANT SELECT, INSERT ON hearing TO oberih_writer;
GRANT UPDATE (hearing, excludes, next_ms, looked_ms) ON hearing TO oberih_writer;
GRANT SELECT ON hearing TO oberih_reader;
