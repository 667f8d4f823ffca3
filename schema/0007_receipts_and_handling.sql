-- SPDX-License-Identifier: Apache-2.0
-- Receipts are leaves of kind 12 that stand in no chain of a channel: this is where they are found
-- by channel, device and step.
CREATE TABLE receipt (
  journal_index bigint   PRIMARY KEY,
  channel_id    bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  device        bytea    NOT NULL CHECK (octet_length(device) = 16),
  step          smallint NOT NULL CHECK (step IN (1, 2)),
  channel_seq   bigint   NOT NULL CHECK (channel_seq > 0),
  -- Each goes further than the one before it.
  CONSTRAINT receipt_goes_forward UNIQUE (channel_id, device, step, channel_seq)
);
COMMENT ON TABLE receipt IS
  'Append-only projection of the journal''s receipts (kind 12): step 1 delivered, 2 opened, '
  'cumulative up to channel_seq.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE receipt ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON receipt TO oberih_writer;
GRANT SELECT ON receipt TO oberih_reader;
ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipt FORCE ROW LEVEL SECURITY;
CREATE POLICY writer_appends ON receipt TO oberih_writer USING (true) WITH CHECK (true);
CREATE POLICY reader_reads ON receipt FOR SELECT TO oberih_reader USING (true);

-- Consents and entries whose handling code binds (H2, TLP RED and AMBER+STRICT) decide who may be
-- added, so they belong to the structure that a server reads when it starts.
CREATE INDEX entry_consents ON entry (journal_index) WHERE type = 8;
CREATE FUNCTION binds_readers(kind smallint, leaf bytea) RETURNS boolean
  LANGUAGE sql IMMUTABLE AS $$
  -- An entry's header begins at byte 86 of its leaf, its facts at 324: version, then the code.
  SELECT CASE WHEN kind = 5 AND octet_length(leaf) > 325
               AND (get_byte(leaf, 322) <> 0 OR get_byte(leaf, 323) <> 0)
              THEN get_byte(leaf, 325) & 7 = 2 OR get_byte(leaf, 325) >> 3 IN (4, 5)
              ELSE false END
$$;
COMMENT ON FUNCTION binds_readers(smallint, bytea) IS
  'Whether a leaf is an entry with a handling code that binds who may be let in later.';
REVOKE EXECUTE ON FUNCTION binds_readers(smallint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION binds_readers(smallint, bytea) TO oberih_writer, oberih_reader;
CREATE INDEX journal_binding_entries ON journal (journal_index) WHERE binds_readers(kind, leaf);
