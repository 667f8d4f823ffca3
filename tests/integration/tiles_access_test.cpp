// SPDX-License-Identifier: Apache-2.0
// The journal's tree over plain HTTP: who gets which tile, and every way of asking wrongly.
#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/wire/proofs.hpp"
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

using journal::TileAddress;
using journal::TileKind;

struct Page {
  unsigned status = 0;
  std::string header, body;
};

Page ask_page(TestServer& server, const Person& person, const std::string& request_line) {
  socket::RawTls http(server.port(), &person.tls);
  http.send(request_line + " HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string all = http.receive_all();
  const auto end = all.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  return {static_cast<unsigned>(std::stoul(all.substr(9, 3))), all.substr(0, end),
          all.substr(end + 4)};
}

Page get(TestServer& server, const Person& person, const std::string& path) {
  return ask_page(server, person, "GET /" + path);
}

/// The size of the newest signed checkpoint, once it covers the whole journal.
journal::Checkpoint settled_checkpoint(TestServer& server, const Person& person,
                                       std::uint64_t size) {
  for (int tries = 0; tries < 200; ++tries) {
    const Page page = get(server, person, "checkpoint");
    const auto text = page.body.substr(0, page.body.find("\n\n") + 1);
    if (auto checkpoint = journal::parse_checkpoint(text); checkpoint && checkpoint->size >= size)
      return *checkpoint;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("no checkpoint covers the journal");
}

void raise_limits(runtime::Settings& settings) {
  settings.connections_per_minute = settings.connections_at_once = 100'000;
  settings.agency_connections_per_minute = 100'000;
}

class Tiles : public testing::Test {
 protected:
  TestServer server{raise_limits};
  std::unique_ptr<Person> officer = server.enrol("Слідча");
  std::unique_ptr<Person> auditor = server.enrol_auditor("Аудиторка");
  // Genesis, policies in force, administrator, officer, overseer, auditor.
  journal::Checkpoint checkpoint = settled_checkpoint(server, *officer, 6);
};

TEST_F(Tiles, of_hashes_are_for_every_device_and_hash_to_the_signed_root) {
  ASSERT_EQ(checkpoint.size, 6u);
  const Page page = get(server, *officer, "tile/0/000.p/6");
  EXPECT_EQ(page.status, 200u);
  EXPECT_NE(page.header.find("Cache-Control: private, max-age=31536000, immutable"),
            std::string::npos)
      << page.header;
  const auto hashes = journal::parse_tile(as_bytes(page.body), 6);
  ASSERT_TRUE(hashes);
  EXPECT_EQ(journal::merkle_root(*hashes), checkpoint.root);
  // Older checkpoints name narrower ones.
  const Page narrow = get(server, *officer, "tile/0/000.p/5");
  EXPECT_EQ(narrow.status, 200u);
  EXPECT_EQ(narrow.body, page.body.substr(0, 160));
}

TEST_F(Tiles, of_leaves_are_for_auditors_alone) {
  const Page refused = get(server, *officer, "tile/entries/000.p/6");
  EXPECT_EQ(refused.status, 403u);
  EXPECT_NE(refused.body.find("auditors"), std::string::npos);
  EXPECT_EQ(get(server, server.admin(), "tile/entries/000.p/6").status, 403u);
  // Neither does it say what exists.
  EXPECT_EQ(get(server, *officer, "tile/entries/007").status, 403u);

  const Page page = get(server, *auditor, "tile/entries/000.p/6");
  EXPECT_EQ(page.status, 200u);
  const auto leaves = journal::parse_entry_bundle(as_bytes(page.body), 6);
  ASSERT_TRUE(leaves);
  std::vector<Digest> hashes;
  for (const Bytes& leaf : *leaves) hashes.push_back(journal::hash_leaf(leaf));
  EXPECT_EQ(journal::merkle_root(hashes), checkpoint.root);
}

TEST_F(Tiles, of_the_wrong_width_or_beyond_the_size_do_not_exist) {
  for (const std::string path :
       {"tile/0/000.p/7", "tile/0/000", "tile/0/001", "tile/0/001.p/1", "tile/1/000.p/1",
        "tile/63/000", "tile/0/x999/999", "tile/0/x036/x028/x797/x018/x963/967"}) {
    const Page page = get(server, *officer, path);
    EXPECT_EQ(page.status, 404u) << path;
    EXPECT_NE(page.body.find("over 6 leaves"), std::string::npos) << path << ": " << page.body;
  }
  EXPECT_EQ(get(server, *auditor, "tile/entries/000.p/7").status, 404u);
  EXPECT_EQ(get(server, *auditor, "tile/entries/000").status, 404u);
}

TEST_F(Tiles, are_never_served_beyond_what_is_signed) {
  // Written beside the server: committed, not yet signed for a moment at least.
  const auto more = server.enrol("Колега");
  std::uint64_t signed_size = 6;
  while (signed_size < 7) {
    const Page before = get(server, *officer, "checkpoint");
    const Page tile = get(server, *officer, "tile/0/000.p/7");
    const Page after = get(server, *officer, "checkpoint");
    const auto size_of = [](const Page& page) {
      return journal::parse_checkpoint(page.body.substr(0, page.body.find("\n\n") + 1))->size;
    };
    if (size_of(after) < 7) {
      EXPECT_EQ(tile.status, 404u);
    }
    if (size_of(before) >= 7) {
      EXPECT_EQ(tile.status, 200u);
    }
    signed_size = size_of(before);
  }
}

TEST_F(Tiles, have_one_path_and_every_trick_is_refused_with_a_sentence) {
  for (const std::string path : {"tile/",
                                 "tile/0",
                                 "tile/0/0",
                                 "tile/0/0000",
                                 "tile/00/000",
                                 "tile/64/000",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/05",
                                 "tile/0/000.p/5/",
                                 "tile/0/../0/000.p/5",
                                 "tile/0/000.p/5?x=1",
                                 "tile/0/%30%30%30.p/4",
                                 "tile/-1/000",
                                 "tile/0/x000/000",
                                 "tile/data/000",
                                 "tile/entries/",
                                 "tile//000",
                                 "tile/0/000.p/5%00",
                                 "tile/../checkpoint",
                                 "tile/../../etc/passwd"}) {
    const Page page = get(server, *auditor, path);
    EXPECT_EQ(page.status, 400u) << path;
    EXPECT_NE(page.body.find("no tile's path"), std::string::npos) << path;
  }
  for (const std::string path : {"../tile/0/000", "TILE/0/000", "/tile/0/000", "checkpoint/"})
    EXPECT_EQ(get(server, *auditor, path).status, 404u) << path;
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const Page page = ask_page(server, *auditor, method + " /tile/0/000.p/5");
    EXPECT_EQ(page.status, 405u) << method;
    EXPECT_NE(page.header.find("Allow: GET, HEAD"), std::string::npos);
  }
  const Page head = ask_page(server, *auditor, "HEAD /tile/0/000.p/5");
  EXPECT_EQ(head.status, 200u);
  EXPECT_TRUE(head.body.empty());
  EXPECT_NE(head.header.find("Content-Length: 160"), std::string::npos);
}

TEST_F(Tiles, count_against_the_limits_as_other_reads_do) {
  TestServer strict([](runtime::Settings& settings) {
    raise_limits(settings);
    settings.read_bytes_per_second = 1'000;
  });
  auto reader = strict.enrol("Читач");
  settled_checkpoint(strict, *reader, 3);
  Page page;
  for (int i = 0; i < 10 && page.status != 429; ++i) page = get(strict, *reader, "tile/0/000.p/3");
  EXPECT_EQ(page.status, 429u);
  EXPECT_NE(page.header.find("Retry-After: "), std::string::npos) << page.header;
  EXPECT_EQ(get(strict, *reader, "checkpoint").status, 200u) << "the checkpoint is always there";
}

TEST_F(Tiles, and_proofs_come_of_the_same_tree) {
  TestClient client(server, *officer);
  ASSERT_TRUE(client.hello().contains("result"));
  const auto hashes =
      journal::parse_tile(as_bytes(get(server, *officer, "tile/0/000.p/6").body), 6).value();
  const auto included = client.get<wire::Proofs>(wire::ProofInclusion{6, {0, 5}});
  ASSERT_EQ(included.paths.size(), 2u);
  EXPECT_TRUE(journal::verify_inclusion(hashes[0], 0, 6, checkpoint.root, included.paths[0]));
  EXPECT_TRUE(journal::verify_inclusion(hashes[5], 5, 6, checkpoint.root, included.paths[1]));
  const auto continued = client.get<wire::Proofs>(wire::ProofConsistency{6, {3, 6}});
  ASSERT_EQ(continued.paths.size(), 2u);
  EXPECT_TRUE(journal::verify_consistency(3, journal::merkle_root(std::span(hashes).first(3)), 6,
                                          checkpoint.root, continued.paths[0]));
  const json beyond = client.ask(wire::ProofInclusion{7, {6}});
  ASSERT_TRUE(beyond.contains("error"));
  EXPECT_EQ(beyond["error"]["data"]["code"], "not_found");
}

// One handshake serves many requests, but never longer than the device may come in.
TEST_F(Tiles, a_kept_connection_ends_with_the_device_that_it_belongs_to) {
  const auto lost = server.enrol("Загублений пристрій");
  socket::RawTls kept(server.port(), &lost->tls);
  const auto ask = [&] {
    kept.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    return kept.receive();
  };
  for (int request = 0; request < 3; ++request) {
    const std::string answer = ask();
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
    ASSERT_NE(answer.find("Connection: keep-alive"), std::string::npos) << answer;
  }
  server.append(server.admin().actor.revoke(lost->actor));
  std::string answer = ask();  // it is known within a second
  while (answer.starts_with("HTTP/1.1 200")) answer = ask();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
  EXPECT_EQ(kept.receive(), "");
}

// A connection counts once, however much is read over it.
TEST_F(Tiles, of_one_connection_do_not_count_as_connections) {
  TestServer strict{[](runtime::Settings& settings) {
    settings.connections_per_minute = 1;
    settings.connections_at_once = 20;
  }};
  const auto reader = strict.enrol("Читачка");
  socket::RawTls kept(strict.port(), &reader->tls);
  for (int request = 0; request < 50; ++request) {
    kept.send("GET /checkpoint HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    const std::string answer = kept.receive();
    ASSERT_FALSE(answer.starts_with("HTTP/1.1 429")) << request << ": " << answer;
    ASSERT_NE(answer, "") << request;
  }
}

TEST_F(Tiles, that_somebody_changed_in_the_database_do_not_hash_to_the_signed_root) {
  server.database().run_as_superuser(
      "ALTER TABLE journal DISABLE TRIGGER ALL;"
      "UPDATE journal SET leaf_hash = set_byte(leaf_hash, 5, get_byte(leaf_hash, 5) # 1)"
      " WHERE journal_index = 2");
  const Page page = get(server, *officer, "tile/0/000.p/6");
  ASSERT_EQ(page.status, 200u);
  EXPECT_NE(journal::merkle_root(journal::parse_tile(as_bytes(page.body), 6).value()),
            checkpoint.root);
  server.database().run_as_superuser("DELETE FROM journal WHERE journal_index = 2");
  const Page lacking = get(server, *officer, "tile/0/000.p/6");
  EXPECT_EQ(lacking.status, 503u);
  EXPECT_TRUE(server.wait_for_log("lacks leaves"));
}

}  // namespace
}  // namespace oberih::test
