// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_checkpoint.hpp"

namespace oberih::application {

Result<wire::CheckpointReply> read_checkpoint(const Services& services,
                                              const domain::Caller& caller,
                                              const wire::CheckpointRead&) {
  OBERIH_TRY(authorize(services, caller, domain::Action::checkpoint_read));
  // In this order: what is witnessed is never newer than what is signed.
  const std::optional<WitnessedNote> witnessed = services.view.witnessed();
  const std::optional<SignedCheckpoint> checkpoint = services.view.checkpoint();
  if (!checkpoint) return refuse(RefusalCode::unavailable, "no checkpoint is signed yet");
  wire::CheckpointReply reply{checkpoint->note, witnessed ? witnessed->note : std::string()};
  if (const std::optional<AnchoredHead> head = services.view.anchored())
    reply.anchored = {head->size, head->at_ms, head->unanchored_ms};
  return reply;
}

}  // namespace oberih::application
