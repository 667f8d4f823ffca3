// SPDX-License-Identifier: Apache-2.0
// `oberih audit find`: what the journal says about whom, for auditors. The question is signed and
// stands in the journal before its answer comes; each row shown is verified.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/audit_filter_options.hpp"
#include "client-cli/commands/audit_words.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

constexpr std::size_t rows_of_a_table = 100;
constexpr std::size_t named_ids = 200;  // written out in full behind a table

struct FindOptions {
  FilterOptions filter;
  std::uint64_t limit = 100;
  bool all = false, count = false, follow = false;
  unsigned every_seconds = 60;
};

/// Rows as they come: a table at a time, never more than one in memory.
class FindView {
 public:
  explicit FindView(CommandContext& context) : context_(context), console_(context.console()) {}

  void take(const FoundLeaf& found) {
    if (shown_ == 0) first_ = found.index;
    last_ = found.index;
    ++shown_;
    console_.object(leaf_json(context_.session(), found));
    if (console_.is_json()) return;
    if (!table_) table_ = make_table();
    const bool has_actor = !found.facts.device.is_zero();
    table_->add(
        {std::to_string(found.index), format_time(found.leaf.server_ms, console_.language()),
         has_actor ? name_or_digits(context_.session().verified_directory(), found.facts.device)
                   : console_.text(Sentence::audit_by_server),
         found.actor ? agency_name(found.actor->agency) : std::string("-"),
         describe_leaf(context_, found), name_id(found.leaf.channel_id),
         found.leaf.channel_seq == 0 ? std::string("-") : std::to_string(found.leaf.channel_seq)});
    name_id(found.facts.task);
    name_id(found.facts.hearing);
    if (++rows_ == rows_of_a_table) flush();
  }

  void flush() {
    if (!table_) return;
    console_.print(*table_);
    table_.reset();
    rows_ = 0;
    for (const std::string& id : ids_)
      console_.say(Sentence::audit_id, {{"short", id.substr(0, fewest_digits)}, {"id", id}});
    ids_.clear();
  }

  std::uint64_t shown() const { return shown_; }
  std::uint64_t first() const { return first_; }
  std::uint64_t last() const { return last_; }

 private:
  std::unique_ptr<Table> make_table() const {
    return std::make_unique<Table>(std::vector<std::string>{
        console_.text(Sentence::column_entry), console_.text(Sentence::column_time),
        console_.text(Sentence::column_who), console_.text(Sentence::column_agency),
        console_.text(Sentence::column_what), console_.text(Sentence::column_channel),
        console_.text(Sentence::column_seq)});
  }

  std::string agency_name(const AgencyId& id) const {
    const sealing::Agency* agency = context_.session().directory().find_agency(id);
    return agency == nullptr ? encode_hex(id).substr(0, fewest_digits) : agency->name;
  }

  /// Its first digits; the whole follows behind the table, once.
  template <class Id>
  std::string name_id(const Id& id) {
    if (id.is_zero()) return "-";
    const std::string digits = encode_hex(id);
    if (ids_.size() < named_ids) ids_.insert(digits);
    return digits.substr(0, fewest_digits);
  }

  CommandContext& context_;
  Console& console_;
  std::unique_ptr<Table> table_;
  std::set<std::string> ids_;
  std::size_t rows_ = 0;
  std::uint64_t shown_ = 0, first_ = 0, last_ = 0;
};

void tell_end(CommandContext& context, const FindView& view, const AuditSearch& search) {
  Console& console = context.console();
  for (const AskedQuestion& asked : search.asked()) {
    console.say(asked.is_proven ? Sentence::audit_asked : Sentence::audit_asked_not_proven,
                {{"index", std::to_string(asked.index)}, {"size", std::to_string(asked.size)}});
    console.object(
        {{"asked", {{"index", asked.index}, {"size", asked.size}, {"proven", asked.is_proven}}}});
  }
  if (const auto count = search.count()) {
    console.say(
        *count == wire::audit_count_at_most ? Sentence::audit_count_or_more : Sentence::audit_count,
        {{"count", std::to_string(*count)}});
    console.object({{"count", *count}, {"or_more", *count == wire::audit_count_at_most}});
  }
  if (view.shown() == 0)
    console.say(Sentence::audit_shown_none);
  else
    console.say(Sentence::audit_shown, {{"count", std::to_string(view.shown())},
                                        {"first", std::to_string(view.first())},
                                        {"last", std::to_string(view.last())}});
}

