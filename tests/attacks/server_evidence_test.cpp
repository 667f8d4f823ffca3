// SPDX-License-Identifier: Apache-2.0
// A malicious server makes up what is proven of an entry: receipts of others, of other places and
// of nobody; and alerts of late work that is none of the reader's.
#include "client-cli/verification/alert_reader.hpp"
#include "client-cli/verification/receipt_reader.hpp"
#include "client-cli/verification/receipt_sender.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

using sealing::Receipt;
using sealing::ReceiptStep;

constexpr std::uint64_t newest_word = 6;  // of the scene's conversation

template <class T>
Result<> without_value(const Result<T>& result) {
  return result ? Result<>() : result.error();
}

// -- receipts -------------------------------------------------------------------------------------

class ServerAttackOnReceipts : public ServerAttack {
 protected:
  using Leaves = std::vector<wire::DirectoryLeaf>;

  /// Taras and the prosecutor have received all of it; Taras was shown it, too.
  const ChannelId& received_channel() {
    static const ChannelId channel = [this] {
      const ChannelId made = scene().open_channel();
      for (const Device* device : {&scene().taras(), &scene().odesa()}) {
        auto member = scene().honest_member(*device);
        EXPECT_EQ(outcome(member->read(made)), "accepted");
        client::ReceiptSender receipts(member->session());
        if (device == &scene().taras()) {
          EXPECT_TRUE(receipts.note_shown(member->channel(made), 0, newest_word));
        }
        EXPECT_EQ(outcome(receipts.tell(member->channel(made))), "accepted");
      }
      return made;
    }();
    return channel;
  }
  Leaves honest_leaves(const ChannelId& channel) {
    auto member = scene().honest_member(scene().oksana());
    EXPECT_EQ(outcome(member->connect()), "accepted");
    return member->session().ask(wire::ReceiptRead{channel, 0, {}}).value().leaves;
  }
  static Receipt receipt_of(const wire::DirectoryLeaf& leaf) {
    return sealing::parse_receipt_body(leaf_of(leaf.leaf).body).value().receipt;
  }
  static wire::DirectoryLeaf& leaf_by(Leaves& leaves, const Device& device, ReceiptStep step) {
    for (wire::DirectoryLeaf& each : leaves)
      if (receipt_of(each).device == device.id() && receipt_of(each).step == step) return each;
    throw std::logic_error("the honest play has no such receipt");
  }
  /// Under the signature that stands there, or the device's own where it plays along.
  static void change(wire::DirectoryLeaf& stored, const std::function<void(Receipt&)>& change,
                     const Device* accomplice = nullptr) {
    change_leaf(stored.leaf, [&](journal::Leaf& leaf) {
      sealing::SignedReceipt body = sealing::parse_receipt_body(leaf.body).value();
      change(body.receipt);
      if (accomplice != nullptr) body = sealing::sign_receipt(body.receipt, accomplice->signer());
      leaf.body = sealing::encode_receipt_body(body);
    });
  }
  /// Oksana asks who has received the newest word, or an older one.
  void expect_receipts_refused(std::string_view why, const std::function<void(Leaves&)>& tamper) {
    const ChannelId channel = received_channel();
    auto server = scene().malicious_server();
    auto unharmed = scene().member_of(*server, scene().oksana());
    ASSERT_EQ(outcome(unharmed->read(channel)), "accepted");
    const auto honest =
        client::ReceiptReader(unharmed->session()).read(unharmed->channel(channel), newest_word);
    ASSERT_TRUE(honest) << "the control run fails: " << honest.error().detail;
    ASSERT_EQ(honest->size(), 3u) << "delivered twice, opened once";
    ASSERT_EQ(unharmed->evidence(), 0u);

    server->when<wire::ReceiptRead>(
        [&](const wire::ReceiptRead&, wire::ReceiptPage& page) { tamper(page.leaves); });
    auto victim = scene().member_of(*server, scene().oksana());
    ASSERT_EQ(outcome(victim->read(channel)), "accepted");
    expect_caught(
        without_value(
            client::ReceiptReader(victim->session()).read(victim->channel(channel), newest_word)),
        why, *victim);
  }
};

