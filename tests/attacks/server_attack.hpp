// SPDX-License-Identifier: Apache-2.0
// Every attack is played twice: with an honest server the play must succeed, under attack it must
// fail in the way that is expected, and nothing false may be shown. A test that cannot tell the two
// apart proves nothing.
#pragma once

#include "tests/attacks/hostile_member.hpp"

namespace oberih::attacks {

class ServerAttack : public testing::Test {
 protected:
  using TamperItems = std::function<void(Items&)>;
  using TamperDirectory = std::function<void(std::vector<wire::DirectoryLeaf>&)>;

  Scene& scene() { return Scene::shared(); }

  /// A newcomer reads the channel: all of it is told by the liar, chains and indexes fitting again.
  /// `shown`: how many of the words that were said stand before the lie.
  void expect_items_refused(const ChannelId& channel, const Device& reader, std::string_view why,
                            std::size_t shown, const TamperItems& tamper);
  /// In the scene's conversation, read by Taras.
  void expect_items_refused(std::string_view why, std::size_t shown, const TamperItems& tamper) {
    expect_items_refused(scene().conversation(), scene().taras(), why, shown, tamper);
  }
  /// A newcomer connects; the lie is in the directory, with a checkpoint that the journal key
  /// signed over it.
  void expect_directory_refused(std::string_view why, const TamperDirectory& tamper);

  /// The items of a channel as the honest server gives them.
  Items items_of(const ChannelId& channel, const Device& reader);
};

/// Refused as not verified, for this reason, and kept as evidence.
void expect_caught(const Result<>& result, std::string_view why, const Member& member);

}  // namespace oberih::attacks
