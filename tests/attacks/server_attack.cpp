// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/server_attack.hpp"

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::attacks {

void expect_caught(const Result<>& result, std::string_view why, const Member& member) {
  ASSERT_FALSE(result) << "the lie was believed";
  EXPECT_EQ(result.error().code, RefusalCode::verification_failed) << outcome(result);
  EXPECT_NE(result.error().detail.find(why), std::string::npos) << outcome(result);
  EXPECT_EQ(member.evidence(), 1u) << "kept once, as evidence: " << outcome(result);
}

Items ServerAttack::items_of(const ChannelId& channel, const Device& reader) {
  auto member = scene().honest_member(reader);
  EXPECT_EQ(outcome(member->connect()), "accepted");
  wire::ChannelRead read;
  read.channel = channel;
  read.limit = limits::page_items;
  return member->session().ask(read).value().items;
}

void ServerAttack::expect_items_refused(const ChannelId& channel, const Device& reader,
                                        std::string_view why, std::size_t shown,
                                        const TamperItems& tamper) {
  auto server = scene().malicious_server();
  auto unharmed = scene().member_of(*server, reader);
  ASSERT_EQ(outcome(unharmed->read(channel)), "accepted") << "the control run fails";
  const std::vector<std::string> all = unharmed->texts(channel);
  ASSERT_GE(all.size(), shown);
  ASSERT_EQ(unharmed->evidence(), 0u);

  std::size_t lies = 0;
  server->when<wire::ChannelRead>([&](const wire::ChannelRead&, wire::ItemPage& page) {
    ++lies;
    tamper(page.items);
    relink(page.items);
    page.newest_seq = page.items.size();
  });
  auto victim = scene().member_of(*server, reader);
  const Result<> result = victim->read(channel);
  EXPECT_GE(lies, 1u) << "the attack was never made";
  expect_caught(result, why, *victim);
  EXPECT_EQ(victim->texts(channel), std::vector<std::string>(all.begin(), all.begin() + shown));
}

void ServerAttack::expect_directory_refused(std::string_view why, const TamperDirectory& tamper) {
  auto server = scene().malicious_server();
  auto unharmed = scene().member_of(*server, scene().taras());
  ASSERT_EQ(outcome(unharmed->connect()), "accepted") << "the control run fails";
  ASSERT_EQ(unharmed->evidence(), 0u);

  auto honest = scene().honest_member(scene().oksana());
  ASSERT_TRUE(honest->connect());
  std::vector<wire::DirectoryLeaf> leaves =
      honest->session().ask(wire::DirectoryRead{0, limits::page_items}).value().leaves;
  tamper(leaves);
  relink(leaves);
  const journal::Checkpoint lie{honest->session().directory().genesis().origin,
                                leaves.back().index + 1, crypto::random_id<Digest>(), leaves.size(),
                                journal::leaf_hash(leaves.back().leaf)};
  const std::string note = server->sign(lie);
  server->answer<wire::DirectoryRead>([&](const wire::DirectoryRead& read) {
    const auto first = leaves.begin() + static_cast<std::ptrdiff_t>(read.after_count);
    const auto count = std::min<std::size_t>(read.limit, leaves.size() - read.after_count);
    return wire::DirectoryPage{{first, first + static_cast<std::ptrdiff_t>(count)}, leaves.size()};
  });
  server->when<wire::SessionHello>([&](const wire::SessionHello&, wire::HelloReply& hello) {
    hello.directory_count = leaves.size();
    hello.checkpoint = note;
  });
  auto victim = scene().member_of(*server, scene().taras());
  expect_caught(victim->connect(), why, *victim);
}

}  // namespace oberih::attacks
