-- SPDX-License-Identifier: Apache-2.0
-- Files beside entries, sealed on the device. They stand apart from the append-only tables: what is
-- never named by an entry lapses, and a lawful erasure can remove one while every proof stays valid.
CREATE TABLE attachment (
  content       bytea    PRIMARY KEY CHECK (octet_length(content) = 32),
  channel_id    bytea    NOT NULL CHECK (octet_length(channel_id) = 32),
  agency        bytea    NOT NULL CHECK (octet_length(agency) = 16),
  device        bytea    NOT NULL CHECK (octet_length(device) = 16),
  padded_bytes  bigint   NOT NULL CHECK (padded_bytes BETWEEN 4096 AND 268435456),
  commitment    bytea    NOT NULL CHECK (octet_length(commitment) = 32),
  chunk_hashes  bytea    NOT NULL CHECK (octet_length(chunk_hashes) = 32 * ((padded_bytes + 131071) / 131072)),
  begun_ms      bigint   NOT NULL CHECK (begun_ms >= 0),
  received      integer  NOT NULL CHECK (received >= 0),
  is_complete   boolean  NOT NULL,
  is_kept       boolean  NOT NULL,
  in_directory  boolean  NOT NULL
);
-- So that one hash is read without the others.
ALTER TABLE attachment ALTER COLUMN chunk_hashes SET STORAGE EXTERNAL;
CREATE INDEX attachment_of_agency ON attachment (agency);
CREATE INDEX attachment_not_kept ON attachment (begun_ms) WHERE NOT is_kept;
COMMENT ON TABLE attachment IS
  'What was announced. received: chunks that are durable, from the first on. is_kept: an entry names '
  'it; the others lapse.';
COMMENT ON COLUMN attachment.content IS
  'Hash over size, commitment and chunk hashes: names one ciphertext under one key.';
COMMENT ON COLUMN attachment.in_directory IS
  'Where the chunks lie: in a file of the directory that attachment_store names, or in the table below.';

CREATE TABLE attachment_chunk (
  content bytea   NOT NULL CHECK (octet_length(content) = 32),
  number  integer NOT NULL CHECK (number BETWEEN 0 AND 2047),
  chunk   bytea   NOT NULL CHECK (octet_length(chunk) BETWEEN 17 AND 131088),
  PRIMARY KEY (content, number)
);
ALTER TABLE attachment_chunk ALTER COLUMN chunk SET STORAGE EXTERNAL;
COMMENT ON TABLE attachment_chunk IS 'Ciphertext with its tag. Empty where attachments lie in a directory.';

GRANT SELECT, INSERT, DELETE ON attachment, attachment_chunk TO oberih_writer;
GRANT UPDATE (received, is_complete, is_kept) ON attachment TO oberih_writer;
GRANT UPDATE (chunk) ON attachment_chunk TO oberih_writer;
GRANT SELECT ON attachment, attachment_chunk TO oberih_reader;
