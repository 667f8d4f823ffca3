-- SPDX-License-Identifier: Apache-2.0
-- That a wrap does not open permits any member to rotate: it belongs to the structure, like a
-- leave, and a server that starts reads it without looking at all entries.
CREATE INDEX entry_unusable_wraps ON entry (journal_index) WHERE type = 7;
