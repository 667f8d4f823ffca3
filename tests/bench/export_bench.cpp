// SPDX-License-Identifier: Apache-2.0
// How long it takes to check a large export, and in how much memory:
//   oberih-export-bench make FOLDER LEAVES     writes a true journal of that size
//   oberih-export-bench check PATH GENESIS     checks it, with time and memory
// Entries of many channels with signatures and sealed bodies, receipts, records of access, and a
// time-stamp each thousand leaves.
#include <sys/resource.h>

#include <chrono>
#include <iostream>

#include "client-cli/archive/checked_export.hpp"
#include "client-cli/archive/export_folder.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/evidence/channel_replay.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "protocol/sealing/message_text.hpp"
#include "tests/support/test_issuer.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::bench {
namespace {

constexpr std::size_t channels_made = 64;
constexpr std::size_t members_made = 8;

struct BenchChannel {
  sealing::ChannelState state;
  MessageKey message_key = crypto::random_secret<MessageKey>();
  std::map<DeviceId, std::uint64_t> told;
};

class BigJournal {
 public:
  explicit BigJournal(client::FolderSink& sink)
      : sink_(sink),
        writer_(sink),
        auditor_(world_.prepare(world_.oversight(), Role::auditor)),
        text_(sealing::encode_message_text({sealing::MessageWhat::text, "A line of text.", {}})
                  .value()) {
    world_.journal_signer = crypto::Signer(journal_seed_);
    append_directory(journal::LeafKind::genesis, world_.genesis_body());
    for (const sealing::TestDevice* admin : world_.admins)
      for (const sealing::TestAgency& agency : world_.agencies)
        if (agency.agency.id == admin->certificate.agency) enrol(*admin, agency.root);
    for (std::size_t i = 0; i < members_made; ++i) {
      members_.push_back(world_.prepare(world_.police(), Role::investigator));
      enrol(members_.back(), world_.admin_of(world_.police()).signer);
    }
    enrol(auditor_, world_.admin_of(world_.oversight()).signer);
    for (std::size_t i = 0; i < channels_made; ++i) found_channel();
  }