Result<> require_auditor(const ClientSession& session) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  if (own != nullptr && own->certificate.role == Role::auditor) return {};
  return refuse(RefusalCode::forbidden, "questions about the journal are asked by auditors");
}

/// New leaves as the journal grows. Each question is a leaf, so there is at most one in
/// `every_seconds`, and none where nothing was written but the last one.
Result<> follow(CommandContext& context, const FindOptions& options,
                const sealing::AuditFilter& filter, std::uint64_t from_index) {
  ClientSession& session = context.session();
  while (!context.is_interrupted() && context.console().is_writable()) {
    if (!session.wait(std::chrono::seconds(options.every_seconds))) return {};
    Result<wire::CheckpointReply> newest = session.ask(wire::CheckpointRead{});
    if (!newest) return newest.error();
    OBERIH_TRY(session.take_checkpoint(newest->checkpoint));
    const std::uint64_t size = session.verified_directory().accepted_size();
    if (size <= from_index + 1) continue;
    FindView view(context);
    AuditSearch search(session, filter);
    OBERIH_TRY(
        search.run(from_index, wire::audit_leaves_at_once, false, [&](const FoundLeaf& leaf) {
          view.take(leaf);
          return true;
        }));
    view.flush();
    tell_end(context, view, search);
    from_index = size;
  }
  return {};
}

Result<> find(CommandContext& context, const FindOptions& options) {
  if (options.follow)
    OBERIH_TRY(context.open_session_for_ever());
  else
    OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(require_auditor(session));
  OBERIH_TRY(session.read_names());
  Result<sealing::AuditFilter> filter = read_filter(context, options.filter);
  if (!filter) return filter.error();
  const std::uint64_t size = session.verified_directory().accepted_size();
  const std::uint64_t most = options.all ? UINT64_MAX : options.limit;
  FindView view(context);
  AuditSearch search(session, *filter);
  const auto page =
      static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most, 1, wire::audit_leaves_at_once));
  OBERIH_TRY(search.run(0, page, options.count, [&](const FoundLeaf& leaf) {
    if (view.shown() < most) view.take(leaf);
    return view.shown() < most && context.console().is_writable();
  }));
  view.flush();
  tell_end(context, view, search);
  context.console().say(Sentence::audit_not_complete);
  if (!options.follow) return {};
  context.console().note(Sentence::audit_following,
                         {{"seconds", std::to_string(options.every_seconds)}});
  return follow(context, options, *filter, size);
}

}  // namespace

void add_audit_find_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<FindOptions>();
  CLI::App* command =
      tree.command(group, "find", Sentence::help_audit_find,
                   "oberih audit find --from 2026-11-24 --kind history --channel 7c01...e4",
                   [options](CommandContext& context) { return find(context, *options); });
  add_filter_options(tree, command, options->filter);
  const auto option = [&](const char* name, auto& value, Sentence help) {
    return command->add_option(name, value, tree.text(help));
  };
  option("--limit", options->limit, Sentence::help_option_audit_limit)->check(CLI::PositiveNumber);
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_audit_all));
  command->add_flag("--count", options->count, tree.text(Sentence::help_option_audit_count));
  command->add_flag("--follow", options->follow, tree.text(Sentence::help_option_audit_follow));
  option("--every", options->every_seconds, Sentence::help_option_audit_every)
      ->check(CLI::Range(1U, 3600U));
}

}  // namespace oberih::client
