// SPDX-License-Identifier: Apache-2.0
// `follow`: everything of one's own, from all channels, a line each, in the journal's order as far
// as it was missed, and then as it comes. Where the server follows no more channels on a connection
// than it does, the others are read by turns, and that is said.
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/channel_feed.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/follow_loop.hpp"
#include "client-cli/output/display_width.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t title_width = 18;
constexpr std::chrono::milliseconds between_care{200};
/// How soon a channel is seen that one was added to, or that the server does not follow.
constexpr std::chrono::seconds between_lists{5};

class EverythingFollower final : public FollowLoop {
 public:
  EverythingFollower(CommandContext& context, bool count_as_opened)
      : FollowLoop(context), count_as_opened_(count_as_opened) {}

 private:
  struct Followed {
    Followed(CommandContext& context, VerifiedChannel channel, const ChannelFeed::Options& options)
        : feed(context, std::move(channel), options) {}
    ChannelFeed feed;
    bool is_live = false;  // on this connection
  };
  using Entry = std::map<ChannelId, Followed>::value_type;

  Result<> begin() override {
    for (Entry& entry : channels_) entry.second.is_live = false;
    OBERIH_TRY(read_list());
    if (!std::exchange(has_begun_, true))
      context_.console().note(Sentence::follow_begun,
                              {{"count", std::to_string(channels_.size())}});
    return {};
  }

  Result<> take_item(const wire::ItemEvent& event) override {
    const auto found = channels_.find(event.channel);
    if (found == channels_.end()) return {};
    const Result<> applied =
        session_.apply(found->second.feed.channel(), {&event.item, 1}, event.directory_count);
    OBERIH_TRY(leave_where_broken(event.channel, applied));
    return show_new();
  }

