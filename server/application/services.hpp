// SPDX-License-Identifier: Apache-2.0
// What the requests of this folder work with; put together once by the composition root.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"
#include "server/application/recorder.hpp"
#include "server/domain/name_visibility.hpp"
#include "server/domain/permission_policy.hpp"
#include "server/domain/seating_policy.hpp"

namespace oberih::application {

struct Policies {
  domain::PermissionPolicy permissions;
  domain::SeatingPolicy seating;
  domain::NameVisibility names;
};

struct Services {
  const JournalView& view;
  JournalReader& reader;
  Recorder& recorder;
  const Clock& clock;
  const Policies& policies;
  std::string server_version;
};

template <class Reply>
using Answer = std::function<void(Result<Reply>)>;

/// The one gate. A channel is null where the action is on none. Refuses not_found or forbidden.
Result<void> authorize(const Services& services, const domain::Caller& caller,
                       domain::Action action, const ChannelId* channel = nullptr);

/// The caller behind a TLS key. Refuses unknown_device, device_revoked, certificate_expired.
Result<domain::Caller> identify_caller(const Services& services, const Digest& tls_spki);

}  // namespace oberih::application
