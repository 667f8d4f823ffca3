// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/lost_tail.hpp"

#include <iostream>

#include "protocol/encoding/hex.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "server/application/checkpoint_file.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/journal_store.hpp"

namespace oberih::runtime {

Result<int> show_lost_tail(const Settings& settings) {
  auto note = application::CheckpointFile(settings.state_directory + "/checkpoint").read();
  if (!note)
    return refuse(RefusalCode::local_state_broken,
                  "There is no checkpoint in the state directory to compare with.");
  auto lost = journal::read_unverified_checkpoint(*note);
  if (!lost)
    return refuse(RefusalCode::local_state_broken,
                  "The checkpoint in the state directory is damaged.");
  storage::PostgresJournalStore store(database_settings(settings), [](const std::string&) {});
  auto frontier = journal::MerkleFrontier::parse(store.load_head().frontier);
  if (!frontier)
    return refuse(RefusalCode::verification_failed, "The journal's head cannot be read.");
  if (lost->size <= frontier->size()) {
    std::cout << "Nothing is lost: the journal has " << frontier->size()
              << " leaves, the checkpoint in the state directory was signed over " << lost->size
              << ".\n";
    return 0;
  }
  std::cout << "The leaves from " << frontier->size() << " to " << lost->size - 1
            << " were signed and are lost. If no newer database can be restored, the agencies can "
               "give them up:\n  oberih governance propose continuation --offline --old-size "
            << lost->size << " --old-root " << encoding::encode_hex(lost->root) << " --new-size "
            << frontier->size() << " --new-root " << encoding::encode_hex(frontier->root())
            << " --out continuation.governance\n";
  return 0;
}

}  // namespace oberih::runtime
