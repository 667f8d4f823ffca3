// SPDX-License-Identifier: Apache-2.0
#include "tests/transcripts/play.hpp"

#include <sstream>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::transcripts {
namespace {

/// The texts of `"a", "b"`.
std::vector<std::string> quoted(const std::string& list) {
  static const std::regex text("\"([^\"]*)\"");
  std::vector<std::string> texts;
  for (std::sregex_iterator it(list.begin(), list.end(), text), end; it != end; ++it)
    texts.push_back((*it)[1]);
  return texts;
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "\"" : ", \"") + text + "\"";
  return joined.empty() ? "nothing" : joined;
}

RosterRole roster_role(const std::string& word) {
  auto role = find_roster_role(word);
  if (!role) unwritten("no such place on a roster: " + word);
  return *role;
}

}  // namespace

Play::Play(std::unique_ptr<StorePlace> place, const application::Policies& policies)
    : stage_(std::move(place), policies) {}

std::string Play::perform(const std::string& script) {
  std::istringstream lines(script);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const std::string fault = perform_line(line);
    if (!fault.empty()) return "line " + std::to_string(number) + ", " + line + "\n  " + fault;
  }
  return {};
}

std::string Play::perform_line(const std::string& line) try {
  static const std::regex refused("(.*): refused ([a-z_]+)(?:, \"(.*)\")?");
  std::smatch match;
  if (!std::regex_match(line, match, refused)) {
    Result<void> done = perform_sentence(line);
    if (done) return {};
    return "but it was refused " + std::string(refusal_row(done.error().code).name) + ", \"" +
           done.error().detail + "\"";
  }
  Result<void> done = perform_sentence(match[1]);
  if (done) return "but it was not refused";
  const std::string code(refusal_row(done.error().code).name);
  if (code != match[2]) return "but it was refused " + code + ", \"" + done.error().detail + "\"";
  if (match[3].matched && done.error().detail != match[3])
    return "but the detail was \"" + done.error().detail + "\"";
  return {};
} catch (const std::exception& failure) {
  return failure.what();
}

