// SPDX-License-Identifier: Apache-2.0
#include "server/application/attachment_keeper.hpp"

#include <gtest/gtest.h>

#include <future>

#include "server/application/attachment_desk.hpp"
#include "tests/support/memory_attachments.hpp"

namespace oberih::application {
namespace {

using test::SealedAttachment;

constexpr std::size_t three_chunks = 2 * sealing::attachment_chunk_bytes + 777;
constexpr Milliseconds lapse_ms = 1'000;

template <class Id>
Id filled(std::uint8_t value) {
  Id id;
  id.bytes.fill(value);
  return id;
}

class AttachmentKeeping : public testing::Test {
 protected:
  static std::string refusal(const auto& result) {
    return result ? "accepted" : std::string(refusal_row(result.error().code).name);
  }
  void send_all(const SealedAttachment& file, const ChannelId& channel) {
    ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
    for (std::uint32_t number = 0; number < file.chunks.size(); ++number)
      ASSERT_TRUE(keeper.put(own, file.put(channel, number)));
  }

  const ChannelId channel = filled<ChannelId>(1), other_channel = filled<ChannelId>(2);
  const domain::Origin own{filled<AgencyId>(1), filled<DeviceId>(1)};
  const domain::Origin colleague{filled<AgencyId>(1), filled<DeviceId>(2)};
  const domain::Origin other{filled<AgencyId>(2), filled<DeviceId>(3)};
  const SealedAttachment file{three_chunks, 1};
  test::MemoryCatalogue catalogue;
  test::MemoryChunks chunks;
  AttachmentKeeper keeper{catalogue, chunks, {1'000'000, lapse_ms, 77}};
};

TEST_F(AttachmentKeeping, takes_chunks_in_order_and_gives_them_back) {
  const auto begun = keeper.begin(own, file.begin(channel), 5);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->received, 0u);
  EXPECT_EQ(begun->bytes_per_second, 77u);
  for (std::uint32_t number = 0; number < 3; ++number) {
    const auto put = keeper.put(own, file.put(channel, number));
    ASSERT_TRUE(put);
    EXPECT_EQ(put->received, number + 1);
    EXPECT_EQ(put->complete, number == 2);
  }
  const auto state = keeper.load_state({channel, file.content});
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->progress.complete);
  EXPECT_EQ(state->manifest.chunk_hashes, file.manifest.chunk_hashes);
  for (std::uint32_t number = 0; number < 3; ++number)
    EXPECT_EQ(keeper.load_chunk(other, {channel, file.content, number})->chunk,
              file.chunks[number]);
  EXPECT_EQ(refusal(keeper.load_chunk(other, {channel, file.content, 3})), "attachment_invalid");
}

TEST_F(AttachmentKeeping, says_where_to_go_on_and_takes_twice_what_came_twice) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(keeper.put(own, file.put(channel, 0)));
  ASSERT_TRUE(keeper.put(own, file.put(channel, 1)));
  EXPECT_EQ(keeper.begin(own, file.begin(channel), 900)->received, 2u);
  EXPECT_EQ(keeper.put(own, file.put(channel, 0))->received, 2u);
  EXPECT_TRUE(keeper.put(own, file.put(channel, 2))->complete);
  EXPECT_TRUE(keeper.put(own, file.put(channel, 2))->complete);
}

TEST_F(AttachmentKeeping, refuses_a_chunk_that_is_changed_cut_swapped_or_too_early) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  wire::AttachmentPut put = file.put(channel, 0);
  put.chunk[17] ^= 1;
  EXPECT_EQ(refusal(keeper.put(own, put)), "attachment_invalid");
  put = file.put(channel, 0);
  put.chunk.pop_back();
  EXPECT_EQ(refusal(keeper.put(own, put)), "attachment_invalid");
  put = file.put(channel, 1);
  put.number = 0;
  EXPECT_EQ(refusal(keeper.put(own, put)), "attachment_invalid");
  EXPECT_EQ(refusal(keeper.put(own, file.put(channel, 1))), "attachment_invalid") << "too early";
  put.number = 3;
  EXPECT_EQ(refusal(keeper.put(own, put)), "attachment_invalid");
  EXPECT_EQ(keeper.begin(own, file.begin(channel), 5)->received, 0u);
  EXPECT_TRUE(chunks.chunks[file.content].empty());
}