  void fill(std::uint64_t leaves) {
    for (std::uint64_t turn = 0; tree_.size() + 1 < leaves; ++turn) {
      BenchChannel& channel = *channels_[turn * 7 % channels_made];
      const sealing::TestDevice& sender = members_[turn * 5 % members_made];
      if (turn % 1'000 == 999)
        anchor();
      else if (turn % 5 == 3)
        receive(channel, sender);
      else if (turn % 17 == 0)
        access(sender);
      else
        post(channel, sender);
    }
  }

  void finish() {
    const std::uint64_t index = tree_.size();
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::audit_query;
    leaf.body = sealing::encode_audit_body(
        sealing::sign_audit_question({sealing::AuditWhat::export_, auditor_.id(), index,
                                      evidence::encode_export_query({}), now_ms_},
                                     auditor_.signer));
    append(std::move(leaf));
    flush();
    const std::string note =
        journal::sign_checkpoint({world_.genesis().origin, tree_.size(), tree_.root(),
                                  directory_.count(), directory_.newest_leaf()},
                                 {world_.genesis().origin, crypto::Signer(journal_seed_)});
    if (!evidence::write_export_frame(sink_, {evidence::ExportForm::whole, {}, index}, note, {}))
      throw std::runtime_error("the frame cannot be written");
  }
  const Digest& genesis() const { return directory_.genesis_hash(); }

 private:
  Digest append(journal::Leaf leaf) {
    leaf.server_ms = ++now_ms_;
    pending_.push_back(journal::encode_leaf(leaf));
    const Digest hash = journal::leaf_hash(pending_.back());
    tree_.append(hash);
    if (pending_.size() == journal::tile_width) flush();
    return hash;
  }
  void flush() {
    if (pending_.empty()) return;
    if (!writer_.take(journal::encode_entry_bundle(pending_),
                      static_cast<unsigned>(pending_.size())))
      throw std::runtime_error("a bundle cannot be written");
    pending_.clear();
  }
  void append_directory(journal::LeafKind kind, Bytes body) {
    journal::Leaf leaf;
    leaf.kind = kind;
    leaf.body = std::move(body);
    leaf.channel_seq = directory_.count() + 1;
    leaf.prev_leaf = directory_.newest_leaf();
    append(std::move(leaf));
    if (auto applied = directory_.apply_leaf(pending_.back(), tree_.size() - 1); !applied)
      throw std::runtime_error(sealing::outcome(applied));
  }
  void enrol(const sealing::TestDevice& device, const crypto::Signer& certifier) {
    append_directory(journal::LeafKind::device_certificate,
                     sealing::World::certify(device.certificate, certifier, device.signer));
  }
  sealing::Place place_in(const sealing::ChannelState& state) const {
    return {tree_.size(), state.newest_seq() + 1, now_ms_ + 1};
  }

  void found_channel() {
    sealing::TestChannel drafts(world_);
    drafts.policy = {ChannelKind::ordinary, 1, History::full};
    sealing::Roster roster;
    for (const sealing::TestDevice& each : members_) roster.push_back(each.line(RosterRole::admin));
    const sealing::ChannelRecord record = drafts.create(members_.front(), roster).record;
    const Bytes content = sealing::encode_record_content(record);
    const sealing::SignedRecord signed_record{
        content, members_.front().signer.sign("channel-record", content), {}};
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::channel_record;
    leaf.channel_id = record.channel;
    leaf.channel_seq = 1;
    leaf.body = sealing::encode_record_body(signed_record);
    auto channel = std::make_unique<BenchChannel>();
    const sealing::Place place = place_in(channel->state);
    const Digest hash = append(std::move(leaf));
    channel->state.apply_record(record, signed_record, directory_, place, hash);
    channels_.push_back(std::move(channel));
  }

  void post(BenchChannel& channel, const sealing::TestDevice& sender) {
    sealing::ChannelState& state = channel.state;
    const sealing::SenderHead head = state.sender_head(sender.id());
    sealing::EntryHeader header;
    header.type = EntryType::message;
    header.channel = state.channel();
    header.epoch = state.epoch();
    header.channel_head = state.head();
    header.sender = sender.id();
    header.sender_seq = head.sender_seq + 1;
    header.sender_prev = head.message_hash;
    header.seen_seq = state.newest_seq();
    header.seen_hash = state.newest_leaf();
    header.client_ms = now_ms_;
    header.message_id = crypto::random_id<MessageId>();
    const auto sealed =
        sealing::seal_entry(header, text_.view(), channel.message_key, sender.signer).value();
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::entry;
    leaf.channel_id = state.channel();
    leaf.channel_seq = state.newest_seq() + 1;
    leaf.prev_leaf = state.newest_leaf();
    leaf.body = sealing::encode_entry_body(sealed.entry);
    const sealing::Place place = place_in(state);
    const Digest hash = append(std::move(leaf));
    state.apply_entry(header, sealing::message_hash(sealed.entry), directory_, place, hash);
  }

  void receive(BenchChannel& channel, const sealing::TestDevice& device) {
    const sealing::ChannelState& state = channel.state;
    std::uint64_t& told = channel.told[device.id()];
    if (told >= state.newest_seq()) return post(channel, device);
    told = state.newest_seq();
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::access;
    leaf.channel_id = state.channel();
    leaf.body = sealing::encode_receipt_body(
        sealing::sign_receipt({state.channel(), device.id(), sealing::ReceiptStep::opened, told,
                               state.newest_leaf(), now_ms_},
                              device.signer));
    append(std::move(leaf));
  }

  void access(const sealing::TestDevice& device) {
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::access;
    leaf.body =
        sealing::encode_access_leaf({sealing::AccessWhat::session, device.id(), now_ms_, now_ms_, 1,
                                     now_ms_, crypto::random_id<sealing::LeafSalt>()});
    append(std::move(leaf));
  }

  void anchor() {
    const Digest hash = sealing::anchored_hash({world_.genesis().origin, tree_.size(), tree_.root(),
                                                directory_.count(), directory_.newest_leaf()});
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::timestamp_token;
    leaf.body = sealing::encode_anchor_leaf(
        {tree_.size(), hash, authority_.stamp(hash), crypto::random_id<sealing::LeafSalt>()});
    append(std::move(leaf));
  }

  client::FolderSink& sink_;
  evidence::BundleWriter writer_;
  const SignatureSecretKey journal_seed_ = crypto::random_secret<SignatureSecretKey>();
  sealing::World world_;
  sealing::TestDevice auditor_;
  const SecretBuffer text_;
  std::vector<sealing::TestDevice> members_;
  std::vector<std::unique_ptr<BenchChannel>> channels_;
  sealing::Directory directory_;
  journal::MerkleFrontier tree_;
  std::vector<Bytes> pending_;
  test::TestIssuer issuer_{"Test root"};
  test::TestTimeAuthority authority_{issuer_};
  Milliseconds now_ms_ = sealing::World::begins_ms + 5'000;
};

int make(const std::string& folder, std::uint64_t leaves) {
  client::FolderSink sink = client::FolderSink::create(folder).value();
  BigJournal journal(sink);
  journal.fill(leaves);
  journal.finish();
  std::cout << encoding::encode_hex(journal.genesis()) << "\n";
  const auto report = client::complete_export(folder, journal.genesis());
  if (!report) std::cerr << report.error().detail << "\n";
  return report ? 0 : 1;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int check(const std::string& path, const std::string& genesis) {
  const auto began = std::chrono::steady_clock::now();
  const auto files = client::open_export(path);
  if (!files) return std::cerr << files.error().detail << "\n", 1;
  const auto report =
      client::check_export(**files, encoding::decode_hex_as<Digest>(genesis).value());
  if (!report) return std::cerr << report.error().detail << "\n", 1;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << report->leaves << " leaves, " << report->anchors.size() << " time-stamps, "
            << took.count() << " s, " << cpu_seconds() << " s of one core, at most "
            << usage.ru_maxrss / 1024 << " MiB\n";
  return 0;
}

}  // namespace
}  // namespace oberih::bench

int main(int count, char** words) {
  const std::vector<std::string> arguments(words, words + count);
  if (count == 4 && arguments[1] == "make")
    return oberih::bench::make(arguments[2], std::stoull(arguments[3]));
  if (count == 4 && arguments[1] == "check")
    return oberih::bench::check(arguments[2], arguments[3]);
  std::cerr << "make FOLDER LEAVES, or check PATH GENESIS\n";
  return 64;
}
