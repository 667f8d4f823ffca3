// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "include_rules.hpp"
#include "tree_under_test.hpp"

namespace oberih::lint {
namespace {

bool is_refused(const std::string& path, const std::string& include) {
  return !check_includes({path, "#include " + include + "\n"}).empty();
}

TEST(Includes, follow_the_arrows_of_the_architecture) {
  const auto findings = check_tree([](const SourceFile& file) { return check_includes(file); });
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Includes, leave_no_header_dead) {
  const auto findings = check_dead_headers(tree());
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Includes, name_only_folders_that_exist) {
  for (const auto& arrow : arrows) {
    EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::path(OBERIH_SOURCE) / arrow.folder))
        << arrow.folder;
  }
}

TEST(IncludeRule, catches_an_arrow_that_points_upwards) {
  EXPECT_TRUE(is_refused("protocol/base/ids.cpp", "\"protocol/crypto/digest.hpp\""));
  EXPECT_TRUE(is_refused("protocol/journal/leaf.hpp", "\"protocol/sealing/entry_header.hpp\""));
  EXPECT_TRUE(is_refused("protocol/wire/codec.cpp", "\"protocol/socket/tls_listener.hpp\""));
  EXPECT_TRUE(is_refused("server/domain/seats.hpp", "\"server/application/ports.hpp\""));
}

TEST(IncludeRule, catches_storage_and_transport_including_each_other) {
  EXPECT_TRUE(is_refused("server/storage/reader.cpp", "\"server/transport/outbox.hpp\""));
  EXPECT_TRUE(is_refused("server/transport/outbox.cpp", "\"server/storage/reader.hpp\""));
}

TEST(IncludeRule, catches_a_client_that_includes_the_server) {
  EXPECT_TRUE(is_refused("client-cli/commands/post.cpp", "\"server/domain/seats.hpp\""));
}

TEST(IncludeRule, catches_an_application_that_includes_sockets) {
  EXPECT_TRUE(is_refused("server/application/ports.hpp", "\"protocol/socket/event_loop.hpp\""));
}

TEST(IncludeRule, catches_a_product_that_includes_tests_or_a_bare_name) {
  EXPECT_TRUE(is_refused("protocol/base/ids.cpp", "\"tests/support/clock.hpp\""));
  EXPECT_TRUE(is_refused("protocol/crypto/digest.cpp", "\"hkdf.hpp\""));
  EXPECT_TRUE(is_refused("protocol/base/ids.cpp", "<gtest/gtest.h>"));
}

TEST(IncludeRule, catches_a_folder_without_a_row) {
  EXPECT_TRUE(is_refused("server/extras/cache.cpp", "\"protocol/base/ids.hpp\""));
}

TEST(IncludeRule, catches_libraries_outside_their_folders) {
  EXPECT_TRUE(is_refused("server/storage/recorder.cpp", "<openssl/evp.h>"));
  EXPECT_TRUE(is_refused("protocol/crypto/certificate.cpp", "<openssl/ssl.h>"));
  EXPECT_TRUE(is_refused("client-cli/keyring/key_ring.cpp", "<sodium.h>"));
  EXPECT_TRUE(is_refused("server/transport/outbox.cpp", "<boost/asio/post.hpp>"));
  EXPECT_TRUE(is_refused("server/transport/outbox.cpp", "<boost/beast.hpp>"));
  EXPECT_TRUE(is_refused("server/application/ports.hpp", "<soci/soci.h>"));
  EXPECT_TRUE(is_refused("server/runtime/server_app.cpp", "<libpq-fe.h>"));
  EXPECT_TRUE(is_refused("client-cli/commands/post.cpp", "<sqlite3.h>"));
  EXPECT_TRUE(is_refused("protocol/sealing/key_wrap.cpp", "<nlohmann/json.hpp>"));
  EXPECT_TRUE(is_refused("server/application/post_entry.cpp", "<nlohmann/json.hpp>"));
  EXPECT_FALSE(is_refused("protocol/wire/replies.cpp", "<nlohmann/json.hpp>"));
}

TEST(IncludeRule, catches_clocks_where_exports_are_checked) {
  EXPECT_TRUE(is_refused("protocol/evidence/verify_export.cpp", "<chrono>"));
  EXPECT_TRUE(is_refused("protocol/sealing/directory.cpp", "<ctime>"));
  EXPECT_TRUE(is_refused("client-cli/archive/checked_export.cpp", "<time.h>"));
  EXPECT_FALSE(is_refused("client-cli/connection/back_off.hpp", "<chrono>"));
}

TEST(IncludeRule, catches_clocks_files_and_libraries_in_the_domain) {
  EXPECT_TRUE(is_refused("server/domain/seats.cpp", "<chrono>"));
  EXPECT_TRUE(is_refused("server/domain/seats.cpp", "<fstream>"));
  EXPECT_TRUE(is_refused("server/domain/seats.cpp", "<boost/system/result.hpp>"));
  EXPECT_FALSE(is_refused("server/domain/seats.cpp", "<vector>"));
}

TEST(IncludeRule, lets_the_listed_arrows_pass) {
  EXPECT_FALSE(is_refused("protocol/sealing/key_wrap.cpp", "\"protocol/crypto/hpke.hpp\""));
  EXPECT_FALSE(is_refused("server/transport/outbox.cpp", "\"protocol/socket/tls_listener.hpp\""));
  EXPECT_FALSE(is_refused("client-cli/commands/post.cpp", "\"client-cli/output/table.hpp\""));
  EXPECT_FALSE(is_refused("server/main.cpp", "\"server/runtime/server_app.hpp\""));
  EXPECT_FALSE(is_refused("server/storage/reader.cpp", "<soci/soci.h>"));
  EXPECT_FALSE(is_refused("protocol/socket/tls_client.cpp", "<openssl/ssl.h>"));
  EXPECT_FALSE(is_refused("tests/attacks/resumed_session_test.cpp", "<openssl/ssl.h>"));
}

TEST(IncludeRule, reads_indented_directives_and_names_the_line) {
  const auto findings = check_includes({"server/domain/a.cpp", "\n#  include <chrono>  // why\n"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].line, 2u);
}

TEST(DeadHeaderRule, catches_a_header_that_only_its_own_source_and_tests_include) {
  const std::vector<SourceFile> files{
      {"protocol/base/alone.cpp", "#include \"protocol/base/alone.hpp\"\n"},
      {"protocol/base/alone.hpp", "#pragma once\n"},
      {"protocol/base/used.hpp", "#pragma once\n"},
      {"protocol/base/user.cpp", "#include \"protocol/base/used.hpp\"\n"},
      {"tests/unit/base/alone_test.cpp", "#include \"protocol/base/alone.hpp\"\n"}};
  const auto findings = check_dead_headers(files, {});
  ASSERT_EQ(findings.size(), 1u) << to_string(findings);
  EXPECT_EQ(findings[0].path, "protocol/base/alone.hpp");
  EXPECT_TRUE(check_dead_headers(files, {{"protocol/base/alone.hpp", "for this test"}}).empty());
  EXPECT_EQ(check_dead_headers(files, {{"protocol/base/used.hpp", "for this test"}}).size(), 2u);
}

}  // namespace
}  // namespace oberih::lint
