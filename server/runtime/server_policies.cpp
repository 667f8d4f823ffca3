// SPDX-License-Identifier: Apache-2.0
// The part of the server that exchanges its policies while it serves.
#include "protocol/encoding/hex.hpp"
#include "server/application/record_policies.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/runtime/server_app.hpp"

namespace oberih::runtime {

void ServerApp::reload_policies() {
  Result<application::Policies> policies = load_policies(settings_.policies_directory);
  if (!policies)
    return log_.write(LogLevel::error, "policies_refused",
                      {{"reason", policies.error().detail + " The old ones stay in force."}});
  {
    std::lock_guard lock(wanted_mutex_);
    wanted_policies_ = std::make_shared<const application::Policies>(std::move(*policies));
    policies_read_ms_ = clock_.now_ms();
  }
  record_policies();
}

void ServerApp::tend() {
  refusals_->close_windows();
  accesses_->close_windows();
  record_policies();
  look_at_witnesses();
  // Whoever serves says what is due, and nobody decides by policies that the journal does not name.
  if (lock_state_ == storage::ServingLockState::held && are_policies_recorded()) deadlines_.look();
}

bool ServerApp::are_policies_recorded() {
  std::lock_guard lock(wanted_mutex_);
  return wanted_policies_ == nullptr;
}

/// The journal first, then the decisions: nobody is judged by a policy that it does not name. What
/// could not be written is tried again.
void ServerApp::record_policies() {
  application::PoliciesPointer wanted;
  Milliseconds read_ms = 0;
  {
    std::lock_guard lock(wanted_mutex_);
    if (!wanted_policies_ || std::exchange(is_recording_policies_, true)) return;
    wanted = wanted_policies_;
    read_ms = policies_read_ms_;
  }
  application::record_policies(recorder_, wanted, read_ms, [this, wanted](Result<void> recorded) {
    if (recorded) take_policies_in_force(wanted);
    bool is_told = false;
    {
      std::lock_guard lock(wanted_mutex_);
      is_recording_policies_ = false;
      is_told = std::exchange(told_of_policies_, !recorded);
      if (recorded && wanted_policies_ == wanted) wanted_policies_ = nullptr;
    }
    if (!recorded && !is_told)
      log_.write(LogLevel::error, "policies_not_recorded",
                 {{"reason", std::string(refusal_row(recorded.error().code).sentence)}});
  });
}

void ServerApp::take_policies_in_force(const application::PoliciesPointer& policies) {
  policies_.replace(policies);
  for (const sealing::PolicyFile& file : policies->files)
    log_.write(LogLevel::info, "policy_in_force",
               {{"policy", file.name}, {"sha256", encoding::encode_hex(file.hash)}});
}

}  // namespace oberih::runtime