Result<void> Play::perform_sentence(const std::string& sentence) {
  std::smatch match;
  for (const Sentence& row : sentences())
    if (std::regex_match(sentence, match, row.form)) {
      stage_.clock().pass(1'000);
      return (this->*row.step)(Words(match.begin() + 1, match.end()));
    }
  unwritten("no sentence of the play language");
}

// -- who is there
// ----------------------------------------------------------------------------------

Actor& Play::actor(const std::string& name) {
  auto found = actors_.find(name);
  if (found == actors_.end()) unwritten("nobody is called " + name);
  return *found->second;
}

const ChannelId& Play::channel(const std::string& title) {
  auto found = channels_.find(title);
  if (found == channels_.end()) unwritten("no channel is called " + title);
  return found->second;
}

std::vector<Actor*> Play::approvers(const std::string& list) {
  std::vector<Actor*> people;
  std::istringstream words(list);
  for (std::string word; words >> word;)
    if (word != "and") people.push_back(&actor(word));
  return people;
}

Result<void> Play::found_agency(const Words& words) {
  auto kind = find_agency_kind(words[1]);
  if (!kind) unwritten("no kind of agency: " + words[1]);
  roots_[words[0]] = std::make_unique<Root>(words[0], *kind);
  return {};
}

Result<void> Play::begin_journal(const Words&) {
  std::vector<const Root*> roots;
  for (const auto& [name, root] : roots_) roots.push_back(root.get());
  stage_.begin_journal(roots);
  for (const auto& [name, root] : roots_) {
    auto administrator = std::make_unique<Actor>("Administrator of " + name, root->agency.id,
                                                 Role::agency_admin, stage_.clock().now_ms());
    stage_.append_offline(administrator->certify(nullptr, root->signer));
    administrators_[name] = std::move(administrator);
  }
  return {};
}

Result<void> Play::certify(const Words& words) {
  auto role = find_role(words[1]);
  auto root = roots_.find(words[2]);
  if (!role || root == roots_.end()) unwritten("no such role or agency");
  auto person =
      std::make_unique<Actor>(words[0], root->second->agency.id, *role, stage_.clock().now_ms());
  const Actor& administrator = *administrators_.at(words[2]);
  auto appended = stage_.ask<wire::Appended>(
      administrator, person->certify(&administrator, administrator.signer()));
  if (!appended) return appended.error();
  actors_[words[0]] = std::move(person);
  return {};
}

/// Keys and device are new, the person is the same.
Result<void> Play::certify_new_device(const Words& words) {
  const sealing::DeviceCertificate& old = actor(words[1]).certificate();
  auto person = std::make_unique<Actor>(words[0], old.agency, old.role, stage_.clock().now_ms());
  person->draft().person = old.person;
  for (const auto& [name, administrator] : administrators_) {
    if (administrator->certificate().agency != old.agency) continue;
    auto appended = stage_.ask<wire::Appended>(
        *administrator, person->certify(administrator.get(), administrator->signer()));
    if (!appended) return appended.error();
  }
  actors_[words[0]] = std::move(person);
  return {};
}

Result<void> Play::revoke(const Words& words) {
  auto by = administrators_.find(words[0]);
  const Actor& signer = by != administrators_.end() ? *by->second : actor(words[0]);
  auto appended = stage_.ask<wire::Appended>(signer, signer.revoke(actor(words[1])));
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::connect(const Words& words) {
  const Actor& who = actor(words[0]);
  auto hello = stage_.ask<wire::HelloReply>(who, wire::SessionHello{"play", 0});
  if (!hello) return hello.error();
  if (hello->device != who.device()) unwritten("the server takes " + words[0] + " for another");
  return {};
}

Result<void> Play::know_name(const Words& words) {
  wire::DirectoryNames request;
  request.devices = {actor(words[2]).device()};
  auto cards = stage_.ask<wire::NameCards>(actor(words[0]), request);
  if (!cards) return cards.error();
  const bool wanted = words[1] == "sees";
  const bool seen = cards->cards.size() == 1 && cards->cards[0].name == words[2];
  if (seen != wanted) unwritten(seen ? "the name was shown" : "the name was not shown");
  return {};
}

// -- reading
// ---------------------------------------------------------------------------------------

Result<void> Play::read_directory(Actor& who) {
  for (;;) {
    auto page =
        stage_.ask<wire::DirectoryPage>(who, wire::DirectoryRead{who.directory_count(), 100});
    if (!page) return page.error();
    OBERIH_TRY(who.take_directory(*page));
    if (who.directory_count() >= page->directory_count) break;
  }
  auto checkpoint = stage_.ask<wire::CheckpointReply>(who, wire::CheckpointRead{});
  if (!checkpoint) return checkpoint.error();
  return who.take_checkpoint(checkpoint->checkpoint);
}

Result<void> Play::read_channel(Actor& who, const ChannelId& id) {
  OBERIH_TRY(read_directory(who));
  for (;;) {
    const std::uint64_t known = who.conversation(id).state.newest_seq();
    auto page = stage_.ask<wire::ItemPage>(who, wire::ChannelRead{id, known, 3, false});
    if (!page) return page.error();
    for (const wire::ChannelItem& item : page->items) OBERIH_TRY(who.take_item(id, item));
    if (who.conversation(id).state.newest_seq() >= page->newest_seq) return {};
  }
}

void Play::catch_up(Actor& who, const ChannelId& id) {
  if (auto refused = read_channel(who, id);
      !refused && refused.error().code == RefusalCode::verification_failed)
    unwritten("what the server sent does not verify: " + refused.error().detail);
}

Result<void> Play::read(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  OBERIH_TRY(read_channel(who, id));
  const std::vector<std::string> found = std::exchange(who.conversation(id).unread, {});
  if (!words[2].empty() && found != quoted(words[2])) unwritten("but found " + join(found));
  return {};
}

Result<void> Play::read_nowhere(const Words& words) {
  auto page = stage_.ask<wire::ItemPage>(
      actor(words[0]), wire::ChannelRead{crypto::random_id<ChannelId>(), 0, 10, false});
  if (!page) return page.error();
  return {};
}

Result<void> Play::follow(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  auto followed = stage_.ask<wire::Followed>(
      who, wire::ChannelFollow{id, who.conversation(id).state.newest_seq()});
  if (!followed) return followed.error();
  stage_.feed().follow(who.device(), id);
  return read_channel(who, id);
}

Result<void> Play::see(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  std::vector<std::string>& unread = who.conversation(id).unread;
  while (unread.empty()) {
    auto item = stage_.feed().take(who.device(), id);
    if (!item) unwritten("but nothing came");
    OBERIH_TRY(read_directory(who));
    OBERIH_TRY(who.take_item(id, *item));
  }
  const std::string text = unread.front();
  unread.erase(unread.begin());
  if (text != words[1]) unwritten("but it was \"" + text + "\"");
  return {};
}

Result<void> Play::list(const Words& words) {
  auto channels = stage_.ask<wire::ChannelSummaries>(actor(words[0]), wire::ChannelList{});
  if (!channels) return channels.error();
  if (std::to_string(channels->channels.size()) != words[1])
    unwritten("but there are " + std::to_string(channels->channels.size()));
  return {};
}

// -- records
// ---------------------------------------------------------------------------------------

Result<void> Play::send(Actor& who, const wire::ChannelAppend& request) {
  last_record_ = request;
  auto appended = stage_.ask<wire::Appended>(who, request);
  if (!appended) return appended.error();
  last_appended_ = *appended;
  return {};
}

Result<void> Play::create_channel(const Words& words) {
  Actor& who = actor(words[0]);
  auto kind = find_channel_kind(words[1]);
  if (!kind) unwritten("no kind of channel: " + words[1]);
  OBERIH_TRY(read_directory(who));
  ChannelId id;
  OBERIH_TRY(send(who, who.create_channel(*kind, stage_.clock().now_ms(), &id)));
  channels_[words[2]] = id;
  return {};
}

Result<void> Play::add(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  catch_up(who, id);
  sealing::Change change;
  change.add = {"Order 1", {actor(words[1]).line(roster_role(words[3]))}};
  return send(who, who.change_channel(id, change, approvers(words[4]), stage_.clock().now_ms()));
}

Result<void> Play::remove(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  catch_up(who, id);
  sealing::Change change;
  change.remove = {"moved to another unit", {actor(words[1]).device()}};
  return send(who, who.change_channel(id, change, approvers(words[3]), stage_.clock().now_ms()));
}

Result<void> Play::rotate(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  catch_up(who, id);
  const Milliseconds now = stage_.clock().now_ms();
  sealing::Change change;
  if (auto due = who.due_lines(id, now); !due.empty()) change.remove = {"due", std::move(due)};
  return send(who, who.change_channel(id, change, {}, now));
}

Result<void> Play::close(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  catch_up(who, id);
  return send(who, who.close_channel(id, approvers(words[2]), stage_.clock().now_ms()));
}

Result<void> Play::send_record_again(const Words& words) {
  auto appended = stage_.ask<wire::Appended>(actor(words[0]), last_record_);
  if (!appended) return appended.error();
  if (!last_appended_ || appended->leaf_hash != last_appended_->leaf_hash)
    unwritten("but the answer was another one");
  return {};
}

// -- entries
// ---------------------------------------------------------------------------------------

Result<void> Play::send(Actor& who, const ChannelId& id, const wire::EntryPost& request) {
  last_post_ = request;
  last_channel_ = id;
  auto appended = stage_.ask<wire::Appended>(who, request);
  if (!appended) return appended.error();
  last_appended_ = *appended;
  who.note_accepted(id, request);
  return {};
}

Result<void> Play::leave(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  catch_up(who, id);
  MessageOptions options;
  options.type = EntryType::leave;
  return send(who, id, who.post(id, "", stage_.clock().now_ms(), options));
}

Result<void> Play::report_unusable(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[1]);
  catch_up(who, id);
  MessageOptions options;
  options.type = EntryType::wrap_unusable;
  return send(who, id, who.post(id, "", stage_.clock().now_ms(), options));
}

Result<void> Play::send_again(const Words& words) {
  const std::optional<wire::Appended> first = last_appended_;
  auto again = stage_.ask<wire::Appended>(actor(words[0]), last_post_);
  if (!again) return again.error();
  const bool same = first && first->index == again->index &&
                    first->channel_seq == again->channel_seq &&
                    first->leaf_hash == again->leaf_hash && first->server_ms == again->server_ms;
  if (!same) unwritten("but the answer was another one");
  return {};
}

Result<void> Play::reuse_message_id(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, last_channel_);
  MessageOptions options;
  options.message_id = sealing::parse_header(last_post_.header).value().message_id;
  const wire::EntryPost request =
      who.post(last_channel_, words[1], stage_.clock().now_ms(), options);
  auto appended = stage_.ask<wire::Appended>(who, request);
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::ask_outcome(const Words& words) {
  const MessageId id = sealing::parse_header(last_post_.header).value().message_id;
  auto found =
      stage_.ask<wire::FoundEntries>(actor(words[0]), wire::EntryFind{last_channel_, {id}});
  if (!found) return found.error();
  if (found->entries.size() != 1 || found->entries[0].appended.index != last_appended_->index)
    unwritten("but it was not found");
  return {};
}

// -- the server
// ------------------------------------------------------------------------------------

Result<void> Play::restart(const Words&) {
  stage_.restart();
  return {};
}

Result<void> Play::pass_days(const Words& words) {
  stage_.clock().pass(std::stoull(words[0]) * 24 * 3600 * 1000);
  return {};
}

}  // namespace oberih::transcripts
