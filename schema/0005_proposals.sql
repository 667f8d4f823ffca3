-- SPDX-License-Identifier: Apache-2.0
-- Proposals and approvals (kind 7) are part of what the in-memory view is built from at start-up;
-- without an index of their own every leaf of the journal would be read for them.
CREATE INDEX journal_proposals ON journal (journal_index) WHERE kind = 7;
