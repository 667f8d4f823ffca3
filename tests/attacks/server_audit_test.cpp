// SPDX-License-Identifier: Apache-2.0
// A malicious server answers an auditor: with other leaves, of another place, of nowhere; with no
// leaf of the question; with one leaf fewer. And what of it cannot be seen in an answer.
#include "client-cli/verification/audit_search.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

using Leaves = std::vector<wire::DirectoryLeaf>;

class ServerAttackOnAudits : public ServerAttack {
 protected:
  /// Of the oversight body, whose administrator certifies.
  const Device& auditor() {
    static const Device device = [this] {
      const test::Root& root = scene().server().oversight();
      Device admin = new_device(root.agency, Role::agency_admin);
      scene().server().append(certify(admin, nullptr, root.signer));
      Device made = new_device(root.agency, Role::auditor);
      scene().server().append(certify(made, &admin, admin.signer()));
      for (int tries = 0; tries < 200; ++tries) {
        if (scene().honest_member(made)->connect()) return made;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      throw std::runtime_error("the server never knows the auditor");
    }();
    return device;
  }
  sealing::AuditFilter of_the_conversation() {
    sealing::AuditFilter filter;
    filter.channel = scene().conversation();
    return filter;
  }
  /// A checkpoint covers the conversation; newcomers are shown it from then on.
  void settle() {
    for (int tries = 0; tries < 200; ++tries) {
      auto member = scene().honest_member(auditor());
      std::vector<std::uint64_t> found;
      if (member->connect() && search(*member, of_the_conversation(), &found) && found.size() >= 6)
        return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("no checkpoint covers the conversation");
  }
  static Result<> search(Member& member, const sealing::AuditFilter& filter,
                         std::vector<std::uint64_t>* found = nullptr, std::uint32_t page = 4) {
    client::AuditSearch search(member.session(), filter);
    return search.run(0, page, false, [&](const client::FoundLeaf& leaf) {
      if (found != nullptr) found->push_back(leaf.index);
      return true;
    });
  }
  void expect_answer_refused(std::string_view why,
                             const std::function<void(wire::AuditPage&)>& tamper) {
    settle();
    auto server = scene().malicious_server();
    auto unharmed = scene().member_of(*server, auditor());
    ASSERT_EQ(outcome(unharmed->connect()), "accepted");
    std::vector<std::uint64_t> found;
    ASSERT_EQ(outcome(search(*unharmed, of_the_conversation(), &found)), "accepted")
        << "the control run fails";
    ASSERT_GE(found.size(), 6u);
    ASSERT_EQ(unharmed->evidence(), 0u);
    server->when<wire::AuditFind>(
        [&](const wire::AuditFind&, wire::AuditPage& page) { tamper(page); });
    auto victim = scene().member_of(*server, auditor());
    ASSERT_EQ(outcome(victim->connect()), "accepted");
    expect_caught(search(*victim, of_the_conversation()), why, *victim);
  }
};

TEST_F(ServerAttackOnAudits, a_leaf_that_was_changed_is_refused) {
  expect_answer_refused("prove", [](wire::AuditPage& page) {
    change_leaf(page.leaves.front().leaf, [](journal::Leaf& leaf) { leaf.server_ms += 1; });
  });
}

TEST_F(ServerAttackOnAudits, a_true_leaf_told_at_another_place_is_refused) {
  expect_answer_refused(
      "prove", [](wire::AuditPage& page) { std::swap(page.leaves[0].leaf, page.leaves[1].leaf); });
}

TEST_F(ServerAttackOnAudits, a_leaf_that_was_not_asked_for_is_refused) {
  expect_answer_refused("not asked for", [](wire::AuditPage& page) {
    change_leaf(page.leaves.front().leaf,
                [](journal::Leaf& leaf) { leaf.channel_id = crypto::random_id<ChannelId>(); });
  });
}

TEST_F(ServerAttackOnAudits, leaves_in_disorder_and_pages_without_end_are_refused) {
  expect_answer_refused("out of order",
                        [](wire::AuditPage& page) { std::swap(page.leaves[0], page.leaves[1]); });
  expect_answer_refused("more behind it", [](wire::AuditPage& page) {
    page.leaves.clear();
    page.more = true;
  });
}

TEST_F(ServerAttackOnAudits, an_answer_whose_question_stands_nowhere_is_refused) {
  expect_answer_refused("hold the question",
                        [](wire::AuditPage& page) { page.asked.leaf_hash.bytes[0] ^= 1; });
  expect_answer_refused("hold the question", [](wire::AuditPage& page) { page.asked.index = 3; });
}

TEST_F(ServerAttackOnAudits, a_question_told_at_the_place_of_another_leaf_is_refused) {
  auto server = scene().malicious_server();
  auto other = scene().honest_member(auditor());
  auto victim = scene().member_of(*server, auditor());
  ASSERT_EQ(outcome(other->connect()), "accepted");
  ASSERT_EQ(outcome(victim->connect()), "accepted");
  ASSERT_EQ(outcome(search(*other, of_the_conversation())), "accepted");  // a leaf lies between
  server->when<wire::AuditFind>(
      [&](const wire::AuditFind&, wire::AuditPage& page) { page.asked.index -= 1; });
  expect_caught(search(*victim, of_the_conversation(), nullptr, 500), "prove", *victim);
}

// One leaf left out of an answer shows in no answer. Whoever holds the whole journal against it
// finds it: its leaves come as bundles, hash to the signed root, and leave no room for a gap.
TEST_F(ServerAttackOnAudits, one_entry_hidden_from_an_auditor_is_missed_in_the_whole_journal) {
  settle();
  auto server = scene().malicious_server();
  auto honest = scene().member_of(*server, auditor());
  ASSERT_EQ(outcome(honest->connect()), "accepted");
  std::vector<std::uint64_t> all, found;
  ASSERT_EQ(outcome(search(*honest, of_the_conversation(), &all)), "accepted");
  server->when<wire::AuditFind>([&](const wire::AuditFind&, wire::AuditPage& page) {
    std::erase_if(page.leaves,
                  [&](const wire::DirectoryLeaf& leaf) { return leaf.index == all[3]; });
  });
  auto victim = scene().member_of(*server, auditor());
  ASSERT_EQ(outcome(victim->connect()), "accepted");
  ASSERT_EQ(outcome(search(*victim, of_the_conversation(), &found)), "accepted");
  for (const std::uint64_t index : all)
    EXPECT_EQ(std::count(found.begin(), found.end(), index), index == all[3] ? 0 : 1) << index;

  // Of the channel's own chain the gap shows at once: its sequence has none.
  std::vector<std::uint64_t> sequences;
  client::AuditSearch again(victim->session(), of_the_conversation());
  ASSERT_EQ(outcome(again.run(0, 500, false,
                              [&](const client::FoundLeaf& leaf) {
                                if (leaf.leaf.channel_seq > 0)
                                  sequences.push_back(leaf.leaf.channel_seq);
                                return true;
                              })),
            "accepted");
  bool has_gap = false;
  for (std::size_t i = 0; i < sequences.size(); ++i) has_gap |= sequences[i] != i + 1;
  EXPECT_TRUE(has_gap) << "the hidden entry is one of the chain";
}

}  // namespace
}  // namespace oberih::attacks