TEST_F(AttachmentKeeping, lets_nobody_else_put_and_no_other_channel_read) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  EXPECT_EQ(refusal(keeper.put(colleague, file.put(channel, 0))), "not_found");
  EXPECT_EQ(refusal(keeper.begin(colleague, file.begin(channel), 5)), "attachment_invalid");
  EXPECT_EQ(refusal(keeper.begin(own, file.begin(other_channel), 5)), "attachment_invalid");
  EXPECT_EQ(refusal(keeper.put(own, file.put(other_channel, 0))), "not_found");
  EXPECT_EQ(refusal(keeper.load_state({other_channel, file.content})), "not_found");
  EXPECT_EQ(refusal(keeper.load_chunk(own, {other_channel, file.content, 0})), "not_found");
  EXPECT_EQ(refusal(keeper.keep({other_channel, file.content})), "not_found");
}

TEST_F(AttachmentKeeping, gives_no_chunk_of_what_is_not_complete) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(keeper.put(own, file.put(channel, 0)));
  EXPECT_EQ(refusal(keeper.load_chunk(other, {channel, file.content, 0})), "attachment_incomplete");
  EXPECT_EQ(refusal(keeper.keep({channel, file.content})), "attachment_incomplete");
}

TEST_F(AttachmentKeeping, counts_an_upload_against_the_quota_of_its_agency_as_a_whole) {
  const SealedAttachment second(three_chunks, 2), third(three_chunks, 3), fourth(4096, 4);
  const std::uint64_t size = sealing::sealed_attachment_bytes(file.manifest.padded_bytes);
  AttachmentKeeper narrow(catalogue, chunks, {2 * size + 100, lapse_ms, 0});
  ASSERT_TRUE(narrow.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(narrow.begin(colleague, second.begin(channel), 5));
  const auto refused = narrow.begin(own, third.begin(channel), 5);
  EXPECT_EQ(refusal(refused), "attachment_quota_exceeded");
  EXPECT_NE(refused.error().detail.find("used " + std::to_string(2 * size) + " of " +
                                        std::to_string(2 * size + 100)),
            std::string::npos)
      << refused.error().detail;
  EXPECT_TRUE(narrow.begin(other, third.begin(channel), 5)) << "another agency has its own";
  EXPECT_TRUE(narrow.begin(own, file.begin(channel), 5)) << "what was begun goes on";
}

TEST_F(AttachmentKeeping, lets_one_device_begin_a_few_at_once) {
  for (std::uint8_t i = 0; i < AttachmentKeeper::uploads_at_once; ++i) {
    const SealedAttachment each(10, static_cast<std::uint8_t>(50 + i));
    ASSERT_TRUE(keeper.begin(own, each.begin(channel), 5));
  }
  EXPECT_EQ(refusal(keeper.begin(own, file.begin(channel), 5)), "attachment_quota_exceeded");
  EXPECT_TRUE(keeper.begin(colleague, file.begin(channel), 5));
}

TEST_F(AttachmentKeeping, removes_what_no_entry_names_after_a_while_and_makes_room) {
  const std::uint64_t size = sealing::sealed_attachment_bytes(file.manifest.padded_bytes);
  AttachmentKeeper narrow(catalogue, chunks, {size, lapse_ms, 0});
  ASSERT_TRUE(narrow.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(narrow.put(own, file.put(channel, 0)));
  const SealedAttachment second(three_chunks, 2);
  EXPECT_EQ(refusal(narrow.begin(own, second.begin(channel), 5 + lapse_ms)),
            "attachment_quota_exceeded");
  EXPECT_TRUE(narrow.begin(own, second.begin(channel), 6 + lapse_ms));
  EXPECT_FALSE(catalogue.rows.contains(file.content));
  EXPECT_FALSE(chunks.chunks.contains(file.content));
}

TEST_F(AttachmentKeeping, keeps_for_good_what_an_entry_names_or_another_device_has_fetched) {
  const SealedAttachment second(100, 2), third(100, 3);
  send_all(file, channel);
  send_all(second, channel);
  send_all(third, channel);
  ASSERT_TRUE(keeper.keep({channel, file.content}));
  ASSERT_TRUE(keeper.load_chunk(other, {channel, second.content, 0}));
  ASSERT_TRUE(keeper.load_chunk(own, {channel, third.content, 0}))
      << "its own sender proves nothing";
  EXPECT_EQ(keeper.sweep(5 + 100 * lapse_ms), 1u);
  EXPECT_TRUE(catalogue.rows.contains(file.content));
  EXPECT_TRUE(catalogue.rows.contains(second.content));
  EXPECT_FALSE(catalogue.rows.contains(third.content));
}

TEST_F(AttachmentKeeping, erases_what_is_named_all_the_same_and_that_alone) {
  const SealedAttachment second(100, 2);
  send_all(file, channel);
  send_all(second, channel);
  ASSERT_TRUE(keeper.keep({channel, file.content}));
  const Result<AttachmentRow> erased = keeper.erase(file.content);
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased->channel, channel);
  EXPECT_FALSE(catalogue.rows.contains(file.content));
  EXPECT_FALSE(chunks.chunks.contains(file.content));
  EXPECT_TRUE(chunks.chunks.contains(second.content));
  EXPECT_EQ(refusal(keeper.load_state({channel, file.content})), "not_found");
  EXPECT_EQ(refusal(keeper.erase(file.content)), "not_found");
  EXPECT_TRUE(keeper.begin(own, file.begin(channel), 5)) << "who has it may send it again";
}

TEST_F(AttachmentKeeping, says_that_the_disk_is_full_and_goes_on_afterwards) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(keeper.put(own, file.put(channel, 0)));
  chunks.is_full = true;
  EXPECT_EQ(refusal(keeper.put(own, file.put(channel, 1))), "attachment_store_full");
  chunks.is_full = false;
  EXPECT_EQ(keeper.begin(own, file.begin(channel), 5)->received, 1u);
  EXPECT_EQ(keeper.put(own, file.put(channel, 1))->received, 2u);
}

