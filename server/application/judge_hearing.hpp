// SPDX-License-Identifier: Apache-2.0
// An entry about a hearing inside the commit batch: the rules of hearings say whether it may stand
// and whose part it is, policy whether the caller's role may do it. Both must say yes.
#pragma once

#include "protocol/sealing/hearing_rules.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Whether policy lets the caller act, who stands to the hearing as given. On the recorder's
/// thread.
using MayActOnHearing = std::function<Result<void>(const sealing::HearingRelations&)>;
MayActOnHearing ask_policy_for(const Services& services, const domain::Caller& caller,
                               const ChannelId& channel, sealing::HearingVerb verb);

domain::Action action_of(sealing::HearingVerb verb);

/// The hearing after the entry, for stage_hearing(). INVARIANT: judge_entry has accepted the
/// header.
Result<sealing::Hearing> judge_hearing_entry(BatchView& batch, const sealing::EntryHeader& header,
                                             const Digest& message_hash,
                                             const sealing::HearingFacts& facts,
                                             const MayActOnHearing& may);

/// The same of an acknowledgement; nothing where it is of no version of a hearing. INVARIANT:
/// judge_references has accepted the header too.
Result<std::optional<sealing::Hearing>> judge_acknowledged_hearing(
    BatchView& batch, const sealing::EntryHeader& header, const Digest& message_hash);

}  // namespace oberih::application
