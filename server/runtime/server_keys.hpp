// SPDX-License-Identifier: Apache-2.0
// The two secrets of a server: the journal's signing key and its TLS key. By file only, in the
// state directory, mode 0600.
#pragma once

#include <string>

#include "protocol/journal/signed_note.hpp"
#include "protocol/socket/tls_websocket.hpp"

namespace oberih::runtime {

struct ServerKeys {
  journal::NoteSigner journal;  // its name is the origin
  socket::TlsIdentity tls;
  Digest tls_spki;
};

/// Refuses local_state_broken with the file and what is wrong with it.
Result<ServerKeys> load_server_keys(const std::string& state_directory);

/// One journal key's file. Refuses local_state_broken.
Result<journal::NoteSigner> load_journal_key(const std::string& path);

/// Makes the directory and the keys where they are missing; never replaces one. The keys that are
/// there must be of this origin.
Result<ServerKeys> make_server_keys(const std::string& state_directory, const std::string& origin);

}  // namespace oberih::runtime