  Result<> take_end(const ChannelId& channel) override {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) return {};
    context_.console().note(Sentence::follow_ended,
                            {{"channel", name_of(found->second.feed.channel())}});
    channels_.erase(found);
    return {};
  }

  Result<> take_checkpoint(const wire::CheckpointEvent& event) override {
    has_grown_ = true;
    return FollowLoop::take_checkpoint(event);
  }

  Result<> turn() override {
    if (steady_clock::now() >= list_at_) {
      const bool is_told_of_growth = live_count() != 0;
      if (has_grown_ || unfollowed_ != 0 || !is_told_of_growth) OBERIH_TRY(read_list());
    }
    if (steady_clock::now() < care_at_) return {};
    care_at_ = steady_clock::now() + between_care;
    bool is_anything_new = false;
    for (auto& [id, followed] : channels_) {
      Result<bool> cared = followed.feed.look_after();
      if (!cared) return cared.error();
      is_anything_new |= *cared;
      followed.feed.tell_receipts();
    }
    return is_anything_new ? show_new() : Result<>();
  }

  std::size_t live_count() const {
    return static_cast<std::size_t>(
        std::count_if(channels_.begin(), channels_.end(),
                      [](const Entry& entry) { return entry.second.is_live; }));
  }

  /// What is listed is read as far as it is new, shown, and followed from there.
  Result<> read_list() {
    has_grown_ = false;
    Result<wire::ChannelSummaries> summaries = session_.ask(wire::ChannelList{});
    if (!summaries) return summaries.error();
    for (const wire::ChannelSummary& summary : summaries->channels)
      if (!broken_.contains(summary.channel)) OBERIH_TRY(read(summary));
    say_what_is_withheld(*summaries);
    OBERIH_TRY(show_new());
    OBERIH_TRY(follow(*summaries));
    list_at_ = steady_clock::now() + between_lists;
    if (channels_.empty() && last_broken_) return *last_broken_;
    return {};
  }

  Result<> read(const wire::ChannelSummary& summary) {
    Followed& followed = open(summary.channel);
    VerifiedChannel& channel = followed.feed.channel();
    if (channel.state().newest_seq() >= summary.newest_seq) return {};
    const Result<> pulled = session_.pull(channel);
    if (!pulled && pulled.error().code == RefusalCode::not_found) {  // removed just now
      channels_.erase(summary.channel);
      return {};
    }
    return leave_where_broken(summary.channel, pulled);
  }

  Followed& open(const ChannelId& id) {
    const auto found = channels_.find(id);
    if (found != channels_.end()) return found->second;
    ChannelFeed::Options options;
    options.shown_seq = session_.store().channels().shown_seq(id);
    options.count_as_opened = count_as_opened_;
    return channels_.try_emplace(id, context_, session_.open_channel(id), options).first->second;
  }

  /// Nothing comes in a closed channel: it takes none of the server's subscriptions.
  Result<> follow(const wire::ChannelSummaries& summaries) {
    std::size_t unfollowed = 0;
    for (const wire::ChannelSummary& summary : summaries.channels) {
      const auto found = channels_.find(summary.channel);
      if (summary.closed || found == channels_.end() || found->second.is_live) continue;
      if (unfollowed == 0) {
        const wire::ChannelFollow wish{summary.channel,
                                       found->second.feed.channel().state().newest_seq()};
        const Result<wire::Followed> answer = session_.ask(wish);
        if (!answer && answer.error().code == RefusalCode::not_found) continue;
        if (!answer && answer.error().code != RefusalCode::too_many_subscriptions)
          return answer.error();
        found->second.is_live = answer.has_value();
      }
      if (!found->second.is_live) ++unfollowed;
    }
    if (std::exchange(unfollowed_, unfollowed) != unfollowed && unfollowed != 0)
      context_.console().note(Sentence::follow_too_many,
                              {{"live", std::to_string(live_count())},
                               {"others", std::to_string(unfollowed)},
                               {"seconds", std::to_string(between_lists.count())}});
    return {};
  }

  /// Of channels of ours, as far as this device has verified, that the server does not list.
  void say_what_is_withheld(const wire::ChannelSummaries& summaries) {
    std::set<ChannelId> listed;
    for (const wire::ChannelSummary& summary : summaries.channels) listed.insert(summary.channel);
    for (const ChannelId& id : session_.store().channels().list()) {
      if (listed.contains(id) || broken_.contains(id) || withheld_.contains(id)) continue;
      VerifiedChannel channel = session_.open_channel(id);
      const sealing::RosterLine* line = channel.state().find_member(session_.ring().device);
      if (line == nullptr || has_ended(*line, channel)) continue;
      withheld_.insert(id);
      context_.console().note(Sentence::follow_withheld, {{"channel", name_of(channel)}});
    }
  }

  bool has_ended(const sealing::RosterLine& line, const VerifiedChannel& channel) const {
    return line.ends_ms != 0 && line.ends_ms <= session_.server_time_ms(channel);
  }

  /// One channel that does not verify takes no other with it.
  Result<> leave_where_broken(const ChannelId& id, const Result<>& outcome) {
    if (outcome || is_passing(outcome.error())) return outcome;
    last_broken_ = outcome.error();
    broken_.insert(id);
    std::string why(refusal_sentence(context_.console().language(), outcome.error().code));
    if (!outcome.error().detail.empty())
      why += " (" + encoding::printable(outcome.error().detail) + ")";
    context_.console().note(Sentence::follow_broken,
                            {{"channel", name_of(channels_.at(id).feed.channel())}, {"why", why}});
    channels_.erase(id);
    Result<wire::Done> unfollowed = session_.ask(wire::ChannelUnfollow{id});
    if (!unfollowed) return unfollowed.error();
    return {};
  }

  static std::string name_of(VerifiedChannel& channel) {
    const std::optional<std::string> title = channel.title();
    return title ? encoding::printable(*title) : encoding::encode_hex(channel.id()).substr(0, 8);
  }

  Result<> show_new() {
    std::uint64_t records = channels_.size();
    std::map<std::uint64_t, ChannelFeed*> waiting;  // by journal index
    for (auto& [id, followed] : channels_) {
      records += followed.feed.channel().state().record_seq();
      if (const HistoryItem* item = followed.feed.next())
        waiting.emplace(item->index, &followed.feed);
    }
    if (waiting.empty()) return {};
    OBERIH_TRY(learn_names(records));
    std::set<ChannelFeed*> shown;
    while (!waiting.empty() && !is_over()) {
      ChannelFeed& feed = *waiting.begin()->second;
      waiting.erase(waiting.begin());
      print(feed, *feed.next());
      feed.pass();
      shown.insert(&feed);
      if (const HistoryItem* item = feed.next()) waiting.emplace(item->index, &feed);
    }
    for (ChannelFeed* feed : shown) feed->note_shown();
    return {};
  }

  void print(ChannelFeed& feed, const HistoryItem& item) {
    Console& console = context_.console();
    const std::optional<std::string> title = feed.channel().title();
    if (console.is_json()) {
      nlohmann::ordered_json json = feed.view().object_of(item);
      json["channel_title"] = title ? nlohmann::ordered_json(*title) : nlohmann::ordered_json();
      return console.object(json);
    }
    const std::string day = format_weekday(item.server_ms, console.language());
    if (std::exchange(day_, day) != day) console.line(day);
    console.line(format_clock_time(item.server_ms) + "  " +
                 pad_to(shorten_to(name_of(feed.channel()), title_width), title_width) + "  " +
                 feed.view().line_of(item));
  }

  std::map<ChannelId, Followed> channels_;
  std::set<ChannelId> broken_, withheld_;
  std::optional<Refusal> last_broken_;
  bool count_as_opened_;
  bool has_begun_ = false;
  bool has_grown_ = false;      // the journal, since the list was read
  std::size_t unfollowed_ = 0;  // open ones, beyond what the server follows
  std::string day_;             // that the last line stood under
  steady_clock::time_point list_at_{}, care_at_{};
};

}  // namespace

void add_follow_everything_command(CommandTree& tree) {
  auto count_as_opened = std::make_shared<bool>(false);
  CLI::App* command = tree.command(nullptr, "follow", Sentence::help_follow, "oberih follow",
                                   [count_as_opened](CommandContext& context) {
                                     return follow_or_interrupted(context, [&] {
                                       return EverythingFollower(context, *count_as_opened).run();
                                     });
                                   });
  command->add_flag("--count-as-opened", *count_as_opened,
                    tree.text(Sentence::help_option_count_as_opened));
}

}  // namespace oberih::client
