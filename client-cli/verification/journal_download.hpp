// SPDX-License-Identifier: Apache-2.0
// The leaves of the whole journal, as far as a checkpoint that this device has accepted, bundle by
// bundle into a folder: proven to be that very tree, or refused with the leaf that is not in it.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/evidence/export_maker.hpp"

namespace oberih::client {

using DownloadProgress = std::function<void(std::uint64_t leaves_done, std::uint64_t in_all)>;

/// Writes bundles and leaf_hashes. Refusals: verification_failed, which names the leaf that is not
/// the one that was signed, where hash tiles tell it; forbidden for who is no auditor; those of
/// reading and writing.
Result<> download_journal(ClientSession& session, socket::EventLoop& loop,
                          const journal::Checkpoint& checkpoint, evidence::ExportSink& sink,
                          const DownloadProgress& progress);

}  // namespace oberih::client
