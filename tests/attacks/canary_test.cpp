// SPDX-License-Identifier: Apache-2.0
// Keys and plaintext never reach the server: after a conversation its database (dumped, and as
// files with the write-ahead log), its log and all else that it wrote are searched for the texts,
// the channel's keys and the members' keys. A client that does not encrypt must be caught by the
// same search.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/local_store.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "tests/support/canary_search.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

const std::string title = "Справа 417 канарка заголовка";
const std::string first_text = "Канарка перша: потерпіла під захистом у безпечному місці.";
const std::string task_title = "Канарка завдання: допит у безпечному місці";
const std::string instructions = "Канарка вказівок: їхати двома машинами, без форми.";
const std::string pause_reason = "Канарка паузи: перекладачка захворіла.";
const std::string result_text = "Канарка результату: впізнала обох.";
const std::string return_reason = "Канарка повернення: бракує підпису перекладачки.";
const std::string second_text = "Канарка друга: погоджено, готуйте клопотання до слідчого судді.";

const std::string file_name = "канарка-схема-будинку.txt";
const std::string file_line = "Канарка вкладення: потерпіла живе за адресою, якої тут немає. ";

/// Several chunks, so that the marker stands in the first, in the last and between.
std::string file_content() {
  std::string content;
  while (content.size() < 300'000) content += file_line;
  return content;
}

void add_keys(std::vector<Canary>& canaries, const Deployment& deployment,
              const std::string& profile) {
  const auto folder = deployment.profile_folder(profile);
  const auto unlocking = client::unlock_key_ring(folder, as_bytes(Deployment::passphrase));
  ASSERT_TRUE(unlocking);
  const auto ring = client::open_key_ring(folder, *unlocking);
  ASSERT_TRUE(ring);
  canaries.push_back({profile + ": signature key", to_bytes(ring->signature_seed.view())});
  canaries.push_back({profile + ": HPKE key", to_bytes(ring->hpke_secret.view())});
  canaries.push_back({profile + ": storage key", to_bytes(ring->storage_key.view())});
  const std::string_view pem = as_text(ring->tls_private_key_pem.view());
  const auto body = pem.find('\n') + 1;
  canaries.push_back({profile + ": TLS key", to_bytes(as_bytes(pem.substr(body, 60)))});

  client::LocalStore store(folder, ring->storage_key);
  for (const ChannelId& channel : store.channels().list()) {
    for (std::uint64_t epoch = 1; epoch <= store.channels().newest_key_epoch(channel); ++epoch) {
      const auto key = store.channels().key(channel, epoch);
      ASSERT_TRUE(key);
      const auto derived = sealing::derive_epoch_keys(*key, channel, epoch);
      const std::string of_epoch = profile + ": epoch " + std::to_string(epoch);
      canaries.push_back({of_epoch + " key", to_bytes(key->view())});
      canaries.push_back({of_epoch + " message key", to_bytes(derived.message_key.view())});
    }
  }
}

/// A task with words at every step. Its id is told by the list.
void work_on_task(
    const Deployment& deployment,
    const std::function<void(const std::string&, const std::vector<std::string>&)>& run) {
  run("investigator", {"task", "propose", title, task_title, "--person",
                       deployment.device_of("prosecutor"), "--text", instructions});
  const Finished listed = deployment.oberih("prosecutor", {"--json", "task", "list"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const std::string task = nlohmann::json::parse(listed.out).at("task");
  run("prosecutor", {"task", "accept", task});
  run("prosecutor", {"task", "start", task});
  run("prosecutor", {"task", "pause", task, "--why", "other", "--text", pause_reason});
  run("prosecutor", {"task", "resume", task});
  run("prosecutor", {"task", "submit", task, "--text", result_text});
  run("investigator", {"task", "return", task, "--text", return_reason});
  run("prosecutor", {"task", "submit", task, "--text", result_text});
  // Refused, with words that must not turn up in any log.
  deployment.oberih("prosecutor", {"task", "confirm", task, "--text", result_text});
  run("investigator", {"task", "confirm", task});
}

/// A file that is sent and fetched; an outsider's is refused.
void pass_on_a_file(
    const Deployment& deployment,
    const std::function<void(const std::string&, const std::vector<std::string>&)>& run) {
  const std::filesystem::path file = deployment.folder() / file_name;
  write_file(file, file_content());
  run("investigator", {"message", "post", title, second_text, "--attach", file.string()});
  deployment.oberih("caseworker", {"message", "post", title, "x", "--attach", file.string()});
  const Finished read =
      deployment.oberih("prosecutor", {"--json", "message", "read", title, "--last", "1"});
  ASSERT_EQ(read.exit_code, 0) << read.err;
  const auto seq = nlohmann::json::parse(read.out).at("channel_seq").get<std::uint64_t>();
  const std::filesystem::path saved = deployment.folder() / "saved";
  run("prosecutor",
      {"attachment", "save", title, std::to_string(seq), "1", "--to", saved.string()});
  EXPECT_EQ(read_file(saved), file_content());
}

struct Stores {
  std::string setting;              // of the server
  std::filesystem::path directory;  // empty: the database alone
};

/// Talks, then searches all that the server side wrote.
std::vector<Sighting> talk_and_search(const std::string& client, const Stores& stores,
                                      std::size_t* keys) {
  Deployment deployment(Deployment::four_officers(), "log_level = debug\n" + stores.setting,
                        client);
  auto run = [&](const std::string& profile, const std::vector<std::string>& arguments) {
    const Finished finished = deployment.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  };
  run("investigator", {"channel", "create", "--kind", "case", "--title", title});
  run("investigator", {"channel", "add", title, "--device", deployment.device_of("prosecutor")});
  run("investigator", {"message", "post", title, first_text});
  run("prosecutor", {"channel", "list"});
  run("prosecutor", {"message", "post", title, second_text});
  run("investigator", {"message", "read", title});
  work_on_task(deployment, run);
  pass_on_a_file(deployment, run);
  // Texts that end up in errors: a refused post, and one after the server died.
  deployment.oberih("caseworker", {"message", "post", title, first_text});
  deployment.stop_server(SIGKILL);
  deployment.start_server();
  run("investigator", {"message", "post", title, first_text});

  std::vector<Canary> canaries = {{"title", to_bytes(as_bytes(title))},
                                  {"first text", to_bytes(as_bytes(first_text))},
                                  {"second text", to_bytes(as_bytes(second_text))},
                                  {"task title", to_bytes(as_bytes(task_title))},
                                  {"instructions", to_bytes(as_bytes(instructions))},
                                  {"pause reason", to_bytes(as_bytes(pause_reason))},
                                  {"result", to_bytes(as_bytes(result_text))},
                                  {"return reason", to_bytes(as_bytes(return_reason))},
                                  {"file", to_bytes(as_bytes(file_line))},
                                  {"file name", to_bytes(as_bytes(file_name))},
                                  {"passphrase", to_bytes(as_bytes(Deployment::passphrase))}};
  for (const char* profile : {"investigator", "prosecutor"})
    add_keys(canaries, deployment, profile);
  *keys = canaries.size() - 11;

  const std::string dump = deployment.dump();
  EXPECT_NE(dump.find("journal"), std::string::npos);
  EXPECT_EQ(deployment.sql("CHECKPOINT").exit_code, 0);
  std::vector<Sighting> sightings = search_text(canaries, dump, "database dump");
  auto add = [&](std::vector<Sighting> found) {
    sightings.insert(sightings.end(), found.begin(), found.end());
  };
  add(search_folder(canaries, deployment.folder() / "cluster"));
  add(search_folder(canaries, deployment.state_directory()));
  if (!stores.directory.empty()) {
    EXPECT_FALSE(std::filesystem::is_empty(stores.directory)) << "no chunk lies where it should";
    add(search_folder(canaries, stores.directory));
  }
  add(search_text(canaries, read_file(deployment.server_log()), "server log"));
  add(search_text(canaries, deployment.server().output(), "server output"));
  return sightings;
}

/// A store of files in a directory, which a server accepts with mode 0700 alone.
class Directory {
 public:
  Stores stores() const {
    return {"attachment_store = " + folder_.path().string() + "\n", folder_.path()};
  }

 private:
  TemporaryFolder folder_;
};

void expect_nothing(const std::string& client, const Stores& stores) {
  std::size_t keys = 0;
  for (const Sighting& sighting : talk_and_search(client, stores, &keys))
    ADD_FAILURE() << sighting.canary << " as " << sighting.form << " in " << sighting.where;
  EXPECT_GE(keys, 12u) << "the search looked for too little";
}

TEST(Canary, nothing_of_a_conversation_is_readable_on_the_server) { expect_nothing("oberih", {}); }

TEST(Canary, nothing_is_readable_where_files_lie_in_a_directory) {
  const Directory directory;
  expect_nothing("oberih-quick-passphrase", directory.stores());
}

void expect_caught(const Stores& stores, const std::string& where) {
  std::size_t keys = 0;
  const std::vector<Sighting> sightings = talk_and_search("oberih-leaky-control", stores, &keys);
  const auto seen = [&](const std::string& canary, const std::string& place = {}) {
    return std::any_of(sightings.begin(), sightings.end(), [&](const Sighting& each) {
      return each.canary == canary && each.where.find(place) != std::string::npos;
    });
  };
  EXPECT_TRUE(seen("first text"));
  EXPECT_TRUE(seen("result"));
  EXPECT_TRUE(seen("investigator: epoch 1 key") || seen("investigator: epoch 2 key"));
  EXPECT_TRUE(seen("file name"));
  EXPECT_TRUE(seen("file", where)) << where;
}

TEST(Canary, a_client_that_does_not_encrypt_is_caught) { expect_caught({}, "database dump"); }

TEST(Canary, a_client_that_does_not_encrypt_is_caught_where_files_lie_in_a_directory) {
  const Directory directory;
  expect_caught(directory.stores(), directory.stores().directory.string());
}

}  // namespace
}  // namespace oberih::test
