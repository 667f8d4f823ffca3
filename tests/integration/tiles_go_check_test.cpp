// SPDX-License-Identifier: Apache-2.0
// Somebody else's eyes: Go's transparency-log code, which knows nothing of ours, reads journals of
// the sizes at which tiles begin and end from the real `oberihd`, and must accept what is honest
// and refuse what was changed by one byte. Without Go these tests are skipped and say so.
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "server/runtime/server_keys.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/integration/server_fixture.hpp"
#include "tests/support/process.hpp"

namespace oberih::test {
namespace {

constexpr const char* go_check = OBERIH_BINARIES "/oberih-go-check";
constexpr const char* no_go = "golang-go or golang-golang-x-mod-dev is missing: run ops/packages";
constexpr std::uint64_t leaves_a_batch = 4'096;

// The walk opens some five hundred connections in a second: all of one device.
constexpr const char* raised_limits =
    "connections_per_minute = 1000000\nconnections_at_once = 1000000\n"
    "agency_connections_per_minute = 1000000\nrequests_per_second = 1000000\n"
    "agency_requests_per_second = 1000000\nread_bytes_per_second = 1073741824\n"
    "agency_read_bytes_per_second = 1073741824\n";

/// A founded journal with one auditor, which grows while nobody serves it.
class Journal {
 public:
  Journal() : auditor_(server_.enrol_auditor("Аудиторка")) {
    server_.stop();
    write_file(file("auditor.crt"), auditor_->tls.identity.certificate_pem);
    write_file(file("auditor.key"), as_text(auditor_->tls.identity.private_key_pem.view()));
    const auto& settings = server_.settings();
    write_file(file("oberihd.conf"),
               "listen_port = 0\nstate_directory = " + settings.state_directory +
                   "\ndatabase = " + settings.database +
                   "\nschema_directory = " OBERIH_SOURCE
                   "/schema\npolicies_directory = " OBERIH_SOURCE "/policies\nlog_file = " +
                   file("oberihd.log") + "\n" + raised_limits);
  }

  std::string file(const std::string& name) const { return folder_.path() / name; }
  const PostgresDatabase& database() const { return server_.database(); }
  journal::NoteSigner signer() const {
    return runtime::load_server_keys(server_.settings().state_directory).value().journal;
  }
  std::string verifier_key() const { return journal::format_verifier_key(signer().verifier()); }

  /// Leaves of kind 12, which the server never reads at its start, up to `size` in all.
  void grow_to(std::uint64_t size) {
    stop();
    storage::PostgresJournalStore store(database().settings(), nullptr);
    application::JournalHead head = store.load_head();
    auto frontier = journal::MerkleFrontier::parse(head.frontier).value();
    while (frontier.size() < size) {
      application::Batch batch;
      batch.expected_size = frontier.size();
      while (frontier.size() < size && batch.rows.size() < leaves_a_batch) {
        journal::Leaf leaf{journal::LeafKind::access, head.server_ms, {}, 0, {}, Bytes(64)};
        crypto::fill_random(leaf.body);
        application::JournalRow row;
        row.index = frontier.size();
        row.kind = leaf.kind;
        row.server_ms = leaf.server_ms;
        row.leaf = journal::encode_leaf(leaf);
        row.leaf_hash = journal::leaf_hash(row.leaf);
        frontier.append(row.leaf_hash);
        batch.rows.push_back(std::move(row));
      }
      head.size = frontier.size();
      head.frontier = frontier.encode();
      batch.head = head;
      if (store.append(batch) != application::CommitOutcome::committed)
        throw std::runtime_error("the journal does not grow");
    }
  }

  void serve() {
    const std::string output = file("ready-" + std::to_string(++starts_));
    process_ = std::make_unique<BackgroundProcess>(
        std::vector<std::string>{OBERIH_BINARIES "/oberihd", "serve", "--settings",
                                 file("oberihd.conf")},
        Environment{}, output);
    if (!process_->wait_for_output(" port ") || !process_->wait_for_output("\n"))
      throw std::runtime_error("oberihd does not start: " + process_->output());
    const std::string text = process_->output();
    port_ = std::stoi(text.substr(text.find(" port ") + 6));
  }
  void stop() {
    if (process_) process_->stop(SIGTERM);
    process_.reset();
  }

