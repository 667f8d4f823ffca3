// SPDX-License-Identifier: Apache-2.0
// What the operator of a witness does: make it, say what it watches, run it, look at it.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/keyring/profile.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/witness/witness_service.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {
namespace {

struct WitnessOptions {
  std::string dir, name, agency, genesis, hash, key, listen;
  bool accept_first = false;
};

std::string shown_key(const journal::NoteVerifier& verifier) {
  return encoding::printable(journal::format_verifier_key(verifier));
}

void show_witness_keys(Console& console, const journal::NoteVerifier& verifier,
                       const Digest& spki) {
  console.say(Sentence::witness_shown, {{"name", encoding::printable(verifier.name)},
                                        {"key", shown_key(verifier)},
                                        {"spki", encoding::encode_hex(spki)}});
}

Result<> create_witness(CommandContext& context, const WitnessOptions& options) {
  Result<sealing::Agency> agency = parse_public_file(options.agency, wire::parse_agency_card);
  if (!agency) return agency.error();
  const WitnessFolder folder(options.dir);
  Result<sealing::Witness> witness = folder.create(options.name, agency->id);
  if (!witness) return witness.error();
  const journal::NoteVerifier verifier{witness->name, journal::NoteKeyType::cosignature,
                                       witness->key};
  Console& console = context.console();
  console.say(Sentence::witness_created,
              {{"folder", folder.path().string()}, {"card", folder.card_file().string()}});
  show_witness_keys(console, verifier, witness->tls_spki);
  console.object({{"name", witness->name},
                  {"verifier_key", journal::format_verifier_key(verifier)},
                  {"tls_spki", encoding::encode_hex(witness->tls_spki)},
                  {"card", folder.card_file().string()}});
  return {};
}

/// The genesis names the first key; that it is the right one says its hash, compared by voice.
Result<WatchedJournal> read_genesis(const WitnessOptions& options, const Digest& hash) {
  Result<sealing::SignedGenesis> file =
      parse_public_file(options.genesis, wire::parse_genesis_file);
  if (!file) return file.error();
  if (sealing::genesis_hash(file->content) != hash)
    return refuse(RefusalCode::usage, "the file is of another genesis than --genesis-hash says");
  Result<sealing::Genesis> genesis = sealing::verify_genesis(*file);
  if (!genesis) return genesis.error();
  return WatchedJournal{{genesis->origin, journal::NoteKeyType::ed25519, genesis->journal_key},
                        hash};
}

Result<WatchedJournal> read_new_key(const WitnessOptions& options,
                                    const std::optional<WatchedJournal>& before) {
  if (!before)
    return refuse(RefusalCode::usage, "begin with --genesis; --key is for a key that was changed");
  Result<journal::NoteVerifier> verifier = journal::parse_verifier_key(options.key);
  if (!verifier || verifier->type != journal::NoteKeyType::ed25519)
    return refuse(RefusalCode::usage, "--key is the verifier key of a journal, name+id+key");
  if (verifier->name != before->verifier.name)
    return refuse(RefusalCode::usage, "the key is of another journal; its name never changes");
  return WatchedJournal{std::move(*verifier), before->genesis_hash};
}

Result<> trust_journal(CommandContext& context, const WitnessOptions& options) {
  const WitnessFolder folder(options.dir);
  Result<WitnessKeys> keys = folder.load_keys();
  if (!keys) return keys.error();
  Result<std::optional<WatchedJournal>> before = folder.load_journal();
  if (!before) return before.error();
  if (options.genesis.empty() == options.key.empty())
    return refuse(RefusalCode::usage, "say --genesis with --genesis-hash, or --key");
  const auto hash = encoding::decode_hex_as<Digest>(options.hash);
  if (options.key.empty() && !hash)
    return refuse(RefusalCode::usage, "--genesis-hash is 64 hex digits, as compared by voice");
  Result<WatchedJournal> journal =
      options.key.empty() ? read_genesis(options, *hash) : read_new_key(options, *before);
  if (!journal) return journal.error();
  if (*before && (*before)->genesis_hash != journal->genesis_hash)
    return refuse(
        RefusalCode::usage,
        "this witness watches another journal already; make another witness for this one");
  OBERIH_TRY(folder.put_journal(*journal));
  Console& console = context.console();
  console.say(Sentence::witness_watches,
              {{"key", shown_key(journal->verifier)},
               {"genesis", encoding::encode_hex(journal->genesis_hash)}});
  console.object({{"journal", journal::format_verifier_key(journal->verifier)},
                  {"genesis", encoding::encode_hex(journal->genesis_hash)}});
  return {};
}

Result<> show_witness(CommandContext& context, const WitnessOptions& options) {
  const WitnessFolder folder(options.dir);
  Result<WitnessKeys> keys = folder.load_keys();
  if (!keys) return keys.error();
  Result<std::optional<WatchedJournal>> journal = folder.load_journal();
  if (!journal) return journal.error();
  const journal::NoteVerifier own = keys->verifier();
  Result<std::optional<std::string>> note = folder.load_state(own);
  if (!note) return note.error();
  Console& console = context.console();
  nlohmann::ordered_json json{{"name", own.name},
                              {"verifier_key", journal::format_verifier_key(own)},
                              {"tls_spki", encoding::encode_hex(keys->tls_spki)}};
  show_witness_keys(console, own, keys->tls_spki);
  if (*journal) {
    json["journal"] = journal::format_verifier_key((*journal)->verifier);
    json["genesis"] = encoding::encode_hex((*journal)->genesis_hash);
    console.say(Sentence::witness_watches,
                {{"key", shown_key((*journal)->verifier)},
                 {"genesis", encoding::encode_hex((*journal)->genesis_hash)}});
  } else {
    console.say(Sentence::witness_watches_none);
  }
  if (*note) {
    const auto opened = journal::open_note(**note, {&own, 1});
    const auto checkpoint = journal::read_unverified_checkpoint(**note);
    const Milliseconds at_ms = opened->verified.front().cosigned_s * 1000;
    json["size"] = checkpoint->size;
    json["root"] = encoding::encode_hex(checkpoint->root);
    json["cosigned_ms"] = at_ms;
    console.say(Sentence::witness_cosigned, {{"size", std::to_string(checkpoint->size)},
                                             {"time", format_time(at_ms, console.language())}});
  } else {
    json["size"] = nullptr;
    console.say(Sentence::witness_cosigned_none);
  }
  console.object(json);
  return {};
}

/// Tells the operator what is out of the ordinary: at most one line a second, so that strangers
/// fill no disk; and each first checkpoint after a start.
class WitnessTeller {
 public:
  explicit WitnessTeller(Console& console) : console_(console) {}

