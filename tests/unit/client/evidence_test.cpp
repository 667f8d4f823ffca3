// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/evidence.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "client-cli/commands/command_line.hpp"
#include "client-cli/keyring/profile.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/journal/leaf.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() {
    setenv("OBERIH_HOME", home_.path().c_str(), 1);
    Profile profile;
    profile.name = "oksana";
    profile.folder = folder();
    profile.server = "localhost:1";
    EXPECT_TRUE(create_profile(profile));
  }
  ~EvidenceTest() override { unsetenv("OBERIH_HOME"); }

  std::filesystem::path folder() const { return home_.path() / "oksana"; }
  Refusal keep(const Bytes& leaf, const EvidenceContext& context = {}) {
    return keep_evidence(folder(), "leaf 7 of the journal", "bad_signature", {{"leaf", leaf}},
                         context);
  }
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--profile", "oksana", "--lang", "en"});
    out_.str({});
    err_.str({});
    return run_command_line(arguments, out_, err_);
  }

  TemporaryFolder home_;
  std::ostringstream out_, err_;
};

TEST_F(EvidenceTest, is_refused_as_not_verified_and_names_its_file) {
  const Refusal refusal = keep({1, 2, 3});
  EXPECT_EQ(refusal.code, RefusalCode::verification_failed);
  const auto all = list_evidence(folder());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_NE(refusal.detail.find(all[0].id), std::string::npos) << refusal.detail;
}

TEST_F(EvidenceTest, describes_itself_and_comes_back_as_it_went) {
  EvidenceContext context;
  context.channel.emplace();
  context.channel->bytes[0] = 0x3f;
  context.index = 7;
  context.notes = {"journal.test\n7\nroot\n\n— journal.test sig\n"};
  keep({1, 2, 3}, context);
  const Evidence evidence = find_evidence(folder(), list_evidence(folder())[0].id).value();
  EXPECT_EQ(evidence.what, "leaf 7 of the journal");
  EXPECT_EQ(evidence.why, "bad_signature");
  EXPECT_EQ(evidence.context.channel, context.channel);
  EXPECT_EQ(evidence.context.index, context.index);
  EXPECT_EQ(evidence.context.notes, context.notes);
  ASSERT_EQ(evidence.parts.size(), 1u);
  EXPECT_EQ(evidence.parts[0].second, (Bytes{1, 2, 3}));
  const auto json = nlohmann::json::parse(evidence.text);
  EXPECT_EQ(json["format"], "oberih-evidence-2");
  EXPECT_NE(json["about"].get<std::string>().find("no keys"), std::string::npos);
}

TEST_F(EvidenceTest, is_kept_once_however_often_it_comes) {
  keep({1, 2, 3});
  const std::string first = list_evidence(folder())[0].text;
  EvidenceContext later;
  later.index = 8;
  EXPECT_NE(keep({1, 2, 3}, later).detail.find("seen before"), std::string::npos);
  ASSERT_EQ(list_evidence(folder()).size(), 1u);
  EXPECT_EQ(list_evidence(folder())[0].text, first) << "the first sighting stays";
  keep({1, 2, 4});
  EXPECT_EQ(list_evidence(folder()).size(), 2u);
}

TEST_F(EvidenceTest, has_a_bound_and_says_when_it_is_met) {
  for (std::size_t i = 0; i < most_evidence; ++i)
    keep({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)});
  ASSERT_EQ(run({"evidence", "list"}), 0);
  EXPECT_NE(err_.str().find("NOT kept"), std::string::npos) << err_.str();
  EXPECT_NE(keep({9, 9, 9}).detail.find("NOT kept"), std::string::npos);
  EXPECT_EQ(list_evidence(folder()).size(), most_evidence);
}

TEST_F(EvidenceTest, is_for_its_owner_alone) {
  keep({1, 2, 3});
  const auto file = folder() / "evidence" / (list_evidence(folder())[0].id + ".json");
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(EvidenceTest, is_listed_shown_and_exported_without_keys) {
  ASSERT_EQ(run({"evidence", "list"}), 0);
  EXPECT_NE(out_.str().find("Nothing has been refused"), std::string::npos);
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::entry;
  leaf.channel_id.bytes[0] = 1;
  leaf.channel_seq = 3;
  leaf.prev_leaf.bytes[0] = 1;
  leaf.body = {0};
  keep(journal::encode_leaf(leaf));
  const std::string id = list_evidence(folder())[0].id;

  ASSERT_EQ(run({"evidence", "list"}), 0);
  EXPECT_NE(out_.str().find(id.substr(0, 8)), std::string::npos);
  EXPECT_NE(out_.str().find("leaf 7 of the journal"), std::string::npos);
  ASSERT_EQ(run({"evidence", "show", id.substr(0, 8)}), 0);
  EXPECT_NE(out_.str().find("number 3 of its chain"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("A signature does not verify"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("not what they claim"), std::string::npos) << out_.str();

  const std::string file = (home_.path() / "refused.json").string();
  ASSERT_EQ(run({"evidence", "export", id, "--out", file}), 0);
  EXPECT_NE(out_.str().find("no keys and no plaintext"), std::string::npos);
  std::ifstream exported(file);
  const auto json = nlohmann::json::parse(exported);
  EXPECT_EQ(json["id"], id);
  EXPECT_NE(run({"evidence", "export", id, "--out", file}), 0) << "nothing is overwritten";
}

TEST_F(EvidenceTest, that_nobody_has_is_refused_by_name) {
  EXPECT_NE(run({"evidence", "show", "0123456789"}), 0);
  EXPECT_NE(err_.str().find("no evidence has this id"), std::string::npos) << err_.str();
  EXPECT_NE(run({"evidence", "show", "0123"}), 0);
  EXPECT_NE(run({"evidence", "show", "../../key_ring"}), 0);
}

TEST_F(EvidenceTest, files_of_others_in_its_folder_are_passed_over) {
  keep({1, 2, 3});
  std::ofstream(folder() / "evidence" / "deadbeef.json") << "{\"format\":\"something\"}";
  std::ofstream(folder() / "evidence" / "cafecafe.json") << "no json";
  EXPECT_EQ(list_evidence(folder()).size(), 1u);
}

}  // namespace
}  // namespace oberih::client
