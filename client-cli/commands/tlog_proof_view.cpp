// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/tlog_proof_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::client {

void print_tlog_report(Console& console, const journal::TlogProof& proof,
                       const journal::Checkpoint& checkpoint) {
  const journal::Leaf leaf = journal::parse_leaf(proof.leaf).value();
  const std::string hash = encoding::encode_hex(journal::leaf_hash(proof.leaf));
  const std::string size = std::to_string(checkpoint.size);
  console.say(Sentence::tlog_proof_title, {{"origin", encoding::printable(checkpoint.origin)}});
  console.say(Sentence::tlog_proof_leaf, {{"index", std::to_string(proof.index)},
                                          {"size", size},
                                          {"kind", std::string(journal::name_of(leaf.kind))},
                                          {"hash", hash}});
  if (!leaf.channel_id.is_zero())
    console.say(Sentence::tlog_proof_channel, {{"id", encoding::encode_hex(leaf.channel_id)},
                                               {"seq", std::to_string(leaf.channel_seq)}});
  console.say(Sentence::tlog_proof_proven, {{"size", size}});
  console.say(Sentence::tlog_proof_asserted,
              {{"time", format_time(leaf.server_ms, console.language())}});
  console.say(Sentence::tlog_proof_not_shown);
  console.object({{"verified", true},
                  {"origin", checkpoint.origin},
                  {"index", proof.index},
                  {"size", checkpoint.size},
                  {"kind", journal::name_of(leaf.kind)},
                  {"leaf_hash", hash},
                  {"channel", encoding::encode_hex(leaf.channel_id)},
                  {"channel_seq", leaf.channel_seq},
                  {"asserted_by_server",
                   {{"server_ms", leaf.server_ms}, {"time", format_rfc3339(leaf.server_ms)}}}});
}

}  // namespace oberih::client
