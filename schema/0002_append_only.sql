-- SPDX-License-Identifier: Apache-2.0
-- Triggers that fire always, also under session_replication_role = replica. They are the second
-- line: an owner can disable them, and then `oberihd check` and the signed checkpoints tell.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The table % is append-only: % is refused. What stands in the journal stays.',
    TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change() IS
  'Refuses the statement that fired it, whatever it would have changed.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schema_migration
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER one_row BEFORE INSERT OR DELETE OR TRUNCATE ON journal_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size <= OLD.size OR NEW.server_ms < OLD.server_ms
     OR NEW.directory_count < OLD.directory_count THEN
    RAISE EXCEPTION 'The journal only grows: its head cannot go from size % to size %.',
      OLD.size, NEW.size USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION refuse_shrinking() IS
  'Keeps size, time and directory count of journal_head from falling.';
CREATE TRIGGER only_grows BEFORE UPDATE ON journal_head
  FOR EACH ROW EXECUTE FUNCTION refuse_shrinking();

ALTER TABLE journal ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE entry ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE schema_migration ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE journal_head ENABLE ALWAYS TRIGGER one_row;
ALTER TABLE journal_head ENABLE ALWAYS TRIGGER only_grows;
