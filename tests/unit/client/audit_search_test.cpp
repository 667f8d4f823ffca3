// SPDX-License-Identifier: Apache-2.0
// Pages of an answer that a server may make up: none of them is shown.
#include "client-cli/verification/audit_search.hpp"

#include "client-cli/commands/audit_words.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::client {
namespace {

class AuditPageTest : public testing::Test {
 protected:
  AuditPageTest() {
    filter_.device = member_.certificate.device;
    request_.from_index = 3;
    request_.limit = 3;
    for (std::uint64_t index : {4, 6}) page_.leaves.push_back({index, leaf(member_)});
  }
  Bytes leaf(const sealing::TestDevice& who) const {
    return journal::encode_leaf(
        {journal::LeafKind::access,
         world_.now_ms,
         {},
         0,
         {},
         sealing::encode_access_leaf({sealing::AccessWhat::session, who.certificate.device, 1, 2, 1,
                                      1, sealing::made_of<sealing::LeafSalt>(3)})});
  }
  std::string outcome() {
    const auto opened = open_audit_page(page_, request_, filter_, size_, world_.directory);
    return opened ? "accepted" : opened.error().detail;
  }

  sealing::World world_;
  const sealing::TestDevice& member_ = world_.enrol(world_.police(), Role::investigator);
  const sealing::TestDevice& other_ = world_.enrol(world_.police(), Role::supervisor);
  sealing::AuditFilter filter_;
  wire::AuditFind request_;
  wire::AuditPage page_;
  std::uint64_t size_ = 10;
};

TEST_F(AuditPageTest, what_fits_and_ascends_is_taken) {
  const auto opened = open_audit_page(page_, request_, filter_, size_, world_.directory);
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->size(), 2u);
  EXPECT_EQ((*opened)[0].index, 4u);
  EXPECT_EQ((*opened)[0].actor->role, Role::investigator);
  EXPECT_EQ((*opened)[0].hash, journal::leaf_hash(page_.leaves[0].leaf));
}

TEST_F(AuditPageTest, what_does_not_is_refused) {
  const wire::AuditPage good = page_;
  page_.leaves[1].leaf = leaf(other_);
  EXPECT_EQ(outcome(), "a leaf that was not asked for");
  page_ = good;
  std::swap(page_.leaves[0], page_.leaves[1]);
  EXPECT_EQ(outcome(), "leaves out of order");
  page_ = good;
  page_.leaves[1].index = 4;
  EXPECT_EQ(outcome(), "leaves out of order");
  page_ = good;
  page_.leaves[0].index = 2;
  EXPECT_EQ(outcome(), "leaves out of order") << "before the page begins";
  page_ = good;
  page_.leaves[1].index = 10;
  EXPECT_EQ(outcome(), "a leaf from behind the size that was asked about");
  page_ = good;
  page_.leaves[1].leaf.pop_back();
  EXPECT_EQ(outcome(), "a leaf that cannot be read");
  page_ = good;
  request_.limit = 1;
  EXPECT_EQ(outcome(), "more leaves than were asked for");
  page_.leaves.clear();
  EXPECT_EQ(outcome(), "accepted") << "nothing fits";
  page_.more = true;
  EXPECT_EQ(outcome(), "a page of nothing, and more behind it");
}

TEST(AuditKinds, each_word_is_there_once_and_makes_a_filter) {
  std::set<std::string> words;
  for (const AuditKind& each : audit_kinds()) {
    EXPECT_TRUE(words.insert(each.word).second) << each.word;
    sealing::AuditFilter filter;
    filter.kind = each.kind;
    filter.type = each.type;
    EXPECT_TRUE(sealing::parse_audit_filter(sealing::encode_audit_filter(filter))) << each.word;
  }
  EXPECT_TRUE(words.contains("history"));
  EXPECT_TRUE(words.contains("message"));
}

}  // namespace
}  // namespace oberih::client
