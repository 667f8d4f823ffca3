-- SPDX-License-Identifier: Apache-2.0
-- Entries that ask people to receive, open or acknowledge them: whom, who has, what was said where
-- a step was missing at its limit (leaves of kind 11), and when to look again.
CREATE TABLE asked_entry (
  channel_id  bytea  NOT NULL CHECK (octet_length(channel_id) = 32),
  channel_seq bigint NOT NULL CHECK (channel_seq > 0),
  asked       bytea  NOT NULL CHECK (octet_length(asked) > 0),
  next_ms     bigint NOT NULL CHECK (next_ms >= 0),
  looked_ms   bigint NOT NULL CHECK (looked_ms > 0),
  PRIMARY KEY (channel_id, channel_seq)
) WITH (fillfactor = 70);
CREATE INDEX asked_entry_next ON asked_entry (next_ms) WHERE next_ms > 0;
COMMENT ON TABLE asked_entry IS
  'When the server looks at an entry that asks for something again. Written with the leaves, so '
  'that each step that is missing is said once.';
COMMENT ON COLUMN asked_entry.asked IS
  'A projection of the channel''s chain: whom the entry asks for what, who has acknowledged it, the '
  'newest moment of each step that was said. oberihd check computes it again.';
COMMENT ON COLUMN asked_entry.next_ms IS '0: nothing is to be said of it any more.';
COMMENT ON COLUMN asked_entry.looked_ms IS 'What was to be said up to this moment has been said.';

-- Entries of before ask nobody again: they have no row.
CREATE TABLE asked_entry_begin (
  single        boolean PRIMARY KEY DEFAULT true CHECK (single),
  journal_index bigint  NOT NULL CHECK (journal_index >= 0)
);
COMMENT ON TABLE asked_entry_begin IS 'From which entry of the journal on asked_entry has rows.';
INSERT INTO asked_entry_begin (journal_index) SELECT size FROM journal_head;

GRANT SELECT, INSERT ON asked_entry TO oberih_writer;
GRANT UPDATE (asked, next_ms, looked_ms) ON asked_entry TO oberih_writer;
GRANT SELECT ON asked_entry, asked_entry_begin TO oberih_reader;
