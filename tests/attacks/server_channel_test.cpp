// SPDX-License-Identifier: Apache-2.0
// A malicious server tells a member of a conversation that was never had: leaves changed, left
// out, doubled, put into another order, with every chain and index that needs no member's key set
// anew.
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

// Of the scene's conversation.
constexpr std::size_t create = 0, taras_joins = 1, first_word = 2, second_word = 3,
                      prosecutor_joins = 4, third_word = 5;

class ServerAttackOnChannel : public ServerAttack {
 protected:
  /// Somebody with valid keys appends to the conversation what the server takes without a look.
  template <class Make>
  void expect_appended_refused(std::string_view why, const Make& make) {
    const ChannelId channel = scene().conversation();
    auto view = scene().honest_member(scene().oksana());
    ASSERT_EQ(outcome(view->read(channel)), "accepted");
    const wire::ChannelItem item = item_of(channel, make(*view, channel));
    expect_items_refused(why, Scene::said().size(), [&](Items& items) { items.push_back(item); });
  }
};

// -- rosters and wraps ----------------------------------------------------------------------------

TEST_F(ServerAttackOnChannel, a_ghost_member_on_the_roster_is_refused) {
  expect_items_refused("bad_signature", 2, [&](Items& items) {
    change_record(items[prosecutor_joins], [&](sealing::ChannelRecord& record) {
      record.roster.push_back(scene().police_admin().line(RosterRole::member));
      std::ranges::sort(record.roster, {}, [](const auto& line) { return line.device; });
    });
  });
}

TEST_F(ServerAttackOnChannel, a_ghost_device_cannot_write_itself_onto_the_roster) {
  const auto ghost = scene().enrol(scene().police(), Role::investigator);
  expect_appended_refused("not_found", [&](Member& view, const ChannelId& channel) {
    sealing::Change change;
    change.add = sealing::LinesItem{"order 3", {ghost->line(RosterRole::member)}};
    return forge_record(view, channel, *ghost, change);
  });
}

TEST_F(ServerAttackOnChannel, a_swapped_key_of_a_roster_line_is_refused) {
  expect_items_refused("bad_signature", 2, [&](Items& items) {
    change_record(items[prosecutor_joins], [&](sealing::ChannelRecord& record) {
      record.roster.front().hpke_key = scene().police_admin().certificate.hpke_key;
    });
  });
}

TEST_F(ServerAttackOnChannel, an_added_wrap_is_refused) {
  expect_items_refused("wraps_invalid", 2, [](Items& items) {
    Bytes& wraps = items[prosecutor_joins].wraps;
    const Bytes first(wraps.begin(), wraps.begin() + sealing::key_wrap_bytes);
    wraps.insert(wraps.end(), first.begin(), first.end());
  });
}

TEST_F(ServerAttackOnChannel, an_omitted_wrap_is_refused) {
  expect_items_refused("wraps_invalid", 2, [](Items& items) {
    Bytes& wraps = items[prosecutor_joins].wraps;
    wraps.resize(wraps.size() - sealing::key_wrap_bytes);
  });
}

TEST_F(ServerAttackOnChannel, wraps_of_two_devices_swapped_are_refused) {
  expect_items_refused("wraps_invalid", 2, [](Items& items) {
    Bytes& wraps = items[prosecutor_joins].wraps;
    std::swap_ranges(wraps.begin(), wraps.begin() + sealing::key_wrap_bytes,
                     wraps.begin() + sealing::key_wrap_bytes);
  });
}

TEST_F(ServerAttackOnChannel, wraps_of_another_epoch_are_refused) {
  expect_items_refused("wraps_invalid", 0,
                       [](Items& items) { items[taras_joins].wraps = items[create].wraps; });
}

TEST_F(ServerAttackOnChannel, wraps_of_another_channel_are_refused) {
  const Items other = items_of(scene().open_channel(), scene().taras());
  expect_items_refused("wraps_invalid", 2, [&](Items& items) {
    items[prosecutor_joins].wraps = other[prosecutor_joins].wraps;
  });
}

TEST_F(ServerAttackOnChannel, a_box_of_another_channel_is_refused) {
  const Items other = items_of(scene().open_channel(), scene().taras());
  expect_items_refused("wraps_invalid", 2, [&](Items& items) {
    items[prosecutor_joins].prev_box = other[prosecutor_joins].prev_box;
  });
}

TEST_F(ServerAttackOnChannel, an_old_record_replayed_is_refused) {
  expect_items_refused("record_out_of_order", 3,
                       [](Items& items) { items.push_back(items[taras_joins]); });
}

TEST_F(ServerAttackOnChannel, a_record_under_another_kind_of_signature_is_refused) {
  expect_appended_refused("bad_signature", [&](Member& view, const ChannelId& channel) {
    RecordSpoils spoils;
    spoils.label = "message";
    return forge_record(view, channel, scene().oksana(), {}, spoils);
  });
}

TEST_F(ServerAttackOnChannel, an_enc_of_zeros_or_of_low_order_is_refused) {
  for (const std::uint8_t first_byte : {0, 1})  // u = 0 and u = 1
    expect_appended_refused("wraps_invalid", [&](Member& view, const ChannelId& channel) {
      RecordSpoils spoils;
      spoils.wraps = [first_byte](std::vector<sealing::KeyWrap>& wraps) {
        wraps.front().encapsulated = {};
        wraps.front().encapsulated.bytes[0] = first_byte;
      };
      sealing::Change change;
      change.remove = sealing::RemoveItem{"moved", {scene().taras().id()}};
      return forge_record(view, channel, scene().oksana(), change, spoils);
    });
}

