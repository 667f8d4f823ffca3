// SPDX-License-Identifier: Apache-2.0
// Acknowledgements, requests to an originator and answers: what they name must be there, and be
// theirs to speak of.
#include "protocol/sealing/entry_references.hpp"

#include "world.hpp"

namespace oberih::sealing {
namespace {

class EntryReferencesTest : public testing::Test {
 protected:
  EntryReference place(const TestDevice& sender, EntryType type, Bytes facts = {}) {
    const std::uint64_t seq = entries_.size() + 1;
    entries_[seq] = {type, sender.id(), made_of<Digest>(static_cast<std::uint32_t>(seq)),
                     std::move(facts)};
    return {seq, entries_[seq].message_hash};
  }
  std::string judged(const TestDevice& sender, EntryType type, Bytes facts) const {
    EntryHeader header;
    header.type = type;
    header.sender = sender.id();
    header.facts = std::move(facts);
    return outcome(judge_references(
        header, world_.directory, [&](std::uint64_t seq) -> std::optional<PlacedEntry> {
          auto found = entries_.find(seq);
          return found == entries_.end() ? std::nullopt : std::optional(found->second);
        }));
  }
  std::string acknowledged(const TestDevice& sender, const EntryReference& entry,
                           const PersonId& acting_for = {}) const {
    AcknowledgementFacts facts;
    facts.entry = entry;
    facts.acting_for = acting_for;
    facts.kind = AcknowledgementKind::received;
    return judged(sender, EntryType::acknowledgement, encode_acknowledgement_facts(facts));
  }
  static RequestFacts request_for(const EntryReference& entry, const AgencyId& agency) {
    RequestFacts facts;
    facts.common.asks_for = static_cast<std::uint8_t>(AsksFor::consent);
    facts.entry = entry;
    facts.admitted = Admitted::of(agency);
    return facts;
  }
  std::string answered(const TestDevice& sender, const EntryReference& request,
                       const EntryReference& entry, const AgencyId& agency) const {
    ConsentFacts facts;
    facts.request = request;
    facts.entry = entry;
    facts.admitted = Admitted::of(agency);
    facts.agrees = true;
    return judged(sender, EntryType::consent, encode_consent_facts(facts));
  }

  World world_;
  TestDevice& author_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& authors_other_ =
      world_.enrol(world_.police(), Role::investigator, author_.certificate.person);
  TestDevice& colleague_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& supervisor_ = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& foreign_supervisor_ = world_.enrol(world_.prosecution(), Role::supervisor);
  std::map<std::uint64_t, PlacedEntry> entries_;
};

TEST_F(EntryReferencesTest, one_acknowledges_what_another_person_has_sent) {
  const EntryReference entry = place(author_, EntryType::message);
  EXPECT_EQ(acknowledged(prosecutor_, entry), "accepted");
  EXPECT_EQ(acknowledged(prosecutor_, entry), "accepted");  // a later one may add
  EXPECT_EQ(acknowledged(author_, entry), "forbidden");
  EXPECT_EQ(acknowledged(authors_other_, entry), "forbidden");
}

TEST_F(EntryReferencesTest, nobody_acknowledges_a_message_in_anothers_name) {
  const PersonId& colleague = colleague_.certificate.person;
  EXPECT_EQ(acknowledged(prosecutor_, place(author_, EntryType::message), colleague),
            "not_your_part");
  EXPECT_EQ(acknowledged(prosecutor_, place(author_, EntryType::task), colleague), "not_your_part");
}

TEST_F(EntryReferencesTest, an_acknowledgement_names_an_entry_that_stands_there) {
  EntryReference entry = place(author_, EntryType::message);
  entry.message_hash.bytes[0] ^= 1;
  EXPECT_EQ(acknowledged(prosecutor_, entry), "not_found");
  EXPECT_EQ(acknowledged(prosecutor_, {99, entry.message_hash}), "not_found");
}

TEST_F(EntryReferencesTest, what_holds_nothing_is_not_acknowledged) {
  for (EntryType type :
       {EntryType::leave, EntryType::wrap_unusable, EntryType::acknowledgement, EntryType::consent})
    EXPECT_EQ(acknowledged(prosecutor_, place(author_, type)), "entry_type_forbidden");
  for (EntryType type : {EntryType::task, EntryType::hearing})
    EXPECT_EQ(acknowledged(prosecutor_, place(author_, type)), "accepted");
}

TEST_F(EntryReferencesTest, a_request_names_an_entry_that_stands_there) {
  const AgencyId& ngo = world_.ngo().agency.id;
  EntryReference entry = place(author_, EntryType::message);
  EXPECT_EQ(judged(prosecutor_, EntryType::message, encode_request_facts(request_for(entry, ngo))),
            "accepted");
  entry.message_hash.bytes[0] ^= 1;
  EXPECT_EQ(judged(prosecutor_, EntryType::message, encode_request_facts(request_for(entry, ngo))),
            "not_found");
}

TEST_F(EntryReferencesTest, the_author_or_a_supervisor_of_the_agency_answers_and_nobody_else) {
  const AgencyId& ngo = world_.ngo().agency.id;
  const EntryReference entry = place(author_, EntryType::message);
  const EntryReference request =
      place(prosecutor_, EntryType::message, encode_request_facts(request_for(entry, ngo)));
  EXPECT_EQ(answered(author_, request, entry, ngo), "accepted");
  EXPECT_EQ(answered(authors_other_, request, entry, ngo), "accepted");
  EXPECT_EQ(answered(supervisor_, request, entry, ngo), "accepted");
  EXPECT_EQ(answered(colleague_, request, entry, ngo), "forbidden");
  EXPECT_EQ(answered(prosecutor_, request, entry, ngo), "forbidden");
  EXPECT_EQ(answered(foreign_supervisor_, request, entry, ngo), "forbidden");
}

TEST_F(EntryReferencesTest, an_answer_is_good_for_what_was_asked_alone) {
  const AgencyId& ngo = world_.ngo().agency.id;
  const EntryReference entry = place(author_, EntryType::message);
  const EntryReference another = place(author_, EntryType::message);
  const EntryReference request =
      place(prosecutor_, EntryType::message, encode_request_facts(request_for(entry, ngo)));
  EXPECT_EQ(answered(author_, request, another, ngo), "forbidden");
  EXPECT_EQ(answered(author_, request, entry, world_.court().agency.id), "forbidden");
  EXPECT_EQ(answered(author_, entry, entry, ngo), "entry_type_forbidden");
  EntryReference forged = request;
  forged.message_hash.bytes[0] ^= 1;
  EXPECT_EQ(answered(author_, forged, entry, ngo), "not_found");
}

}  // namespace
}  // namespace oberih::sealing
