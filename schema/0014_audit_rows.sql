-- SPDX-License-Identifier: Apache-2.0
-- What auditors find leaves by: who acted and what it is about, as every leaf says of itself
-- without a key. Written with the leaves; rows of leaves from before this migration are made by the
-- server when it starts. `oberihd check` computes each of them anew.
CREATE TABLE audit_row (
  journal_index bigint   PRIMARY KEY,
  kind          smallint NOT NULL CHECK (kind BETWEEN 0 AND 15),
  type          smallint NOT NULL CHECK (type BETWEEN 0 AND 255),
  role          smallint CHECK (role BETWEEN 1 AND 255),
  handling      smallint CHECK (handling BETWEEN 1 AND 255),
  refusal       integer  CHECK (refusal BETWEEN 1 AND 65535),
  device        bytea    CHECK (octet_length(device) = 16),
  agency        bytea    CHECK (octet_length(agency) = 16),
  channel_id    bytea    CHECK (octet_length(channel_id) = 32),
  task_id       bytea    CHECK (octet_length(task_id) = 16),
  hearing_id    bytea    CHECK (octet_length(hearing_id) = 16)
);
COMMENT ON TABLE audit_row IS
  'Append-only projection of the journal, one row a leaf. NULL: the leaf says nothing of it.';
COMMENT ON COLUMN audit_row.type IS
  'Of an entry (kind 5) its type; of a question of an auditor (6) 1 find, 2 read, 3 export; of an '
  'access (12) 0 receipt, 1 session, 2 history, 3 leaves, 4 attachment; else 0.';
COMMENT ON COLUMN audit_row.device IS
  'That signed the leaf, or whose doing it records. NULL: the server''s own word, or an agency''s '
  'root.';
COMMENT ON COLUMN audit_row.role IS
  'Of the device: 1 investigator, 2 prosecutor, 3 court_clerk, 4 judge, 5 caseworker, '
  '6 defence_counsel, 7 coordinator, 8 liaison, 9 supervisor, 10 agency_admin, 11 auditor.';

-- Each ends with the index, so that a page is read in order and ends with its last row. Times need
-- none: they never decrease along the journal.
CREATE INDEX audit_row_device ON audit_row (device, journal_index) WHERE device IS NOT NULL;
CREATE INDEX audit_row_agency ON audit_row (agency, journal_index) WHERE agency IS NOT NULL;
CREATE INDEX audit_row_role ON audit_row (role, journal_index) WHERE role IS NOT NULL;
CREATE INDEX audit_row_channel ON audit_row (channel_id, journal_index)
  WHERE channel_id IS NOT NULL;
CREATE INDEX audit_row_kind ON audit_row (kind, type, journal_index);
CREATE INDEX audit_row_task ON audit_row (task_id, journal_index) WHERE task_id IS NOT NULL;
CREATE INDEX audit_row_hearing ON audit_row (hearing_id, journal_index)
  WHERE hearing_id IS NOT NULL;
CREATE INDEX audit_row_handling ON audit_row (handling, journal_index) WHERE handling IS NOT NULL;
CREATE INDEX audit_row_refusal ON audit_row (refusal, journal_index) WHERE refusal IS NOT NULL;

CREATE FUNCTION first_index_at(ms bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint;
  middle bigint;
BEGIN
  SELECT size INTO high FROM journal_head;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (SELECT server_ms FROM journal WHERE journal_index = middle) < ms THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END $$;
COMMENT ON FUNCTION first_index_at(bigint) IS
  'The first leaf at or behind a moment, by halving: server_ms never decreases.';
REVOKE EXECUTE ON FUNCTION first_index_at(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION first_index_at(bigint) TO oberih_reader;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_row
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_row ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON audit_row TO oberih_writer;
GRANT SELECT ON audit_row TO oberih_reader;
ALTER TABLE audit_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_row FORCE ROW LEVEL SECURITY;
CREATE POLICY writer_appends ON audit_row TO oberih_writer USING (true) WITH CHECK (true);
CREATE POLICY reader_reads ON audit_row FOR SELECT TO oberih_reader USING (true);
CREATE POLICY owner_views ON audit_row FOR SELECT TO oberih_owner USING (may_see_rows());

CREATE OR REPLACE VIEW audit_metadata WITH (security_barrier) AS
  SELECT j.journal_index, j.kind, j.server_ms, j.channel_id, j.channel_seq, j.leaf_hash,
         e.type, e.sender_device, e.sender_seq, e.message_id,
         a.device, a.agency, a.role, a.type AS subtype, a.task_id, a.hearing_id, a.handling,
         a.refusal
    FROM journal j LEFT JOIN entry e USING (journal_index)
         LEFT JOIN audit_row a USING (journal_index);