// -- entries --------------------------------------------------------------------------------------

TEST_F(ServerAttackOnChannel, two_entries_swapped_are_refused) {
  expect_items_refused("seen_invalid", 0,
                       [](Items& items) { std::swap(items[first_word], items[second_word]); });
}

TEST_F(ServerAttackOnChannel, an_entry_left_out_is_refused_at_the_next_that_saw_it) {
  expect_items_refused("seen_invalid", 0,
                       [](Items& items) { items.erase(items.begin() + first_word); });
}

TEST_F(ServerAttackOnChannel, an_entry_replayed_is_refused) {
  expect_items_refused("sender_chain_broken", 3,
                       [](Items& items) { items.push_back(items[third_word]); });
}

TEST_F(ServerAttackOnChannel, an_entry_delayed_past_a_change_of_the_roster_is_refused) {
  expect_items_refused("wrong_epoch", 1, [](Items& items) {
    std::swap(items[second_word], items[prosecutor_joins]);
  });
}

TEST_F(ServerAttackOnChannel, an_entry_from_another_channel_is_refused) {
  const Items other = items_of(scene().open_channel(), scene().taras());
  expect_items_refused("another channel", 1,
                       [&](Items& items) { items[second_word] = other[second_word]; });
  expect_items_refused("another channel", 1, [&](Items& items) {
    items[second_word] = other[second_word];
    change_leaf(items[second_word].leaf,
                [&](journal::Leaf& leaf) { leaf.channel_id = scene().conversation(); });
  });
}

TEST_F(ServerAttackOnChannel, a_ciphertext_of_another_entry_is_refused) {
  expect_items_refused("ciphertext", 1, [](Items& items) {
    items[second_word].ciphertext = items[first_word].ciphertext;
  });
}

TEST_F(ServerAttackOnChannel, an_entry_signed_by_another_member_is_refused) {
  expect_items_refused("bad_signature", 1, [&](Items& items) {
    change_entry(items[second_word], [&](sealing::SealedEntry& entry) {
      // The very bytes that Taras signed, in the prosecutor's hand.
      const wire::EntryPost post{entry.header, entry.salt, entry.commitment, {}, {}};
      Bytes content = post.header;
      content.insert(content.end(), post.salt.view().begin(), post.salt.view().end());
      content.insert(content.end(), post.commitment.view().begin(), post.commitment.view().end());
      content.insert(content.end(), entry.ciphertext_hash.view().begin(),
                     entry.ciphertext_hash.view().end());
      entry.signature = scene().odesa().signer().sign("message", content);
    });
  });
}

TEST_F(ServerAttackOnChannel, the_same_id_with_another_body_is_refused) {
  const Items honest = items_of(scene().conversation(), scene().taras());
  expect_appended_refused("message_id_reused", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().odesa(), "інше", [&](sealing::EntryHeader& header) {
      header.message_id = header_of(honest[third_word]).message_id;
    });
  });
}

TEST_F(ServerAttackOnChannel, a_gap_in_a_senders_numbers_is_refused) {
  expect_appended_refused("sender_chain_broken", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().odesa(), "інше",
                       [](sealing::EntryHeader& header) { ++header.sender_seq; });
  });
}

TEST_F(ServerAttackOnChannel, a_senders_number_used_twice_is_refused) {
  expect_appended_refused("sender_chain_broken", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().odesa(), "інше", [](sealing::EntryHeader& header) {
      --header.sender_seq;
      header.sender_prev = {};
    });
  });
}

TEST_F(ServerAttackOnChannel, an_entry_under_an_old_epoch_is_refused) {
  expect_appended_refused("wrong_epoch", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().odesa(), "інше",
                       [](sealing::EntryHeader& header) { --header.epoch; });
  });
}

TEST_F(ServerAttackOnChannel, an_entry_that_saw_what_never_stood_there_is_refused) {
  expect_appended_refused("seen_invalid", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().odesa(), "інше",
                       [](sealing::EntryHeader& header) { header.seen_hash.bytes[0] ^= 1; });
  });
}

TEST_F(ServerAttackOnChannel, an_entry_of_a_stranger_is_refused) {
  expect_appended_refused("not_found", [&](Member& view, const ChannelId& channel) {
    return forge_entry(view, channel, scene().police_admin(), "інше");
  });
}

TEST_F(ServerAttackOnChannel, an_entry_stamped_after_its_senders_expiry_is_refused) {
  expect_items_refused("certificate_expired", 2, [&](Items& items) {
    change_leaf(items[third_word].leaf, [&](journal::Leaf& leaf) {
      leaf.server_ms = scene().odesa().certificate.not_after_ms + 1;
    });
  });
}

TEST_F(ServerAttackOnChannel, a_record_stamped_after_its_authors_expiry_is_refused) {
  expect_items_refused("certificate_expired", 2, [&](Items& items) {
    change_leaf(items[prosecutor_joins].leaf, [&](journal::Leaf& leaf) {
      leaf.server_ms = scene().oksana().certificate.not_after_ms + 1;
    });
  });
}

}  // namespace
}  // namespace oberih::attacks