  void operator()(const WitnessEvent& event) {
    std::lock_guard lock(mutex_);
    const Milliseconds now = wall_clock_ms();
    const std::string time = format_time(now, console_.language());
    if (event.status == 200) {
      if (!std::exchange(has_cosigned_, true))
        console_.note(Sentence::witness_first_taken,
                      {{"time", time}, {"size", std::to_string(event.size)}});
      return;
    }
    if (now < told_ms_ + 1000) return;
    told_ms_ = now;
    std::string why = event.why.substr(0, event.why.find('\n'));
    console_.note(Sentence::witness_refused, {{"time", time},
                                              {"status", std::to_string(event.status)},
                                              {"size", std::to_string(event.size)},
                                              {"why", encoding::printable(why)}});
  }

 private:
  Console& console_;
  std::mutex mutex_;
  bool has_cosigned_ = false;
  Milliseconds told_ms_ = 0;
};

/// Until SIGINT or SIGTERM.
void wait_for_end(socket::EventLoop& loop) {
  struct End {
    std::mutex mutex;
    std::condition_variable came;
    bool is_over = false;
  };
  auto end = std::make_shared<End>();
  loop.on_signals([end](int) {
    std::lock_guard lock(end->mutex);
    end->is_over = true;
    end->came.notify_all();
  });
  std::unique_lock lock(end->mutex);
  end->came.wait(lock, [&] { return end->is_over; });
}

/// Besides what a server's address is: port 0 takes a free one.
Result<ServerAddress> parse_listen_address(const std::string& text) {
  if (!text.ends_with(":0")) return parse_server_address(text);
  Result<ServerAddress> address = parse_server_address(text.substr(0, text.size() - 1) + "1");
  if (address) address->port = 0;
  return address;
}

Result<> run_witness(CommandContext& context, const WitnessOptions& options) {
  Result<ServerAddress> address = parse_listen_address(options.listen);
  if (!address) return address.error();
  Console& console = context.console();
  auto teller = std::make_shared<WitnessTeller>(console);
  const WitnessFolder folder(options.dir);
  Result<std::unique_ptr<WitnessService>> service = WitnessService::open(
      folder, options.accept_first ? FirstCheckpoint::accepted : FirstCheckpoint::refused,
      [teller](const WitnessEvent& event) { (*teller)(event); });
  if (!service) return service.error();
  if ((*service)->is_without_state())
    console.note(options.accept_first ? Sentence::witness_accepts_first
                                      : Sentence::witness_without_state);
  const std::uint64_t size = (*service)->known_size();
  socket::EventLoop loop(2);  // destroyed first: its handlers use the service
  try {
    (*service)->listen(loop, address->host, address->port);
  } catch (const std::runtime_error& error) {
    return refuse(RefusalCode::usage, error.what());
  }
  console.say(Sentence::witness_listens, {{"host", address->host},
                                          {"port", std::to_string((*service)->port())},
                                          {"size", std::to_string(size)}});
  console.object({{"listens", address->host}, {"port", (*service)->port()}, {"size", size}});
  console.flush();
  wait_for_end(loop);
  (*service)->stop();
  loop.stop();
  loop.join();
  console.note(Sentence::witness_stopped);
  return {};
}

}  // namespace

