// SPDX-License-Identifier: Apache-2.0
// The directory as this device has verified it (C1), and the newest checkpoint it accepts (of C2:
// the signature, never smaller, no other root, and that its directory reaches the checkpoint's).
#pragma once

#include <filesystem>
#include <map>

#include "client-cli/keyring/local_store.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"
#include "protocol/wire/replies.hpp"

namespace oberih::client {

class VerifiedDirectory {
 public:
  VerifiedDirectory(LocalStore& store, const Digest& genesis_hash,
                    std::filesystem::path profile_folder)
      : store_(store), genesis_hash_(genesis_hash), profile_folder_(std::move(profile_folder)) {}

  /// What is in the store, also what another command has brought meanwhile. Every leaf is verified
  /// again: the store could have been changed, too.
  Result<> load();
  /// Leaves behind our count. verification_failed; what verified before it is kept.
  Result<> add(const wire::DirectoryPage& page);

  /// Signed by the journal key in force for its size, reached from the pinned genesis.
  /// verification_failed.
  Result<journal::Checkpoint> open_checkpoint(const std::string& note) const;
  bool reaches(const journal::Checkpoint& checkpoint) const {
    return directory_.count() >= checkpoint.directory_count;
  }
  /// INVARIANT: reaches(). verification_failed: smaller, another root, another directory.
  Result<> accept_checkpoint(const journal::Checkpoint& checkpoint, const std::string& note);
  /// Size of the newest checkpoint that this process has accepted, or found when it began.
  std::uint64_t accepted_size() const { return accepted_size_.value_or(0); }
  std::optional<StoredCheckpoint> newest_checkpoint() {
    return store_.directory().newest_checkpoint();
  }
  /// Whether what a member quoted contradicts a checkpoint of ours.
  bool contradicts(std::uint64_t log_size, const Digest& log_root);

  /// Only cards that hash to the name_hash of their certificate are taken.
  void add_name_cards(const wire::NameCards& cards);
  /// Nothing where one may not see it.
  std::optional<std::string> find_name(const DeviceId& device) const;

  const sealing::Directory& directory() const { return directory_; }

 private:
  Result<> apply(const wire::DirectoryLeaf& leaf);
  /// The leaf was applied just now.
  bool is_continuation(const wire::DirectoryLeaf& leaf) const;
  Result<> give_up_tail(const wire::DirectoryLeaf& leaf);
  Result<> check_directory_line(const journal::Checkpoint& checkpoint);
  void load_names();
  bool is_name_of_device(const sealing::NameCard& card) const;

  LocalStore& store_;
  Digest genesis_hash_;
  std::filesystem::path profile_folder_;
  sealing::Directory directory_;
  std::map<DeviceId, std::string> names_;
  std::optional<std::uint64_t> accepted_size_;  // of the newest checkpoint this process accepted
};

}  // namespace oberih::client
