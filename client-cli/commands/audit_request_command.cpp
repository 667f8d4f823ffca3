// SPDX-License-Identifier: Apache-2.0
// `oberih audit request`: an auditor asks for a grant. The leaves of the channel, which any auditor
// may walk, say what epochs there are and what time they cover.
#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/grant_reader.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::client {
namespace {

constexpr Milliseconds request_day_ms = 24ull * 3600 * 1000;

struct AuditRequestOptions {
  std::string channel, epochs, until, order, reason;
  bool all = false, covers_restricted = false;
  ProposeOptions lapse;
};

std::optional<std::uint64_t> read_epoch(std::string_view text) {
  std::uint64_t epoch = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (error != std::errc() || end != text.data() + text.size() || epoch == 0) return std::nullopt;
  return epoch;
}

/// `2..4`, or `3`.
std::optional<sealing::EpochRange> read_epochs(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = read_epoch(text.substr(0, dots));
  const auto last = dots == text.npos ? first : read_epoch(text.substr(dots + 2));
  if (!first || !last || *last < *first) return std::nullopt;
  return sealing::EpochRange{*first, *last};
}

struct ReadRequest {
  ChannelId channel;
  std::optional<sealing::EpochRange> epochs;  // nothing: all
  Milliseconds ends_ms = 0;
  std::string order, reason;
};

Result<ReadRequest> read_request(const AuditRequestOptions& options) {
  ReadRequest read;
  const auto channel = encoding::decode_hex_as<ChannelId>(options.channel);
  if (!channel) return refuse(RefusalCode::usage, "name the channel by the 64 digits of its id");
  read.channel = *channel;
  if (options.all == !options.epochs.empty())
    return refuse(RefusalCode::usage, "either --epochs or --all");
  if (!options.all && !(read.epochs = read_epochs(options.epochs)))
    return refuse(RefusalCode::usage, "--epochs is 2..4, or 3");
  const std::optional<Milliseconds> ends_ms = parse_last_day(options.until);
  if (!ends_ms) return refuse(RefusalCode::usage, "--until is a day: 2027-03-04 or 04.03.2027");
  read.ends_ms = *ends_ms;
  read.order = encoding::to_nfc(options.order).value_or("");
  read.reason = encoding::to_nfc(options.reason).value_or("");
  if (const char* fault = sealing::find_fault_of_words(read.order, sealing::order_number_bytes))
    return refuse(RefusalCode::usage, std::string("--order: ") + fault);
  if (const char* fault = sealing::find_fault_of_words(read.reason, sealing::grant_reason_bytes))
    return refuse(RefusalCode::usage, std::string("--reason: ") + fault);
  if (options.lapse.lapse_days == 0 || options.lapse.lapse_days > 31)
    return refuse(RefusalCode::usage, "--expires is 1 to 31 days");
  return read;
}

Result<sealing::Proposal> draft_request(ClientSession& session, const GrantReader& channel,
                                        const ReadRequest& read,
                                        const AuditRequestOptions& options) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  if (own == nullptr) return refuse(RefusalCode::unknown_device);
  const sealing::EpochRange epochs =
      read.epochs.value_or(sealing::EpochRange{1, channel.state().epoch()});
  const auto times = channel.state().find_epoch_times(epochs);
  if (!times)
    return refuse(RefusalCode::usage,
                  "the channel has epochs 1 to " + std::to_string(channel.state().epoch()));
  sealing::Proposal proposal;
  proposal.channel = channel.channel();
  proposal.id = crypto::random_id<sealing::ProposalId>();
  proposal.op = sealing::RecordOp::grant;
  proposal.change.grant =
      sealing::GrantItem{*GrantId::from(proposal.id.view()),
                         own->certificate.device,
                         own->certificate.hpke_key,
                         epochs.first,
                         epochs.last,
                         read.ends_ms,
                         sealing::encode_grant_order({read.order, options.covers_restricted})};
  // A minute less, so that 31 days fit whatever the two clocks say.
  proposal.expires_ms =
      session.hello().server_ms + options.lapse.lapse_days * request_day_ms - 60'000;
  proposal.author = own->certificate.device;
  proposal.client_ms = wall_clock_ms();
  proposal.times = *times;
  proposal.reason = read.reason;
  return proposal;
}

Result<> request_grant(CommandContext& context, const AuditRequestOptions& options) {
  const Result<ReadRequest> read = read_request(options);
  if (!read) return read.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  context.set_about_channel();
  ClientSession& session = context.session();
  if (read->ends_ms <= session.hello().server_ms)
    return refuse(RefusalCode::usage, "--until is over already: say a day to come");
  GrantReader channel(session, read->channel);
  OBERIH_TRY(channel.read(sealing::ReadingDepth::leaves));
  Result<sealing::Proposal> proposal = draft_request(session, channel, *read, options);
  if (!proposal) return proposal.error();
  Result<wire::Appended> appended =
      session.ask(wire::ProposalAppend{sealing::encode_proposal_body(*proposal, session.signer())});
  if (!appended) return appended.error();
  Console& console = context.console();
  const unsigned needed = std::max<unsigned>(2, channel.state().policy().approvals_k);
  console.say(Sentence::grant_requested,
              {{"id", short_id(proposal->id)},
               {"epochs", describe_epochs(*proposal->change.grant)},
               {"times", describe_times(console, proposal->times)},
               {"needed", std::to_string(needed)},
               {"lapses", format_time(proposal->expires_ms, console.language())}});
  nlohmann::ordered_json json{{"proposal", encoding::encode_hex(proposal->id)},
                              {"channel", encoding::encode_hex(proposal->channel)},
                              {"from_ms", proposal->times.from_ms},
                              {"to_ms", proposal->times.to_ms},
                              {"needed", needed},
                              {"expires_ms", proposal->expires_ms}};
  json["grant"] = grant_json(session, *proposal->change.grant);
  console.object(json);
  return {};
}

}  // namespace

void add_audit_request_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<AuditRequestOptions>();
  CLI::App* command = tree.command(
      group, "request", Sentence::help_audit_request,
      "oberih audit request 3f9a...02c1 --all --until 2027-03-04 --order 5/2027 --reason \"leak\"",
      [options](CommandContext& context) { return request_grant(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel_id))
      ->required();
  command->add_option("--epochs", options->epochs, tree.text(Sentence::help_option_grant_epochs));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_grant_all));
  command->add_option("--until", options->until, tree.text(Sentence::help_option_grant_until))
      ->required();
  command->add_option("--order", options->order, tree.text(Sentence::help_option_grant_order))
      ->required();
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_grant_reason))
      ->required();
  command->add_flag("--covers-restricted", options->covers_restricted,
                    tree.text(Sentence::help_option_covers_restricted));
  add_propose_options(tree, command, options->lapse);
}

}  // namespace oberih::client