TEST_F(ServerAttackOnReceipts, one_replayed_in_anothers_name_is_refused) {
  expect_receipts_refused("bad_signature", [&](Leaves& leaves) {
    change(leaf_by(leaves, scene().taras(), ReceiptStep::opened),
           [&](Receipt& receipt) { receipt.device = scene().odesa().id(); });
  });
}

TEST_F(ServerAttackOnReceipts, delivered_made_into_opened_is_refused) {
  expect_receipts_refused("bad_signature", [&](Leaves& leaves) {
    change(leaf_by(leaves, scene().odesa(), ReceiptStep::delivered),
           [](Receipt& receipt) { receipt.step = ReceiptStep::opened; });
  });
}

TEST_F(ServerAttackOnReceipts, an_earlier_time_than_was_signed_is_refused) {
  expect_receipts_refused("bad_signature", [&](Leaves& leaves) {
    change(leaf_by(leaves, scene().taras(), ReceiptStep::opened),
           [](Receipt& receipt) { receipt.client_ms -= 3'600'000; });
  });
}

TEST_F(ServerAttackOnReceipts, one_of_another_channel_is_refused) {
  const ChannelId other = scene().open_channel();
  auto taras = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(taras->read(other)), "accepted");
  ASSERT_EQ(outcome(client::ReceiptSender(taras->session()).tell(taras->channel(other))),
            "accepted");
  Leaves elsewhere = honest_leaves(other);
  ASSERT_FALSE(elsewhere.empty());
  expect_receipts_refused("no receipt of this channel",
                          [&](Leaves& leaves) { leaves = elsewhere; });
  expect_receipts_refused("another channel than its leaf", [&](Leaves& leaves) {
    leaves = elsewhere;
    change_leaf(leaves.front().leaf,
                [&](journal::Leaf& leaf) { leaf.channel_id = received_channel(); });
  });
}

TEST_F(ServerAttackOnReceipts, one_of_another_entry_is_refused) {
  // The prosecutor's device plays along: it did receive what came before.
  expect_receipts_refused("does not reach the entry", [&](Leaves& leaves) {
    change(
        leaf_by(leaves, scene().odesa(), ReceiptStep::delivered),
        [](Receipt& receipt) { receipt.channel_seq = newest_word - 1; }, &scene().odesa());
  });
  expect_receipts_refused("another leaf of the channel", [&](Leaves& leaves) {
    change(
        leaf_by(leaves, scene().odesa(), ReceiptStep::delivered),
        [](Receipt& receipt) { receipt.leaf_hash.bytes[0] ^= 1; }, &scene().odesa());
  });
}

TEST_F(ServerAttackOnReceipts, one_that_stands_nowhere_in_the_journal_is_refused) {
  // Signed by its device, and kept beside the journal: to be denied later.
  expect_receipts_refused("prove", [&](Leaves& leaves) {
    change(
        leaf_by(leaves, scene().odesa(), ReceiptStep::delivered),
        [](Receipt& receipt) { receipt.client_ms -= 1; }, &scene().odesa());
  });
}

// -- alerts ---------------------------------------------------------------------------------------

class ServerAttackOnAlerts : public ServerAttack {
 protected:
  using Leaves = std::vector<wire::DirectoryLeaf>;

