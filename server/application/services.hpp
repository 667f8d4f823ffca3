// SPDX-License-Identifier: Apache-2.0
// What the requests of this folder work with; put together once by the composition root.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/application/access_tally.hpp"
#include "server/application/attachment_desk.hpp"
#include "server/application/change_pace.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/policies_in_force.hpp"
#include "server/application/ports.hpp"
#include "server/application/recorder.hpp"
#include "server/application/refusal_tally.hpp"

namespace oberih::application {

inline constexpr std::size_t default_changes_per_hour = 120;  // settings: key_changes_per_hour

struct Services {
  const JournalView& view;
  JournalReader& reader;
  Recorder& recorder;
  const Clock& clock;
  const PoliciesInForce& policies;
  std::string server_version;
  std::shared_ptr<ChangePace> change_pace = std::make_shared<ChangePace>(default_changes_per_hour);
  std::shared_ptr<RefusalTally> refusals = nullptr;  // none: refusals are not recorded
  AttachmentDesk* attachments = nullptr;             // none: refused as unavailable
  std::shared_ptr<AccessTally> accesses = nullptr;   // none: accesses are not recorded
  AuditIndex* audit_index = nullptr;                 // none: leaves are found when committed
};

template <class Reply>
using Answer = std::function<void(Result<Reply>)>;

/// What an action is about. How the caller stands to channel and agency is derived from it; how to
/// a task, hearing or handling code (`standing`) says the use case, which knows their state.
struct Object {
  std::optional<ChannelId> channel;
  std::optional<AgencyId> agency;
  domain::Relations standing = {};
};

/// The one gate. Refuses forbidden; not_found alike for a channel that is not there and for one on
/// whose roster the caller does not stand.
Result<void> authorize(const Services& services, const domain::Caller& caller,
                       domain::Action action, const Object& object = {});

/// The caller behind a TLS key. Refuses unknown_device, device_revoked, certificate_expired.
Result<domain::Caller> identify_caller(const Services& services, const Digest& tls_spki);

/// The time for rules that are asked outside of a commit: never behind the journal.
Milliseconds rule_time_ms(const Services& services);

}  // namespace oberih::application
