-- SPDX-License-Identifier: Apache-2.0
-- The journal, and what lies beside it. Run by `oberihd migrate` as oberih_owner; forward only.
--
-- No foreign keys between these tables: one statement writes them together under the head row, a
-- look-up per row would cost throughput, and `oberihd check` proves the same and more.

CREATE TABLE journal (
  journal_index bigint   PRIMARY KEY CHECK (journal_index >= 0),
  kind          smallint NOT NULL CHECK (kind BETWEEN 0 AND 15),
  server_ms     bigint   NOT NULL CHECK (server_ms >= 0),
  channel_id    bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  channel_seq   bigint   NOT NULL CHECK (channel_seq >= 0),
  leaf_hash     bytea    NOT NULL CHECK (octet_length(leaf_hash) = 32),
  leaf          bytea    NOT NULL CHECK (octet_length(leaf) BETWEEN 86 AND 65535)
);
-- Hashes, keys and signatures do not compress: trying would only cost time.
ALTER TABLE journal ALTER COLUMN leaf SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX journal_channel_sequence ON journal (channel_id, channel_seq)
  WHERE channel_seq > 0;
-- What the in-memory view is built from: the directory's kinds and channel records.
CREATE INDEX journal_structure ON journal (journal_index)
  WHERE kind IN (0, 1, 2, 3, 4, 14, 15);
CREATE INDEX journal_created_channels ON journal (channel_id)
  WHERE kind = 4 AND channel_seq = 1;

COMMENT ON TABLE journal IS
  'Append-only. One row a leaf; leaf is what is hashed into the tree, the other columns repeat '
  'its header for queries.';
COMMENT ON COLUMN journal.channel_id IS
  'Zero for the directory (kinds 0 to 3, 14, 15), which is a chain of its own, and where no '
  'channel is concerned.';
COMMENT ON COLUMN journal.channel_seq IS '0: the leaf stands in no chain.';
COMMENT ON COLUMN journal.leaf_hash IS 'SHA-256 of 0x00 and leaf (RFC 6962).';

CREATE TABLE entry (
  journal_index bigint   PRIMARY KEY,
  channel_id    bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  channel_seq   bigint   NOT NULL CHECK (channel_seq > 0),
  type          smallint NOT NULL CHECK (type BETWEEN 1 AND 255),
  sender_device bytea    NOT NULL CHECK (octet_length(sender_device) = 16),
  sender_seq    bigint   NOT NULL CHECK (sender_seq > 0),
  seen_seq      bigint   NOT NULL CHECK (seen_seq >= 0),
  log_size      bigint   NOT NULL CHECK (log_size >= 0),
  message_id    bytea    NOT NULL CHECK (octet_length(message_id) = 16),
  message_hash  bytea    NOT NULL CHECK (octet_length(message_hash) = 32),
  CONSTRAINT entry_message_id_once UNIQUE (sender_device, message_id),
  CONSTRAINT entry_sender_sequence UNIQUE (channel_id, sender_device, sender_seq)
);
-- A leave changes who counts as a member, so it belongs to the structure too.
CREATE INDEX entry_leaves ON entry (journal_index) WHERE type = 6;

COMMENT ON TABLE entry IS
  'Append-only projection of the journal''s leaves of kind 5: fields of the signed header, for '
  'queries and idempotence.';

CREATE TABLE ciphertext (
  journal_index bigint PRIMARY KEY,
  ciphertext    bytea  NOT NULL CHECK (octet_length(ciphertext) BETWEEN 16 AND 65536)
);
ALTER TABLE ciphertext ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
COMMENT ON TABLE ciphertext IS
  'Sealed bodies of entries. Beside the journal, which holds their hashes, so that one can '
  'lawfully be erased.';

CREATE TABLE epoch_wraps (
  journal_index bigint PRIMARY KEY,
  channel_id    bytea  NOT NULL CHECK (octet_length(channel_id) = 32),
  epoch         bigint NOT NULL CHECK (epoch > 0),
  wraps         bytea  NOT NULL,
  prev_box      bytea  NOT NULL
);
ALTER TABLE epoch_wraps ALTER COLUMN wraps SET STORAGE EXTERNAL;
CREATE INDEX epoch_wraps_of_channel ON epoch_wraps (channel_id, epoch);
COMMENT ON TABLE epoch_wraps IS
  'What lies beside a channel record (kind 4): its wrapped keys, concatenated, and the box with '
  'the previous epoch''s key.';

CREATE TABLE name_card (
  device    bytea PRIMARY KEY CHECK (octet_length(device) = 16),
  salt      bytea NOT NULL CHECK (octet_length(salt) = 16),
  name      text  NOT NULL,
  languages text  NOT NULL
);
COMMENT ON TABLE name_card IS
  'Names of people, by device. Beside the journal, which holds salted hashes of them, so that '
  'one can lawfully be erased.';

CREATE TABLE checkpoint (
  size      bigint PRIMARY KEY CHECK (size >= 0),
  root      bytea  NOT NULL CHECK (octet_length(root) = 32),
  note      text   NOT NULL,
  signed_ms bigint NOT NULL DEFAULT floor(extract(epoch FROM clock_timestamp()) * 1000)
);
COMMENT ON TABLE checkpoint IS
  'Append-only. Every signed checkpoint: entries may quote any of them.';
COMMENT ON COLUMN checkpoint.signed_ms IS 'When it was stored; for people, no rule reads it.';

-- Updated with every batch: room in the page keeps these updates out of the index.
CREATE TABLE journal_head (
  single          boolean PRIMARY KEY DEFAULT true CHECK (single),
  size            bigint  NOT NULL CHECK (size >= 0),
  frontier        bytea   NOT NULL CHECK (octet_length(frontier) BETWEEN 8 AND 8 + 63 * 32),
  server_ms       bigint  NOT NULL CHECK (server_ms >= 0),
  directory_count bigint  NOT NULL CHECK (directory_count >= 0),
  directory_leaf  bytea   NOT NULL CHECK (octet_length(directory_leaf) = 32)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE journal_head IS
  'One row, the journal''s only sequencer: whoever appends moves it on from the size they saw, '
  'or appends nothing.';
INSERT INTO journal_head (size, frontier, server_ms, directory_count, directory_leaf)
  VALUES (0, decode('0000000000000000', 'hex'), 0, 0, decode(repeat('00', 32), 'hex'));