  const Device& chief() {
    static const std::unique_ptr<Device> made =
        scene().enrol(scene().prosecution(), Role::supervisor);
    return *made;
  }
  const Device& police_chief() {
    static const std::unique_ptr<Device> made = scene().enrol(scene().police(), Role::supervisor);
    return *made;
  }
  /// One true alert: a task of the prosecutor's that nobody has taken up.
  const wire::DirectoryLeaf& true_alert() {
    static const wire::DirectoryLeaf leaf = [this] {
      const ChannelId channel = scene().open_channel();
      auto oksana = scene().honest_member(scene().oksana());
      EXPECT_EQ(outcome(oksana->read(channel)), "accepted");
      sealing::TaskFacts facts;
      facts.task = crypto::random_id<TaskId>();
      facts.action = sealing::TaskAction::propose;
      facts.requester = party_of(scene().oksana());
      facts.kind = sealing::TaskKind::general;
      facts.urgency = sealing::TaskUrgency::date;
      facts.due_ms = wall_clock_ms() + 1'500;
      facts.slots = {party_of(scene().odesa())};
      EXPECT_EQ(outcome(without_value(client::EntrySender(oksana->session())
                                          .act(oksana->channel(channel), facts,
                                               {sealing::TaskAction::propose, "Допит", "Прошу"}))),
                "accepted");
      auto honest = scene().honest_member(chief());
      EXPECT_EQ(outcome(honest->connect()), "accepted");
      for (int tries = 0; tries < 1'200; ++tries) {
        scene().server().app().tend();
        const auto page = honest->session().ask(wire::AlertList{0, wire::alerts_at_once});
        if (page && !page->leaves.empty()) return page->leaves.front();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      throw std::runtime_error("the honest server says no alert");
    }();
    return leaf;
  }
  static sealing::TaskParty party_of(const Device& device) {
    return sealing::TaskParty::of(device.certificate.agency, device.certificate.person);
  }
  void expect_alerts_refused(const Device& reader, std::string_view why,
                             const std::function<void(wire::DirectoryLeaf&)>& tamper) {
    const wire::DirectoryLeaf honest_leaf = true_alert();
    auto server = scene().malicious_server();
    auto unharmed = scene().member_of(*server, chief());
    ASSERT_EQ(outcome(unharmed->connect()), "accepted");
    const auto honest = client::AlertReader(unharmed->session()).read(0);
    ASSERT_TRUE(honest) << "the control run fails: " << honest.error().detail;
    ASSERT_GE(honest->size(), 1u);

    server->when<wire::AlertList>([&](const wire::AlertList&, wire::AlertPage& page) {
      wire::DirectoryLeaf lie = honest_leaf;
      tamper(lie);
      page.leaves = {lie};
      page.more = false;
    });
    auto victim = scene().member_of(*server, reader);
    ASSERT_EQ(outcome(victim->connect()), "accepted");
    expect_caught(without_value(client::AlertReader(victim->session()).read(0)), why, *victim);
  }
  static void change(wire::DirectoryLeaf& stored,
                     const std::function<void(sealing::Alert&)>& change) {
    change_leaf(stored.leaf, [&](journal::Leaf& leaf) {
      sealing::Alert alert = sealing::parse_alert(leaf.body).value();
      change(alert);
      leaf.body = sealing::encode_alert(alert);
    });
  }
};

TEST_F(ServerAttackOnAlerts, one_of_another_agency_is_refused) {
  expect_alerts_refused(police_chief(), "for another agency", [](wire::DirectoryLeaf&) {});
}

TEST_F(ServerAttackOnAlerts, one_of_a_unit_that_is_none_of_the_agencys_is_refused) {
  expect_alerts_refused(chief(), "none of the agency", [&](wire::DirectoryLeaf& stored) {
    change(stored, [](sealing::Alert& alert) { alert.unit = crypto::random_id<UnitId>(); });
  });
}

TEST_F(ServerAttackOnAlerts, one_that_is_made_up_and_not_in_the_journal_is_refused) {
  expect_alerts_refused(chief(), "prove", [&](wire::DirectoryLeaf& stored) {
    change(stored, [](sealing::Alert& alert) { alert.task = crypto::random_id<TaskId>(); });
  });
}

TEST_F(ServerAttackOnAlerts, a_true_one_told_at_another_place_of_the_journal_is_refused) {
  expect_alerts_refused(chief(), "prove", [](wire::DirectoryLeaf& stored) { --stored.index; });
}

TEST_F(ServerAttackOnAlerts, one_said_before_its_moment_is_refused) {
  expect_alerts_refused(chief(), "before its moment", [&](wire::DirectoryLeaf& stored) {
    change(stored, [](sealing::Alert& alert) {
      alert.due_ms += 3'600'000;
      alert.said_for_ms += 3'600'000;
    });
  });
}

}  // namespace
}  // namespace oberih::attacks
