// SPDX-License-Identifier: Apache-2.0
// What a witness keeps on disk: its keys, the journal that it watches, and the newest checkpoint
// that it has cosigned. The last is its whole worth: it never goes back, also not after a crash.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/genesis.hpp"
#include "protocol/socket/tls_websocket.hpp"

namespace oberih::client {

/// The journal's key in force, and the genesis that it was reached from.
struct WatchedJournal {
  journal::NoteVerifier verifier;  // its name is the origin
  Digest genesis_hash;
};

struct WitnessKeys {
  journal::NoteSigner signer;
  socket::TlsIdentity tls;
  Digest tls_spki;

  journal::NoteVerifier verifier() const {
    return signer.verifier(journal::NoteKeyType::cosignature);
  }
};

class WitnessFolder {
 public:
  explicit WitnessFolder(std::filesystem::path path) : path_(std::move(path)) {}

  /// Fresh keys under a key name, and the card for the roots. Refuses where there is a witness.
  Result<sealing::Witness> create(const std::string& name, const AgencyId& agency) const;
  Result<WitnessKeys> load_keys() const;
  std::filesystem::path card_file() const { return path_ / "card.json"; }
  const std::filesystem::path& path() const { return path_; }

  /// Nothing: none is watched yet. Refusal: local_state_broken.
  Result<std::optional<WatchedJournal>> load_journal() const;
  Result<> put_journal(const WatchedJournal& journal) const;

  /// The newest note that was cosigned; nothing: none was, or the file is lost. A file that this
  /// witness has not signed is refused (local_state_broken), never taken for none.
  Result<std::optional<std::string>> load_state(const journal::NoteVerifier& own) const;
  /// Durable when it returns: written beside, synced, renamed, and the folder synced.
  Result<> put_state(const std::string& note) const;

  /// One process at a time serves a folder. Holds until the process ends. Refusal: usage.
  Result<> lock() const;

 private:
  std::filesystem::path path_;
};

}  // namespace oberih::client
