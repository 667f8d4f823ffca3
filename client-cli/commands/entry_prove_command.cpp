// SPDX-License-Identifier: Apache-2.0
// `oberih entry prove`: that one entry stands in the journal, as one small file that other programs
// of transparency logs read, too. It holds no text and no key.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/commands/entry_search.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "client-cli/verification/witnessed_cover.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/journal/tlog_proof.hpp"
#include "protocol/sealing/witness_quorum.hpp"

namespace oberih::client {
namespace {

struct EntryProofOptions {
  std::string entry, out;
};

/// Under the newest checkpoint that covers it, with the word of the witnesses where it comes in
/// time. Verified before it is given out.
Result<journal::TlogProof> make_tlog_proof(ClientSession& session, const StoredItem& item) {
  const PlacedLeaf placed{item.index, journal::leaf_hash(item.leaf)};
  const Result<std::uint64_t> covered = session.prove(std::span(&placed, 1));
  if (!covered) return covered.error();
  const auto head = session.verified_directory().newest_checkpoint();
  if (!head || head->size <= item.index)
    return refuse(RefusalCode::unavailable, "no checkpoint covers the entry yet");
  const auto witnessed = await_witnessed_cover(session, item.index);
  if (!witnessed) return witnessed.error();
  const std::string note = witnessed->value_or(head->note);
  const auto checkpoint = session.verified_directory().open_checkpoint(note);
  if (!checkpoint) return checkpoint.error();
  Result<std::string> known = sealing::keep_known_signatures(note, session.directory());
  if (!known) return known.error();
  Result<wire::Proofs> proofs = session.ask(wire::ProofInclusion{checkpoint->size, {item.index}});
  if (!proofs) return proofs.error();
  if (proofs->paths.size() != 1)
    return refuse(RefusalCode::verification_failed, "the server gives no proof");
  return journal::TlogProof{item.leaf, item.index, std::move(proofs->paths.front()),
                            std::move(*known)};
}

Result<> prove_entry(CommandContext& context, const EntryProofOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<NamedEntry> named = find_entry(context, options.entry);
  if (!named) return named.error();
  ClientSession& session = context.session();
  const std::optional<StoredItem> item =
      session.store().channels().find_item(named->channel.id(), named->item.seq);
  if (!item) return refuse(RefusalCode::not_found);
  const Result<journal::TlogProof> proof = make_tlog_proof(session, *item);
  if (!proof) return proof.error();
  const auto unverified = journal::read_unverified_checkpoint(proof->note);
  if (!unverified) return unverified.error();
  const journal::NoteVerifier key{session.directory().origin(), journal::NoteKeyType::ed25519,
                                  session.directory().journal_key_at(unverified->size)};
  const auto checkpoint = journal::verify_tlog_proof(*proof, key);
  if (!checkpoint) return refuse(RefusalCode::verification_failed, checkpoint.error().detail);
  OBERIH_TRY(create_file(options.out, as_bytes(journal::format_tlog_proof(*proof)),
                         FileAccess::owner_only));
  const std::string key_text = journal::format_verifier_key(key);
  Console& console = context.console();
  console.say(Sentence::tlog_proof_made, {{"seq", std::to_string(item->seq)},
                                          {"index", std::to_string(item->index)},
                                          {"size", std::to_string(checkpoint->size)},
                                          {"file", options.out},
                                          {"key", key_text}});
  if (const auto cosigners = evidence::find_cosigners(proof->note, session.directory()))
    note_missing_quorum(console, *cosigners);
  console.object({{"channel", encoding::encode_hex(named->channel.id())},
                  {"channel_seq", item->seq},
                  {"index", item->index},
                  {"size", checkpoint->size},
                  {"file", options.out},
                  {"verifier_key", key_text}});
  return {};
}

}  // namespace

void add_entry_prove_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<EntryProofOptions>();
  CLI::App* command =
      tree.command(group, "prove", Sentence::help_entry_prove,
                   "oberih entry prove 417#12 --out 417-12.tlog-proof",
                   [options](CommandContext& context) { return prove_entry(context, *options); });
  command->add_option("entry", options->entry, tree.text(Sentence::help_option_entry))->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_entry_prove_out))
      ->required();
}

}  // namespace oberih::client
