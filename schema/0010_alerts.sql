-- SPDX-License-Identifier: Apache-2.0
-- Alerts are leaves of kind 11 that stand in no channel: this is where they are found by the agency
-- and unit that they are for.
CREATE TABLE alert (
  journal_index bigint PRIMARY KEY,
  agency        bytea  NOT NULL CHECK (octet_length(agency) = 16),
  unit          bytea  NOT NULL CHECK (octet_length(unit) = 16)
);
CREATE INDEX alert_of_agency ON alert (agency, journal_index);
COMMENT ON TABLE alert IS
  'Append-only projection of the journal''s alerts (kind 11 outside of channels).';
COMMENT ON COLUMN alert.unit IS 'That was asked for the work; zeros: a person was.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE alert ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON alert TO oberih_writer;
GRANT SELECT ON alert TO oberih_reader;
ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert FORCE ROW LEVEL SECURITY;
CREATE POLICY writer_appends ON alert TO oberih_writer USING (true) WITH CHECK (true);
CREATE POLICY reader_reads ON alert FOR SELECT TO oberih_reader USING (true);
