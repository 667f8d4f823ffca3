-- SPDX-License-Identifier: Apache-2.0
-- Rows for auditors are made behind the commits now, and pairs of filters are answered by one index
-- alone: of a channel who did what, of a refusal whose.
COMMENT ON TABLE audit_row IS
  'Append-only projection of the journal, one row a leaf, made a moment behind the commit. NULL: the '
  'leaf says nothing of it.';

DROP INDEX audit_row_channel;
CREATE INDEX audit_row_channel ON audit_row (channel_id, journal_index)
  INCLUDE (device, kind, type) WHERE channel_id IS NOT NULL;
DROP INDEX audit_row_refusal;
CREATE INDEX audit_row_refusal ON audit_row (refusal, journal_index)
  INCLUDE (agency, device, channel_id) WHERE refusal IS NOT NULL;

-- An index answers alone only for pages that VACUUM has seen: the newest must not wait for a fifth
-- of the table.
ALTER TABLE audit_row SET (autovacuum_vacuum_insert_scale_factor = 0,
                           autovacuum_vacuum_insert_threshold = 100000);
