// SPDX-License-Identifier: Apache-2.0
// The leaves of the whole journal, as far as a checkpoint that this device has accepted, bundle by
// bundle into a folder: proven to be that very tree, or refused with the leaf that is not in it.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/evidence/export_maker.hpp"

namespace oberih::client {

using DownloadProgress = std::function<void(std::uint64_t leaves_done, std::uint64_t in_all)>;

/// Writes bundles and leaf_hashes. Bundles of 256 leaves that lie in `kept` are those of `sink`
/// from an earlier time: they are not fetched again, but proven like the others. Refusals:
/// verification_failed, which names the leaf that is not the one that was signed, where hash tiles
/// tell it; stale_version where what was kept may be what is wrong: without it, it can be tried
/// again; forbidden for who is no auditor; interrupted; those of reading and writing.
Result<> download_journal(ClientSession& session, socket::EventLoop& loop,
                          const journal::Checkpoint& checkpoint, const evidence::ExportFiles& kept,
                          evidence::ExportSink& sink, const DownloadProgress& progress);

}  // namespace oberih::client