  Finished check_server(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {go_check,
                                          "-key",
                                          verifier_key(),
                                          "-tree",
                                          "https://127.0.0.1:" + std::to_string(port_),
                                          "-certificate",
                                          file("auditor.crt"),
                                          "-private-key",
                                          file("auditor.key"),
                                          "-server-spki",
                                          encoding::encode_hex(server_.spki().view())};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_process(arguments);
  }
  Finished check_folder(const std::string& folder, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {go_check, "-key", verifier_key(), "-tree", file(folder)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_process(arguments);
  }
  /// The signature over a new size comes within a second.
  bool wait_for_size(std::uint64_t size) const {
    for (int tries = 0; tries < 100; ++tries) {
      if (check_server({"-leaves=false"}).out.starts_with("size " + std::to_string(size) + ":"))
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

 private:
  TemporaryFolder folder_;
  TestServer server_;
  std::unique_ptr<Person> auditor_;
  std::unique_ptr<BackgroundProcess> process_;
  int starts_ = 0;
  int port_ = 0;
};

/// Changes one byte for as long as it lives.
class Flipped {
 public:
  Flipped(std::string path, std::size_t place) : path_(std::move(path)), text_(read_file(path_)) {
    std::string wrong = text_;
    // Another letter of base64 where the file is a note.
    char& byte = wrong.at(place);
    byte = std::isalnum(static_cast<unsigned char>(byte)) ? (byte == 'A' ? 'B' : 'A')
                                                          : static_cast<char>(byte ^ 1);
    write_file(path_, wrong);
  }
  ~Flipped() { write_file(path_, text_); }
  Flipped(const Flipped&) = delete;
  Flipped& operator=(const Flipped&) = delete;

 private:
  std::string path_, text_;
};

void expect_accepted(const Finished& finished, std::uint64_t size) {
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_TRUE(finished.out.starts_with("size " + std::to_string(size) + ":")) << finished.out;
}

void expect_refused(const Finished& finished, const std::string& what) {
  EXPECT_EQ(finished.exit_code, 1) << what << ": " << finished.out;
  EXPECT_NE(finished.err.find("REFUSED"), std::string::npos) << what << ": " << finished.err;
}

TEST(TileOfLevel1, is_computed_once_from_its_65536_leaf_hashes) {
  Journal journal;
  journal.grow_to(65'536);
  storage::PostgresJournalReader reader(journal.database().settings(), nullptr);
  const auto read = [&] {
    const auto start = std::chrono::steady_clock::now();
    auto promise = std::make_shared<std::promise<Result<Bytes>>>();
    reader.read_tile({}, 65'536, {journal::TileKind::hashes, 1, 0, journal::tile_width},
                     [promise](Result<Bytes> tile) { promise->set_value(std::move(tile)); });
    const Bytes tile = promise->get_future().get().value();
    return std::pair(
        tile, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start));
  };
  const auto [cold_tile, cold] = read();
  const auto [warm_tile, warm] = read();
  std::printf("a tile of level 1: %.1f ms at first, %.2f ms then\n", cold.count(), warm.count());
  EXPECT_EQ(cold_tile, warm_tile);
  EXPECT_LT(warm, cold);
}

// Nobody can ask a server for these two: without a genesis none starts, and with the genesis alone
// no device is certified. Their notes are signed with the same key, and size 1 is then held against
// the tiles that the server serves.
void sign_smallest_notes(const Journal& journal) {
  const Digest genesis = encoding::decode_hex_as<Digest>(
                             journal.database().ask("oberih_reader",
                                                    "SELECT encode(leaf_hash, 'hex') FROM journal"
                                                    " WHERE journal_index = 0"))
                             .value();
  const journal::NoteSigner signer = journal.signer();
  write_file(journal.file("note-0"),
             journal::sign_checkpoint({signer.name, 0, journal::empty_root(), 0, {}}, signer));
  write_file(journal.file("note-1"),
             journal::sign_checkpoint({signer.name, 1, genesis, 1, genesis}, signer));
}

/// Everything that can be wrong in the files of a tree, one byte at a time.
void expect_every_change_refused(const Journal& journal, const std::string& folder) {
  const std::string kept = journal.file(folder + "/");
  const std::string note = read_file(kept + "checkpoint");
  const struct {
    const char* what;
    const char* file;
    std::size_t place;
  } changes[] = {
      {"a leaf", "tile/entries/000", 100},
      {"a leaf's length", "tile/entries/128", 1},
      {"the last leaf", "tile/entries/255", read_file(kept + "tile/entries/255").size() - 1},
      {"a hash", "tile/0/000", 0},
      {"a hash far in", "tile/0/201", 4'000},
      {"a node", "tile/1/000", 8'191},
      {"the signature", "checkpoint", note.size() - 20},
      {"the key's id", "checkpoint", note.rfind(' ') + 2},
      {"the root", "checkpoint", note.find('\n', note.find('\n') + 1) + 5},
      {"the size", "checkpoint", note.find('\n') + 1},
      {"the directory's line", "checkpoint", note.find("directory") + 14},
  };
  for (const auto& change : changes) {
    const Flipped flipped(kept + change.file, change.place);
    expect_refused(journal.check_folder(folder), change.what);
  }
}

TEST(GoCheck, accepts_honest_journals_of_every_kind_of_size_and_refuses_one_changed_byte) {
  if (!std::filesystem::exists(go_check)) GTEST_SKIP() << no_go;
  Journal journal;
  sign_smallest_notes(journal);
  std::filesystem::create_directory(journal.file("empty"));
  expect_accepted(journal.check_folder("empty", {"-checkpoint", journal.file("note-0")}), 0);

  std::vector<std::string> older = {"-older", journal.file("note-0"), "-older",
                                    journal.file("note-1")};
  for (const std::uint64_t size : {255u, 256u, 257u, 65'536u}) {
    journal.grow_to(size);
    journal.serve();
    ASSERT_TRUE(journal.wait_for_size(size)) << size;
    const std::string folder = "kept-" + std::to_string(size);
    std::vector<std::string> arguments = older;
    arguments.insert(arguments.end(), {"-save", journal.file(folder)});
    expect_accepted(journal.check_server(arguments), size);
    expect_accepted(journal.check_server({"-checkpoint", journal.file("note-1")}), 1);
    expect_accepted(journal.check_folder(folder, older), size);
    older.insert(older.end(), {"-older", journal.file(folder + "/checkpoint")});
    if (testing::Test::HasFailure()) return;
  }
  expect_every_change_refused(journal, "kept-65536");
  expect_accepted(journal.check_folder("kept-65536", older), 65'536);

  // Now by somebody who holds the database, while the server runs.
  journal.database().run_as_superuser(
      "ALTER TABLE journal DISABLE TRIGGER ALL;"
      "UPDATE journal SET leaf = set_byte(leaf, 90, get_byte(leaf, 90) # 1)"
      " WHERE journal_index = 40000");
  expect_refused(journal.check_server(), "a leaf in the database");
  expect_accepted(journal.check_server({"-leaves=false"}), 65'536);
  journal.database().run_as_superuser(
      "UPDATE journal SET leaf_hash = set_byte(leaf_hash, 9, get_byte(leaf_hash, 9) # 1)"
      " WHERE journal_index = 50000");
  expect_refused(journal.check_server(), "a hash in the database");
}

TEST(GoCheck, refuses_a_journal_that_was_begun_anew) {
  if (!std::filesystem::exists(go_check)) GTEST_SKIP() << no_go;
  Journal journal;
  journal.grow_to(20);
  journal.serve();
  ASSERT_TRUE(journal.wait_for_size(20));
  // Signed by the same key, over leaves that this journal never had.
  const Digest other = crypto::random_id<Digest>();
  write_file(
      journal.file("forked"),
      journal::sign_checkpoint({journal.signer().name, 10, other, 1, other}, journal.signer()));
  expect_refused(journal.check_server({"-older", journal.file("forked")}), "a fork");
  write_file(
      journal.file("larger"),
      journal::sign_checkpoint({journal.signer().name, 21, other, 1, other}, journal.signer()));
  expect_refused(journal.check_server({"-older", journal.file("larger")}), "a smaller journal");
}

}  // namespace
}  // namespace oberih::test
