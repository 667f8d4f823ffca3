// SPDX-License-Identifier: Apache-2.0
// `message follow`: first what was missed, then what comes. It resumes from the last leaf that it
// verified.
#include <memory>

#include "client-cli/commands/channel_feed.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/follow_loop.hpp"

namespace oberih::client {
namespace {

struct FollowOptions {
  std::string channel;
  bool from_start = false;
  bool count_as_opened = false;
};

class ChannelFollower final : public FollowLoop {
 public:
  ChannelFollower(CommandContext& context, VerifiedChannel channel,
                  const ChannelFeed::Options& options)
      : FollowLoop(context), feed_(context, std::move(channel), options) {}

 private:
  Result<> begin() override {
    OBERIH_TRY(session_.pull(feed_.channel()));
    OBERIH_TRY(show_new());
    wire::ChannelFollow follow;
    follow.channel = feed_.channel().id();
    follow.after_seq = feed_.channel().state().newest_seq();
    Result<wire::Followed> followed = session_.ask(follow);
    if (!followed) return followed.error();
    return {};
  }

  Result<> take_item(const wire::ItemEvent& event) override {
    if (event.channel != feed_.channel().id()) return {};
    OBERIH_TRY(session_.apply(feed_.channel(), {&event.item, 1}, event.directory_count));
    return show_new();
  }

  Result<> take_end(const ChannelId& channel) override {
    if (channel == feed_.channel().id()) return refuse(RefusalCode::not_found);
    return {};
  }

  Result<> turn() override {
    Result<bool> cared = feed_.look_after();
    if (!cared) return cared.error();
    if (*cared) OBERIH_TRY(show_new());
    feed_.tell_receipts();
    return {};
  }

  Result<> show_new() {
    OBERIH_TRY(learn_names(feed_.channel().state().record_seq()));
    while (context_.console().is_writable()) {
      const HistoryItem* item = feed_.next();
      if (item == nullptr) break;
      feed_.view().print(*item);
      feed_.pass();
    }
    feed_.note_shown();
    return {};
  }

  ChannelFeed feed_;
};

Result<> follow_channel(CommandContext& context, const FollowOptions& options) {
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  ChannelFeed::Options feed;
  feed.care = CareWatch::Span::channel_and_others;
  feed.count_as_opened = options.count_as_opened;
  if (!options.from_start)
    feed.shown_seq = context.session().store().channels().shown_seq(channel->id());
  return ChannelFollower(context, std::move(*channel), feed).run();
}

}  // namespace

void add_follow_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<FollowOptions>();
  CLI::App* command = tree.command(
      group, "follow", Sentence::help_message_follow, "oberih message follow 417",
      [options](CommandContext& context) {
        return follow_or_interrupted(context, [&] { return follow_channel(context, *options); });
      });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_flag("--from-start", options->from_start,
                    tree.text(Sentence::help_option_from_start));
  command->add_flag("--count-as-opened", options->count_as_opened,
                    tree.text(Sentence::help_option_count_as_opened));
}

}  // namespace oberih::client
