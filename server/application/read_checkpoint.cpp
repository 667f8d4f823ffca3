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
  return wire::CheckpointReply{checkpoint->note, witnessed ? witnessed->note : std::string()};
}

}  // namespace oberih::application
