// SPDX-License-Identifier: Apache-2.0
// Files beside messages, with the real programs: sent, listed, fetched, verified; client and server
// killed in the middle; outsiders and removed members; a store that somebody changed; a quota.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "tests/support/canary_search.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string canary_name = "канарка-схема-будинку.txt";
const std::string canary_line = "Канарка вкладення: потерпіла живе за адресою, якої тут немає. ";

/// The same bytes on every run.
std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class Attachments : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Slow enough that a kill falls into the middle of an upload.
    deployment = std::make_unique<Deployment>(
        Deployment::four_officers(),
        "attachment_bytes_per_second = 2097152\nattachment_quota_bytes = 30000000\n"
        "log_level = debug\n");
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
    expect_ok("investigator", {"channel", "add", "417", "--device", device("prosecutor")});
    expect_ok("prosecutor", {"channel", "list"});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static fs::path file(const std::string& name, const std::string& content) {
    const fs::path path = deployment->folder() / name;
    write_file(path, content);
    return path;
  }
  /// The newest message of the channel, as `--json` shows it.
  static json newest(const std::string& profile) {
    std::istringstream out(
        expect_ok(profile, {"--json", "message", "read", "417", "--last", "1"}).out);
    std::string line;
    return std::getline(out, line) ? json::parse(line) : json();
  }
  static Finished save(const std::string& profile, const json& message, const fs::path& to,
                       const std::string& number = "1") {
    return deployment->oberih(
        profile, {"attachment", "save", "417", std::to_string(message["channel_seq"].get<int>()),
                  number, "--to", to.string()});
  }
  static std::string newest_upload() {
    return deployment->sql("SELECT coalesce(max(begun_ms), 0) FROM attachment").out;
  }
  /// Chunks that have come of the upload that was begun after `before`, while it is not complete.
  static int received_since(const std::string& before) {
    return std::atoi(deployment
                         ->sql("SELECT coalesce(max(received), 0) FROM attachment "
                               "WHERE NOT is_complete AND begun_ms > " +
                               before)
                         .out.c_str());
  }
  static void wait_until_under_way(const BackgroundProcess& client, const std::string& before) {
    for (int tries = 0; tries < 3'000 && client.is_running(); ++tries) {
      if (received_since(before) >= 4) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "the upload was never under way: " << client.output();
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> Attachments::deployment;

TEST_F(Attachments, a_two_files_go_with_a_message_and_come_out_as_they_went_in) {
  const std::string plan = noise(300'000, 1);
  std::string notes;
  while (notes.size() < 40'000) notes += canary_line;
  const fs::path first = file("план.pdf", plan), second = file(canary_name, notes);
  expect_ok("investigator", {"message", "post", "417", "Схема й план", "--attach", first.string(),
                             "--attach", second.string()});
  const json message = newest("prosecutor");
  ASSERT_EQ(message["attachments"].size(), 2u) << message;
  EXPECT_EQ(message["attachments"][0]["name"], "план.pdf");
  EXPECT_EQ(message["attachments"][0]["size"], 300'000);
  const std::string shown = expect_ok("prosecutor", {"message", "read", "417"}).out;
  EXPECT_NE(shown.find(canary_name), std::string::npos) << shown;
  EXPECT_NE(shown.find("attachment save"), std::string::npos) << shown;

  const fs::path folder = deployment->folder() / "saved";
  fs::create_directory(folder);
  EXPECT_EQ(save("prosecutor", message, folder).exit_code, 0);
  EXPECT_EQ(save("prosecutor", message, folder, "2").exit_code, 0);
  EXPECT_EQ(read_file(folder / "план.pdf"), plan);
  EXPECT_EQ(read_file(folder / canary_name), notes);
  EXPECT_EQ(fs::status(folder / "план.pdf").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  write_file(folder / "план.pdf", "mine");
  EXPECT_EQ(save("prosecutor", message, folder).exit_code, 64) << "nothing is replaced unasked";
  EXPECT_EQ(read_file(folder / "план.pdf"), "mine");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2) << "nothing half is left";
  EXPECT_EQ(deployment->sql("SELECT count(*) FROM attachment WHERE is_kept").out, "2\n");
}

TEST_F(Attachments, b_what_cannot_be_attached_is_refused_before_anything_is_sent) {
  const std::string before = deployment->sql("SELECT count(*) FROM attachment").out;
  const auto refused = [](const std::string& path) {
    return deployment->oberih("investigator", {"message", "post", "417", "x", "--attach", path});
  };
  EXPECT_EQ(refused((deployment->folder() / "missing").string()).exit_code, 64);
  EXPECT_EQ(refused(deployment->folder().string()).exit_code, 64) << "a folder";
  EXPECT_EQ(refused("/dev/zero").exit_code, 64) << "a device";
  EXPECT_EQ(refused(file(".hidden", "x").string()).exit_code, 64);
  const fs::path huge = file("huge.bin", "");
  fs::resize_file(huge, 256ull * 1024 * 1024 + 1);
  const Finished too_large = refused(huge.string());
  EXPECT_EQ(too_large.exit_code, 65);
  EXPECT_NE(too_large.err.find("256 MiB"), std::string::npos) << too_large.err;
  EXPECT_EQ(deployment->sql("SELECT count(*) FROM attachment").out, before);
  const fs::path over = file("over.bin", "");
  fs::resize_file(over, 40'000'000);
  const Finished over_quota = refused(over.string());
  EXPECT_EQ(over_quota.exit_code, 75);
  EXPECT_NE(over_quota.err.find("of 30000000 bytes"), std::string::npos) << over_quota.err;
  expect_ok("investigator", {"message", "post", "417", "messages go on"});
}

TEST_F(Attachments, c_who_is_not_or_no_longer_a_member_gets_nothing) {
  expect_ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "Двоє"});
  expect_ok("investigator", {"channel", "add", "Двоє", "--device", device("prosecutor")});
  const fs::path path = file("двоє.txt", "for two");
  expect_ok("investigator", {"message", "post", "Двоє", "--attach", path.string()});
  const auto fetch = [](const std::string& profile) {
    const std::string listed =
        deployment->oberih(profile, {"--json", "message", "read", "Двоє", "--last", "1"}).out;
    const std::string seq =
        listed.empty() ? "4" : std::to_string(json::parse(listed)["channel_seq"].get<int>());
    return deployment->oberih(profile, {"attachment", "save", "Двоє", seq, "--to",
                                        (deployment->folder() / ("of-" + profile)).string()});
  };
  EXPECT_EQ(fetch("prosecutor").exit_code, 0);
  EXPECT_EQ(fetch("caseworker").exit_code, 69) << "never was a member";
  fs::remove(deployment->folder() / "of-prosecutor");
  expect_ok("prosecutor", {"channel", "leave", "Двоє"});
  EXPECT_EQ(fetch("prosecutor").exit_code, 69) << "is no member any more";
  EXPECT_FALSE(fs::exists(deployment->folder() / "of-prosecutor"));
}

TEST_F(Attachments, d_a_changed_file_on_the_server_is_named_and_refused) {
  const fs::path path = file("доказ.bin", noise(400'000, 4));
  expect_ok("investigator", {"message", "post", "417", "доказ", "--attach", path.string()});
  const json message = newest("prosecutor");
  const std::string content = message["attachments"][0]["content"];
  const std::string where = " WHERE content = decode('" + content + "', 'hex') AND number = 2";
  EXPECT_EQ(deployment->oberihd("check").exit_code, 0);
  EXPECT_EQ(deployment
                ->sql("UPDATE attachment_chunk SET chunk = set_byte(chunk, 70000, "
                      "get_byte(chunk, 70000) # 1)" +
                      where)
                .exit_code,
            0);
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_NE(checked.out.find(content), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("chunk 2"), std::string::npos) << checked.out;
  const fs::path target = deployment->folder() / "changed";
  const Finished refused = save("prosecutor", message, target);
  EXPECT_EQ(refused.exit_code, 65) << refused.err;
  EXPECT_NE(refused.err.find("chunk 2"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(target)) << "what does not verify is not left behind";
  EXPECT_EQ(deployment
                ->sql("UPDATE attachment_chunk SET chunk = set_byte(chunk, 70000, "
                      "get_byte(chunk, 70000) # 1)" +
                      where)
                .exit_code,
            0);
  EXPECT_EQ(save("prosecutor", message, target).exit_code, 0);
}

TEST_F(Attachments, e_a_killed_client_goes_on_where_it_stopped) {
  const std::string content = noise(4'000'000, 5);
  const fs::path path = file("довге.bin", content);
  const std::vector<std::string> arguments = {"message", "post",     "417",
                                              "довге",   "--attach", path.string()};
  const std::string before = newest_upload();
  auto client = deployment->oberih_in_background("investigator", arguments, "killed-client");
  wait_until_under_way(*client, before);
  client->stop(SIGKILL);
  EXPECT_GE(received_since(before), 4);
  const Finished posted = expect_ok("investigator", arguments);
  EXPECT_NE(posted.err.find("going on"), std::string::npos) << posted.err;
  const json message = newest("prosecutor");
  const fs::path target = deployment->folder() / "long";
  EXPECT_EQ(save("prosecutor", message, target).exit_code, 0);
  EXPECT_EQ(read_file(target), content);
}

TEST_F(Attachments, f_a_file_that_changed_meanwhile_is_sent_anew) {
  const fs::path path = file("чернетка.bin", noise(4'000'000, 6));
  const std::vector<std::string> arguments = {"message",  "post",     "417",
                                              "чернетка", "--attach", path.string()};
  const std::string before = newest_upload();
  auto client = deployment->oberih_in_background("investigator", arguments, "changed-file");
  wait_until_under_way(*client, before);
  client->stop(SIGKILL);
  const std::string content = noise(3'900'000, 7);
  write_file(path, content);
  const Finished posted = expect_ok("investigator", arguments);
  EXPECT_NE(posted.err.find("changed"), std::string::npos) << posted.err;
  const fs::path target = deployment->folder() / "draft";
  EXPECT_EQ(save("prosecutor", newest("prosecutor"), target).exit_code, 0);
  EXPECT_EQ(read_file(target), content);
}

TEST_F(Attachments, g_a_killed_server_costs_nothing_but_time) {
  const std::string content = noise(4'000'000, 8);
  const fs::path path = file("сервер.bin", content);
  const std::string before = newest_upload();
  auto client = deployment->oberih_in_background(
      "investigator",
      {"--wait", "60", "message", "post", "417", "сервер", "--attach", path.string()},
      "killed-server");
  wait_until_under_way(*client, before);
  EXPECT_EQ(deployment->stop_server(SIGKILL), 128 + SIGKILL);
  deployment->start_server();
  for (int tries = 0; tries < 6'000 && client->is_running(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(client->is_running()) << client->output();
  const fs::path target = deployment->folder() / "server";
  EXPECT_EQ(save("prosecutor", newest("prosecutor"), target).exit_code, 0);
  EXPECT_EQ(read_file(target), content);
}

TEST_F(Attachments, h_what_the_operator_erases_is_gone_and_the_entry_stays) {
  const fs::path path = file("помилково.bin", noise(9'000, 11));
  expect_ok("investigator", {"message", "post", "417", "помилково", "--attach", path.string()});
  const json message = newest("prosecutor");
  const fs::path target = deployment->folder() / "by-mistake";
  EXPECT_EQ(save("prosecutor", message, target).exit_code, 0);
  const std::string content = message["attachments"][0]["content"];
  EXPECT_EQ(deployment->oberihd("attachment erase", {"no-id"}).exit_code, 64);
  const Finished erased = deployment->oberihd("attachment erase", {content});
  EXPECT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_EQ(deployment->oberihd("attachment erase", {content}).exit_code, 69);
  EXPECT_EQ(deployment
                ->sql("SELECT count(*) FROM attachment_chunk WHERE encode(content, 'hex') = '" +
                      content + "'")
                .out,
            "0\n");
  EXPECT_EQ(save("prosecutor", message, deployment->folder() / "again").exit_code, 69);
  EXPECT_EQ(newest("prosecutor"), message) << "the entry names what was there";
}

TEST_F(Attachments, y_neither_name_nor_content_is_readable_on_the_server) {
  const std::vector<Canary> canaries = {{"name", to_bytes(as_bytes(canary_name))},
                                        {"content", to_bytes(as_bytes(canary_line))}};
  EXPECT_EQ(deployment->sql("CHECKPOINT").exit_code, 0);
  std::vector<Sighting> sightings = search_text(canaries, deployment->dump(), "database dump");
  const auto add = [&](const std::vector<Sighting>& found) {
    sightings.insert(sightings.end(), found.begin(), found.end());
  };
  add(search_folder(canaries, deployment->folder() / "cluster"));
  add(search_folder(canaries, deployment->state_directory()));
  add(search_text(canaries, read_file(deployment->server_log()), "server log"));
  for (const Sighting& sighting : sightings)
    ADD_FAILURE() << sighting.canary << " as " << sighting.form << " in " << sighting.where;
  // The search finds what is there: in the file that was attached.
  EXPECT_FALSE(
      search_text(canaries, read_file(deployment->folder() / canary_name), "file").empty());
}

TEST_F(Attachments, z_the_journal_and_every_chunk_are_sound) {
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_NE(checked.out.find("attachments"), std::string::npos) << checked.out;
}

/// The other store: a directory of the server's own.
TEST(AttachmentDirectory, holds_files_named_by_content_id_alone) {
  TemporaryFolder store;
  Deployment deployment(Deployment::four_officers(),
                        "attachment_store = " + (store.path() / "files").string() + "\n");
  const auto run = [&](const std::string& profile, const std::vector<std::string>& arguments) {
    const Finished finished = deployment.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  };
  run("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
  run("investigator", {"channel", "add", "417", "--device", deployment.device_of("prosecutor")});
  run("prosecutor", {"channel", "list"});
  const std::string content = noise(500'000, 9);
  const fs::path path = deployment.folder() / "ім'я клієнта.bin";
  write_file(path, content);
  run("investigator", {"message", "post", "417", "файл", "--attach", path.string()});
  const json message =
      json::parse(run("prosecutor", {"--json", "message", "read", "417", "--last", "1"}).out);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(store.path() / "files"))
    names.push_back(entry.path().filename().string());
  EXPECT_EQ(names, std::vector<std::string>{message["attachments"][0]["content"]});
  const fs::path stored = store.path() / "files" / names.at(0);
  EXPECT_EQ(fs::status(stored).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const std::vector<std::string> fetch = {
      "attachment", "save",
      "417",        std::to_string(message["channel_seq"].get<int>()),
      "--to",       (deployment.folder() / "saved").string(),
      "--force"};
  run("prosecutor", fetch);
  EXPECT_EQ(read_file(deployment.folder() / "saved"), content);
  EXPECT_EQ(deployment.oberihd("check").exit_code, 0);

  const auto post_and_erase = [&] {
    const fs::path other = deployment.folder() / "інше.bin";
    write_file(other, noise(9'000, 12));
    run("investigator", {"message", "post", "417", "інше", "--attach", other.string()});
    const json newest =
        json::parse(run("prosecutor", {"--json", "message", "read", "417", "--last", "1"}).out);
    return deployment.oberihd("attachment erase", {newest["attachments"][0]["content"]});
  };
  EXPECT_EQ(post_and_erase().exit_code, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(store.path() / "files"), {}), 1);
  EXPECT_EQ(deployment.oberihd("check").exit_code, 0);

  std::string bytes = read_file(stored);
  bytes[200'000] ^= 1;
  write_file(stored, bytes);
  EXPECT_EQ(deployment.oberih("prosecutor", fetch).exit_code, 65);
  EXPECT_EQ(deployment.oberihd("check").exit_code, 1);
  fs::resize_file(stored, 200'000);
  EXPECT_EQ(deployment.oberih("prosecutor", fetch).exit_code, 65);
  fs::rename(stored, store.path() / "elsewhere");
  fs::create_symlink(store.path() / "elsewhere", stored);
  EXPECT_EQ(deployment.oberih("prosecutor", fetch).exit_code, 75) << "links are not followed";
  fs::remove(stored);
  EXPECT_EQ(deployment.oberih("prosecutor", fetch).exit_code, 75);
  EXPECT_EQ(read_file(deployment.folder() / "saved"), content) << "what was saved stays";
}

/// The most memory that a process has had so far, in KiB; 0 where it has ended.
long most_memory_kib(pid_t process) {
  const std::string status = read_process_file("/proc/" + std::to_string(process) + "/status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::atol(status.c_str() + at + 6);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Figures for docs/performance.md; not a test of time:
//   story_attachments --gtest_also_run_disabled_tests --gtest_filter='*256_mib*'
TEST(AttachmentFigures, DISABLED_of_256_mib) {
  const bool in_directory = std::getenv("OBERIH_FIGURES_DIRECTORY") != nullptr;
  TemporaryFolder store;
  std::string settings =
      "attachment_bytes_per_second = 1073741824\nbytes_per_second = 1073741824\n"
      "agency_bytes_per_second = 1073741824\nread_bytes_per_second = 1073741824\n"
      "agency_read_bytes_per_second = 1073741824\n";
  if (in_directory) settings += "attachment_store = " + (store.path() / "files").string() + "\n";
  Deployment deployment(Deployment::four_officers(), settings);
  const auto timed = [&](const std::string& profile, const std::vector<std::string>& arguments,
                         const std::string& what) {
    const auto start = std::chrono::steady_clock::now();
    auto client = deployment.oberih_in_background(profile, arguments, what);
    long memory = 0;
    std::vector<double> posts;
    while (client->is_running()) {
      memory = std::max(memory, most_memory_kib(client->id()));
      if (what == "upload") {
        const auto posted = std::chrono::steady_clock::now();
        EXPECT_EQ(deployment.oberih("prosecutor", {"message", "post", "417", "?"}).exit_code, 0);
        posts.push_back(seconds_since(posted) * 1000);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::printf("%s: %.1f s, client at most %ld KiB, server at most %ld KiB\n", what.c_str(),
                seconds_since(start), memory, most_memory_kib(deployment.server().id()));
    std::sort(posts.begin(), posts.end());
    if (!posts.empty())
      std::printf("%zu posts meanwhile: median %.0f ms, most %.0f ms\n", posts.size(),
                  posts[posts.size() / 2], posts.back());
    EXPECT_EQ(client->stop(SIGTERM), 0) << client->output();
  };
  EXPECT_EQ(
      deployment.oberih("investigator", {"channel", "create", "--kind", "case", "--title", "417"})
          .exit_code,
      0);
  EXPECT_EQ(deployment
                .oberih("investigator",
                        {"channel", "add", "417", "--device", deployment.device_of("prosecutor")})
                .exit_code,
            0);
  EXPECT_EQ(deployment.oberih("prosecutor", {"channel", "list"}).exit_code, 0);
  timed("prosecutor", {"message", "post", "417", "?"}, "one post alone");
  const fs::path path = deployment.folder() / "256.bin";
  write_file(path, noise(256ull * 1024 * 1024, 1));
  timed("investigator", {"message", "post", "417", "--attach", path.string()}, "upload");
  std::istringstream out(deployment.oberih("prosecutor", {"--json", "message", "read", "417"}).out);
  std::string seq;
  for (std::string line; std::getline(out, line);)
    if (const json message = json::parse(line); message.contains("attachments"))
      seq = std::to_string(message["channel_seq"].get<int>());
  const fs::path target = deployment.folder() / "256.saved";
  timed("prosecutor", {"attachment", "save", "417", seq, "--to", target.string()}, "download");
  EXPECT_EQ(read_file(target), read_file(path));
}

}  // namespace
}  // namespace oberih::test
