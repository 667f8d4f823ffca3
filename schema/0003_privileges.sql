-- SPDX-License-Identifier: Apache-2.0
-- Least privilege. The roles are made with the cluster: oberih_owner runs migrations and nothing
-- else, oberih_writer appends, oberih_reader serves reads and `oberihd check`, oberih_auditor sees
-- views.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO oberih_writer, oberih_reader, oberih_auditor;
REVOKE EXECUTE ON FUNCTION refuse_change(), refuse_shrinking() FROM PUBLIC;

GRANT SELECT, INSERT ON journal, entry, ciphertext, epoch_wraps, checkpoint TO oberih_writer;
GRANT SELECT ON journal_head, schema_migration TO oberih_writer;
GRANT UPDATE (size, frontier, server_ms, directory_count, directory_leaf) ON journal_head
  TO oberih_writer;
-- A renewed certificate may bear a new name; a card must hash to its certificate.
GRANT SELECT, INSERT, UPDATE (salt, name, languages) ON name_card TO oberih_writer;

GRANT SELECT ON journal, entry, ciphertext, epoch_wraps, name_card, checkpoint, journal_head,
  schema_migration TO oberih_reader;

-- Row-level security binds the owner too (FORCE), and thereby the views below, which run with the
-- owner's rights. An auditor sees rows only inside a query that has a name; without one: none.
CREATE FUNCTION may_see_rows() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user <> 'oberih_auditor'
      OR coalesce(current_setting('oberih.audit_query', true), '') <> ''
$$;
COMMENT ON FUNCTION may_see_rows() IS
  'Auditors set oberih.audit_query (SET LOCAL) before they read; the server records the query '
  'first.';
REVOKE EXECUTE ON FUNCTION may_see_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_see_rows() TO oberih_auditor;

ALTER TABLE journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE journal FORCE ROW LEVEL SECURITY;
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry FORCE ROW LEVEL SECURITY;
CREATE POLICY writer_appends ON journal TO oberih_writer USING (true) WITH CHECK (true);
CREATE POLICY writer_appends ON entry TO oberih_writer USING (true) WITH CHECK (true);
CREATE POLICY reader_reads ON journal FOR SELECT TO oberih_reader USING (true);
CREATE POLICY reader_reads ON entry FOR SELECT TO oberih_reader USING (true);
CREATE POLICY owner_views ON journal FOR SELECT TO oberih_owner USING (may_see_rows());
CREATE POLICY owner_views ON entry FOR SELECT TO oberih_owner USING (may_see_rows());

CREATE VIEW audit_metadata WITH (security_barrier) AS
  SELECT j.journal_index, j.kind, j.server_ms, j.channel_id, j.channel_seq, j.leaf_hash,
         e.type, e.sender_device, e.sender_seq, e.message_id
    FROM journal j LEFT JOIN entry e USING (journal_index);
COMMENT ON VIEW audit_metadata IS
  'What auditors may query: who did what, where and when. No leaf, no ciphertext, no key, no name.';
GRANT SELECT ON audit_metadata TO oberih_auditor;
