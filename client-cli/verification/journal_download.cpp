// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/journal_download.hpp"

#include "client-cli/connection/tile_reader.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/evidence/failed_leaf.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t bundle_bytes = journal::tile_width * (2 + limits::leaf_bytes);

class JournalDownload {
 public:
  JournalDownload(const ClientSession& session, TileReader& tiles,
                  const journal::Checkpoint& checkpoint, const evidence::ExportFiles& kept,
                  evidence::ExportSink& sink, const DownloadProgress& progress)
      : session_(session),
        tiles_(tiles),
        checkpoint_(checkpoint),
        kept_(kept),
        writer_(sink),
        progress_(progress) {}

  Result<> run();

 private:
  Result<> take_bundle(std::uint64_t number);
  Result<Bytes> read(journal::TileKind kind, std::uint64_t number) {
    return tiles_.read({kind, 0, number, width_of(number)});
  }
  unsigned width_of(std::uint64_t number) const {
    return journal::tile_width_at(0, number, checkpoint_.size);
  }
  Result<> name_the_change();

  const ClientSession& session_;
  TileReader& tiles_;
  const journal::Checkpoint& checkpoint_;
  const evidence::ExportFiles& kept_;
  evidence::BundleWriter writer_;
  const DownloadProgress& progress_;
  journal::MerkleFrontier tree_;
  bool has_kept_ = false;
};

Result<> JournalDownload::take_bundle(std::uint64_t number) {
  const unsigned width = width_of(number);
  const std::string name = evidence::export_bundle_name(number, width);
  if (width == journal::tile_width && kept_.find(name) != nullptr) {
    const Result<Bytes> bundle = kept_.read_whole(name, bundle_bytes);
    if (!bundle) return bundle.error();
    has_kept_ = true;
    return writer_.recall(*bundle);
  }
  const Result<Bytes> bundle = read(journal::TileKind::entries, number);
  if (!bundle) return bundle.error();
  if (auto taken = writer_.take(*bundle, width); !taken)
    return taken.error().code == RefusalCode::malformed_object
               ? refuse(RefusalCode::verification_failed, "the server gives no bundle of leaves")
               : taken;
  return {};
}

Result<> JournalDownload::run() {
  while (tree_.size() < checkpoint_.size) {
    const std::uint64_t number = tree_.size() / journal::tile_width;
    if (session_.is_cancelled()) return refuse(RefusalCode::interrupted);
    OBERIH_TRY(take_bundle(number));
    for (const Digest& hash : writer_.newest_hashes()) tree_.append(hash);
    progress_(tree_.size(), checkpoint_.size);
  }
  if (tree_.root() == checkpoint_.root) return {};
  if (has_kept_) return refuse(RefusalCode::stale_version, "what was kept is not of this journal");
  return name_the_change();
}

/// The leaves are not those of the signed tree. The hash tiles may still be: then the leaf that
/// does not have its hash is the one that was changed.
Result<> JournalDownload::name_the_change() {
  journal::MerkleFrontier signed_tree;
  std::string changed;
  while (signed_tree.size() < checkpoint_.size) {
    const std::uint64_t number = signed_tree.size() / journal::tile_width;
    const Result<Bytes> tile = read(journal::TileKind::hashes, number);
    if (!tile) return tile.error();
    const auto hashes = journal::parse_tile(*tile, width_of(number));
    if (!hashes) return hashes.error();
    const Result<Bytes> bundle =
        changed.empty() ? read(journal::TileKind::entries, number) : Result<Bytes>(Bytes{});
    if (!bundle) return bundle.error();
    const auto leaves = changed.empty() ? journal::parse_entry_bundle(*bundle, width_of(number))
                                        : Result<std::vector<Bytes>>(std::vector<Bytes>{});
    if (!leaves) return leaves.error();
    for (std::size_t i = 0; i < hashes->size(); ++i) {
      if (changed.empty() && journal::leaf_hash((*leaves)[i]) != (*hashes)[i]) {
        const Result<journal::Leaf> leaf = journal::parse_leaf((*leaves)[i]);
        changed = evidence::leaf_in_words(signed_tree.size(), leaf ? &*leaf : nullptr);
      }
      signed_tree.append((*hashes)[i]);
    }
  }
  if (signed_tree.root() != checkpoint_.root || changed.empty())
    return refuse(RefusalCode::verification_failed,
                  "neither leaves nor hashes of the server have the root that its own checkpoint "
                  "of size " +
                      std::to_string(checkpoint_.size) + " signed");
  return refuse(RefusalCode::verification_failed,
                changed +
                    " is not the leaf that was signed: it was changed in the server's "
                    "database after checkpoint " +
                    std::to_string(checkpoint_.size) +
                    " or before; the hash of the leaf that was signed still stands there");
}

}  // namespace

Result<> download_journal(ClientSession& session, socket::EventLoop& loop,
                          const journal::Checkpoint& checkpoint, const evidence::ExportFiles& kept,
                          evidence::ExportSink& sink, const DownloadProgress& progress) {
  const Result<ServerAddress> server = parse_server_address(session.profile().server);
  if (!server) return server.error();
  TileReader tiles(loop, *server, session.directory().server_spki(), session.ring(),
                   [&session](std::chrono::milliseconds pause) { return session.wait(pause); });
  Result<> done = JournalDownload(session, tiles, checkpoint, kept, sink, progress).run();
  // Who waits for a server and is told to stop stops for that reason.
  if (!done && session.is_cancelled()) return refuse(RefusalCode::interrupted);
  return done;
}

}  // namespace oberih::client
