// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/witnessed_cover.hpp"

namespace oberih::client {
namespace {

constexpr std::chrono::milliseconds look_again{200};

}  // namespace

Result<std::optional<std::string>> await_witnessed_cover(ClientSession& session,
                                                         std::uint64_t leaf_index,
                                                         std::chrono::milliseconds patience) {
  const std::optional<std::string> none;
  if (sealing::witness_rules(session.directory()).is_empty()) return none;
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (true) {
    OBERIH_TRY(session.read_checkpoint());
    const std::optional<WitnessedHead> head = session.witnesses().newest();
    if (head && head->size > leaf_index) return session.store().proofs().witnessed_note();
    if (std::chrono::steady_clock::now() >= give_up || !session.wait(look_again)) return none;
  }
}

}  // namespace oberih::client
