// SPDX-License-Identifier: Apache-2.0
#include "tests/transcripts/stage.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::transcripts {
namespace {

constexpr char origin[] = "journal.play.example";

[[noreturn]] void fail(const std::string& what, const Refusal& refusal) {
  throw std::runtime_error(what + ": " + std::string(refusal_row(refusal.code).name) + " " +
                           refusal.detail);
}

}  // namespace

void LiveFeed::follow(const DeviceId& device, const ChannelId& channel) {
  std::lock_guard lock(mutex_);
  items_[{device, channel}];
}

void LiveFeed::on_commit(application::CommittedBatch batch) {
  std::lock_guard lock(mutex_);
  for (const application::CommittedItem& committed : batch.items)
    for (auto& [place, items] : items_)
      if (place.second == committed.channel &&
          view_.find_member(committed.channel, place.first, clock_.now_ms()))
        items.push_back(committed.item);
  news_.notify_all();
}

std::optional<wire::ChannelItem> LiveFeed::take(const DeviceId& device, const ChannelId& channel) {
  std::unique_lock lock(mutex_);
  auto found = items_.find({device, channel});
  if (found == items_.end()) return std::nullopt;
  std::deque<wire::ChannelItem>& items = found->second;
  if (!news_.wait_for(lock, std::chrono::seconds(2), [&] { return !items.empty(); }))
    return std::nullopt;
  wire::ChannelItem item = std::move(items.front());
  items.pop_front();
  return item;
}

Stage::Stage(std::unique_ptr<StorePlace> place, const application::Policies& policies)
    : place_(std::move(place)), policies_(policies) {}

Stage::~Stage() { stop_server(); }

void Stage::begin_journal(const std::vector<const Root*>& roots) {
  sealing::Genesis genesis;
  genesis.origin = origin;
  genesis.journal_key = journal_keys_.public_key;
  genesis.server_spki = crypto::random_id<Digest>();
  genesis.created_ms = clock_.now_ms();
  genesis.governance_quorum = 1;
  for (const Root* root : roots) genesis.agencies.push_back(root->agency);
  std::ranges::sort(genesis.agencies, {}, &sealing::Agency::id);
  sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
  for (const Root* root : roots)
    signed_genesis.signatures.push_back(
        {root->agency.id, root->signer.sign("genesis", signed_genesis.content)});
  std::ranges::sort(signed_genesis.signatures, {}, &sealing::RootSignature::agency);
  append_offline({journal::LeafKind::genesis, sealing::encode_genesis_body(signed_genesis), {}});
  start_server();
}

/// As `oberihd init` and `oberihd directory append` do it: a recorder of their own, beside the
/// server's.
void Stage::append_offline(const wire::DirectoryAppend& leaf) {
  auto store = place_->open_store();
  application::JournalView view;
  LiveFeed nobody(view, clock_);
  application::Recorder recorder(*store, view, clock_, clock_, nobody, nullptr, {});
  if (auto started = recorder.start(); !started) fail("cannot load the journal", started.error());
  std::promise<Result<wire::Appended>> promise;
  application::append_directory_leaf(recorder, {}, leaf, [&](Result<wire::Appended> appended) {
    promise.set_value(std::move(appended));
  });
  if (auto appended = promise.get_future().get(); !appended)
    fail("the directory refuses a leaf", appended.error());
  recorder.stop();
  if (!recorder_) return;
  // The server notices by itself; a play does not want to wait for it.
  const std::uint64_t size = view.size();
  while (view_->size() < size) {
    recorder_->wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Stage::restart() { be_down(60'000); }

void Stage::be_down(std::uint64_t ms) {
  stop_server();
  clock_.pass(ms);
  start_server();
  look_at_deadlines();
}

void Stage::pass(std::uint64_t ms) {
  for (; ms > 0; ms -= std::min<std::uint64_t>(ms, hour_ms)) {
    clock_.pass(std::min<std::uint64_t>(ms, hour_ms));
    if (recorder_) look_at_deadlines();
  }
}

void Stage::look_at_deadlines() {
  std::promise<Result<std::size_t>> promise;
  deadlines_->look([&](Result<std::size_t> looked) { promise.set_value(std::move(looked)); });
  if (auto looked = promise.get_future().get(); !looked)
    fail("the server does not look at what is due", looked.error());
}

void Stage::end_minute() {
  clock_.pass(application::AccessTally::window_ms);
  accesses_->close_windows();
  look_at_deadlines();  // behind what was submitted before
  while (signed_size() < view_->size()) {
    clock_.pass(1'000);
    recorder_->wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::uint64_t Stage::signed_size() const {
  const auto checkpoint = view_->checkpoint();
  return checkpoint ? checkpoint->size : 0;
}

void Stage::start_server() {
  store_ = place_->open_store();
  reader_ = place_->open_reader();
  view_ = std::make_unique<application::JournalView>();
  feed_ = std::make_unique<LiveFeed>(*view_, clock_);
  signer_ = std::make_unique<application::CheckpointSigner>(
      journal::NoteSigner{origin, crypto::Signer(journal_keys_.secret_key)}, archive_, clock_);
  recorder_ = std::make_unique<application::Recorder>(
      *store_, *view_, clock_, clock_, *feed_, signer_.get(), application::RecorderSettings{});
  if (auto started = recorder_->start(); !started)
    fail("the server refuses to serve", started.error());
  accesses_ = std::make_shared<application::AccessTally>(*recorder_, clock_, clock_,
                                                         [](const std::string&) {});
  audit_index_ = place_->open_audit_index([this] { return view_->size(); });
  deadlines_ = std::make_unique<application::DeadlineWatch>(*recorder_, policies_);
  router_ = std::make_unique<application::RequestRouter>(application::Services{
      *view_, *reader_, *recorder_, clock_, policies_, "play",
      std::make_shared<application::ChangePace>(application::default_changes_per_hour), nullptr,
      nullptr, accesses_, audit_index_.get()});
}

void Stage::stop_server() {
  if (accesses_) accesses_->close_all();
  if (recorder_) recorder_->stop();
  router_.reset();
  audit_index_.reset();
  accesses_.reset();
  deadlines_.reset();
  recorder_.reset();
  signer_.reset();
  feed_.reset();
  view_.reset();
  reader_.reset();
  store_.reset();
}

}  // namespace oberih::transcripts
