// SPDX-License-Identifier: Apache-2.0
// `message follow`: first what was missed, then what comes. It comes back by itself after every
// loss of the connection and resumes from the last leaf that it verified.
#include <memory>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/message_view.hpp"
#include "client-cli/commands/shown_items.hpp"
#include "client-cli/keyring/agent.hpp"
#include "client-cli/verification/care_watch.hpp"
#include "protocol/sealing/receipt_rules.hpp"

namespace oberih::client {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

// A little more than the server's, so that none is refused for a moment.
constexpr milliseconds receipt_pause{sealing::receipt_pause_ms + 200};

struct FollowOptions {
  std::string channel;
  bool from_start = false;
  bool count_as_opened = false;
};

class Follower {
 public:
  Follower(CommandContext& context, VerifiedChannel channel, std::uint64_t shown_seq,
           bool count_as_opened)
      : context_(context),
        session_(context.session()),
        channel_(std::move(channel)),
        history_(session_.store(), channel_.keys(), channel_.id()),
        view_(context, channel_.id()),
        shown_seq_(shown_seq),
        count_as_opened_(count_as_opened),
        care_(session_) {}

  Result<> run() {
    while (!is_over()) {
      Result<> followed = follow_until_lost();
      if (followed) return {};
      if (is_over()) return {};
      if (!is_passing(followed.error())) return followed;
    }
    return {};
  }

 private:
  bool is_over() const { return context_.is_interrupted() || !context_.console().is_writable(); }

  /// Ends with success when the person ends it, and with a refusal when the connection does.
  Result<> follow_until_lost() {
    OBERIH_TRY(session_.connect());
    OBERIH_TRY(session_.pull(channel_));
    OBERIH_TRY(show_new());
    wire::ChannelFollow follow;
    follow.channel = channel_.id();
    follow.after_seq = channel_.state().newest_seq();
    Result<wire::Followed> followed = session_.ask(follow);
    if (!followed) return followed.error();
    const std::uint64_t connection = session_.connections();
    while (!is_over()) {
      keep_unlocked();
      session_.watch_checkpoints();
      std::optional<Event> event = session_.connection().next_event(milliseconds(200));
      if (event) {
        OBERIH_TRY(take(*event));
      } else if (!session_.connection().is_open()) {
        return session_.connection().why_closed();
      }
      Result<bool> cared = care_.look(channel_);
      if (!cared) return cared.error();
      if (*cared) OBERIH_TRY(show_new());
      tell_receipts();
      if (session_.connections() != connection)  // a new one follows nothing yet
        return refuse(RefusalCode::not_connected);
    }
    return {};
  }

  Result<> take(const Event& event) {
    if (const auto* item = std::get_if<wire::ItemEvent>(&event)) return take_item(*item);
    if (const auto* checkpoint = std::get_if<wire::CheckpointEvent>(&event))
      return session_.take_checkpoint(checkpoint->checkpoint);
    const auto& ended = std::get<wire::UnfollowedEvent>(event);
    if (ended.channel == channel_.id()) return refuse(RefusalCode::not_found);
    return {};
  }

  Result<> take_item(const wire::ItemEvent& event) {
    if (event.channel != channel_.id()) return {};
    OBERIH_TRY(session_.apply(channel_, {&event.item, 1}, event.directory_count));
    return show_new();
  }

  Result<> show_new() {
    OBERIH_TRY(learn_names());
    ShownItems shown(context_, channel_, shown_seq_);
    history_.for_each(shown_seq_, [&](const HistoryItem& item) {
      view_.print(item);
      shown_seq_ = item.seq;
      shown.add(item);
      if (item.facts.asks(sealing::AsksFor::receipt_at_once)) tell_at_ = {};
      return context_.console().is_writable();
    });
    (void)shown.note(count_as_opened_);
    session_.store().channels().put_shown_seq(channel_.id(), shown_seq_);
    return {};
  }

  /// Behind what was shown, never before it. What is refused is told later.
  void tell_receipts() {
    if (SteadyClock::now() < tell_at_) return;
    tell_at_ = SteadyClock::now() + receipt_pause;
    (void)ReceiptSender(session_).tell(channel_);
  }

  /// Whoever is new in the directory or on the roster may have a name that one sees now.
  Result<> learn_names() {
    auto known = std::pair(session_.directory().count(), channel_.state().record_seq());
    if (std::exchange(names_known_at_, known) == known) return {};
    return session_.read_names();
  }

  /// A running follow counts as use.
  void keep_unlocked() {
    if (SteadyClock::now() < touch_at_) return;
    touch_agent(session_.profile().folder);
    touch_at_ = SteadyClock::now() + std::chrono::seconds(30);
  }

  CommandContext& context_;
  ClientSession& session_;
  VerifiedChannel channel_;
  ChannelHistory history_;
  MessageView view_;
  std::uint64_t shown_seq_;
  bool count_as_opened_;
  SteadyClock::time_point tell_at_{};
  std::pair<std::uint64_t, std::uint64_t> names_known_at_;
  SteadyClock::time_point touch_at_{};
  CareWatch care_;
};

Result<> follow(CommandContext& context, const FollowOptions& options) {
  OBERIH_TRY(context.open_session_for_ever());
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  std::uint64_t shown =
      options.from_start ? 0 : context.session().store().channels().shown_seq(channel->id());
  return Follower(context, std::move(*channel), shown, options.count_as_opened).run();
}

Result<> follow_or_interrupted(CommandContext& context, const FollowOptions& options) {
  Result<> followed = follow(context, options);
  if (!followed && context.is_interrupted()) return {};  // Ctrl-C while it was waiting
  return followed;
}

}  // namespace

void add_follow_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<FollowOptions>();
  CLI::App* command = tree.command(
      group, "follow", Sentence::help_message_follow, "oberih message follow 417",
      [options](CommandContext& context) { return follow_or_interrupted(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_flag("--from-start", options->from_start,
                    tree.text(Sentence::help_option_from_start));
  command->add_flag("--count-as-opened", options->count_as_opened,
                    tree.text(Sentence::help_option_count_as_opened));
}

}  // namespace oberih::client
