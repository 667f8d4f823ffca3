// SPDX-License-Identifier: Apache-2.0
#include "server/application/open_session.hpp"

#include "protocol/sealing/directory_checkpoint.hpp"

namespace oberih::application {

Result<wire::HelloReply> open_session(const Services& services, const domain::Caller& caller,
                                      const wire::SessionHello& request) {
  OBERIH_TRY(authorize(services, caller, domain::Action::session_hello));
  const std::optional<SignedCheckpoint> checkpoint = services.view.checkpoint();
  if (!checkpoint) return refuse(RefusalCode::unavailable, "no checkpoint is signed yet");
  // Who holds a checkpoint that the roots have given up must come in to learn that.
  if (request.checkpoint_size > checkpoint->size &&
      !sealing::is_in_lost_tail(*services.view.directory(), request.checkpoint_size))
    return refuse(RefusalCode::unavailable, "this server's journal is behind your last checkpoint");
  wire::HelloReply reply;
  reply.server_version = services.server_version;
  reply.device = caller.device;
  reply.server_ms = rule_time_ms(services);
  reply.journal_size = services.view.size();
  reply.directory_count = services.view.directory()->count();
  reply.checkpoint = checkpoint->note;
  return reply;
}

}  // namespace oberih::application
