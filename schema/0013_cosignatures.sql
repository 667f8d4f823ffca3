-- SPDX-License-Identifier: Apache-2.0
-- What witnesses have said of checkpoints. A witness may say it again later: that is news of when.
-- No foreign key, as everywhere (0001): `oberihd check` verifies each line against its checkpoint.
CREATE TABLE cosignature (
  size       bigint NOT NULL,
  witness    text   NOT NULL CHECK (octet_length(witness) BETWEEN 1 AND 256),
  cosigned_s bigint NOT NULL CHECK (cosigned_s >= 0),
  line       text   NOT NULL CHECK (octet_length(line) <= 1024),
  PRIMARY KEY (size, witness, cosigned_s)
);
COMMENT ON TABLE cosignature IS
  'Append-only. Signature lines of witnesses, as they stand in the note of the checkpoint.';
COMMENT ON COLUMN cosignature.cosigned_s IS 'Seconds since 1970, by the witness''s own clock.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cosignature
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE cosignature ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON cosignature TO oberih_writer;
GRANT SELECT ON cosignature TO oberih_reader;