TEST_F(AttachmentKeeping, begins_anew_where_somebody_removed_the_chunks) {
  ASSERT_TRUE(keeper.begin(own, file.begin(channel), 5));
  ASSERT_TRUE(keeper.put(own, file.put(channel, 0)));
  chunks.is_lost = true;
  EXPECT_EQ(keeper.put(own, file.put(channel, 1))->received, 0u);
}

TEST(AttachmentDesk, answers_busy_where_no_room_is_left_and_unavailable_where_storing_fails) {
  test::MemoryCatalogue catalogue;
  test::MemoryChunks chunks;
  AttachmentKeeper keeper(catalogue, chunks, {});
  std::promise<void> gate;
  std::promise<RefusalCode> failed, crowded;
  std::vector<std::string> reports;
  {
    AttachmentDesk desk(
        keeper, 1, [] { return Milliseconds{0}; },
        [&](const std::string& sentence) { reports.push_back(sentence); });
    std::promise<void> started;
    const domain::Origin origin{filled<AgencyId>(1), filled<DeviceId>(1)};
    desk.submit(origin, {[&](AttachmentKeeper&) {
                           started.set_value();
                           gate.get_future().wait();
                           throw std::runtime_error("broken");
                         },
                         [&](RefusalCode code) { failed.set_value(code); }});
    started.get_future().wait();
    std::promise<void> done;
    desk.submit(origin, {[&](AttachmentKeeper&) { done.set_value(); }, [](RefusalCode) {}});
    desk.submit(origin, {[](AttachmentKeeper&) { FAIL() << "there was no room"; },
                         [&](RefusalCode code) { crowded.set_value(code); }});
    gate.set_value();
    EXPECT_EQ(failed.get_future().get(), RefusalCode::unavailable);
    EXPECT_EQ(crowded.get_future().get(), RefusalCode::server_busy);
    done.get_future().wait();
  }
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_NE(reports[0].find("broken"), std::string::npos);
}

}  // namespace
}  // namespace oberih::application
