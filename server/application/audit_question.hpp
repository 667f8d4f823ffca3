// SPDX-License-Identifier: Apache-2.0
// How a question of an auditor comes into the journal, before anything is answered.
#pragma once

#include "protocol/sealing/audit_leaf.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// The caller's own question of that meaning, signed, about a size that is signed.
/// Refusals: malformed_object, forbidden, bad_signature, checkpoint_unknown, unavailable.
Result<sealing::SignedAuditQuestion> take_question(const Services& services,
                                                   const domain::Caller& caller,
                                                   sealing::AuditWhat what, const Bytes& content,
                                                   const Signature& signature);

/// The leaf of it, in the recorder's unit. Refusals: the device was revoked or ran out meanwhile.
Result<wire::Appended> stage_asked(BatchView& batch, const ChannelId& channel,
                                   const sealing::SignedAuditQuestion& question);

/// Commits the leaf of kind 6; `done` is called after COMMIT, on the recorder's thread.
void record_question(const Services& services, const domain::Caller& caller,
                     const ChannelId& channel, sealing::SignedAuditQuestion question,
                     Answer<wire::Appended> done);

}  // namespace oberih::application