void add_witness_commands(CommandTree& tree) {
  CLI::App* group = tree.group("witness", Sentence::help_witness);
  auto options = std::make_shared<WitnessOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) {
      context.set_words(RefusalCode::local_state_broken, Sentence::witness_folder_broken);
      return function(context, *options);
    };
  };
  auto add = [&](const char* word, Sentence help, const std::string& example, auto function) {
    CLI::App* command = tree.command(group, word, help, example, with(function));
    command->add_option("--dir", options->dir, tree.text(Sentence::help_option_witness_dir))
        ->required();
    return command;
  };
  CLI::App* command =
      add("create", Sentence::help_witness_create,
          "oberih witness create --dir /var/lib/oberih-witness --name witness.police.example"
          " --agency police.card",
          create_witness);
  command->add_option("--name", options->name, tree.text(Sentence::help_option_witness_name))
      ->required();
  command->add_option("--agency", options->agency, tree.text(Sentence::help_option_witness_agency))
      ->required();
  command = add("trust", Sentence::help_witness_trust,
                "oberih witness trust --dir /var/lib/oberih-witness --genesis genesis.json"
                " --genesis-hash 3f0c...",
                trust_journal);
  command->add_option("--genesis", options->genesis,
                      tree.text(Sentence::help_option_witness_genesis));
  command->add_option("--genesis-hash", options->hash,
                      tree.text(Sentence::help_option_witness_hash));
  command->add_option("--key", options->key, tree.text(Sentence::help_option_witness_key));
  command =
      add("run", Sentence::help_witness_run,
          "oberih witness run --dir /var/lib/oberih-witness --listen 0.0.0.0:7443", run_witness);
  command->add_option("--listen", options->listen, tree.text(Sentence::help_option_witness_listen))
      ->required();
  command->add_flag("--accept-first", options->accept_first,
                    tree.text(Sentence::help_option_accept_first));
  add("status", Sentence::help_witness_status,
      "oberih witness status --dir /var/lib/oberih-witness", show_witness);
}

}  // namespace oberih::client
