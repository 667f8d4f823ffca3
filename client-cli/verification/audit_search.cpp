// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/audit_search.hpp"

#include "client-cli/verification/evidence.hpp"

namespace oberih::client {
namespace {

// The server answers one question for an hour.
constexpr std::chrono::minutes question_lasts{50};

Refusal no_answer(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

}  // namespace

journal::Leaf question_leaf(const sealing::SignedAuditQuestion& question, const ChannelId& channel,
                            Milliseconds server_ms) {
  return {journal::LeafKind::audit_query,      server_ms, channel, 0, {},
          sealing::encode_audit_body(question)};
}

Result<std::vector<FoundLeaf>> open_audit_page(const wire::AuditPage& page,
                                               const wire::AuditFind& request,
                                               const sealing::AuditFilter& filter,
                                               std::uint64_t size,
                                               const sealing::Directory& directory) {
  if (page.leaves.size() > request.limit) return no_answer("more leaves than were asked for");
  if (page.more && page.leaves.empty()) return no_answer("a page of nothing, and more behind it");
  std::vector<FoundLeaf> found;
  std::uint64_t least = request.from_index;
  for (const wire::DirectoryLeaf& stored : page.leaves) {
    if (stored.index < least) return no_answer("leaves out of order");
    if (stored.index >= size) return no_answer("a leaf from behind the size that was asked about");
    least = stored.index + 1;
    Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
    if (!leaf) return no_answer("a leaf that cannot be read");
    FoundLeaf each{stored.index, journal::leaf_hash(stored.leaf), std::move(*leaf), {}, {}};
    each.facts = sealing::facts_of(each.leaf);
    each.actor = sealing::actor_of(each.facts, directory);
    if (!sealing::fits(filter, each.leaf.server_ms, each.leaf.channel_id, each.facts, each.actor))
      return no_answer("a leaf that was not asked for");
    found.push_back(std::move(each));
  }
  return found;
}

void AuditSearch::ask_anew(std::uint64_t size) {
  question_ = sealing::sign_audit_question({sealing::AuditWhat::find, session_.ring().device, size,
                                            sealing::encode_audit_filter(filter_), wall_clock_ms()},
                                           session_.signer());
  request_.content = sealing::encode_audit_content(question_.question);
  request_.signature = question_.signature;
  request_.asked_index.reset();
  asked_at_ = std::chrono::steady_clock::now();
}

/// The server may leave the channel out of the header, where it knows of none.
Result<> AuditSearch::take_asked(const wire::AuditPage& page) {
  if (request_.asked_index) {
    if (page.asked.index != *request_.asked_index || page.asked.leaf_hash != asked_hash_)
      return no_answer("the page answers another question");
    return {};
  }
  const auto is_it = [&](const ChannelId& channel) {
    return journal::leaf_hash(journal::encode_leaf(
               question_leaf(question_, channel, page.asked.server_ms))) == page.asked.leaf_hash;
  };
  if (page.asked.index < question_.question.size ||
      (!is_it({}) && !is_it(filter_.channel.value_or(ChannelId{}))))
    return no_answer("the leaf that is said to hold the question is another");
  asked_hash_ = page.asked.leaf_hash;
  request_.asked_index = page.asked.index;
  asked_.push_back({page.asked.index, question_.question.size, false});
  return {};
}

Refusal AuditSearch::accuse(const Refusal& refusal, const wire::AuditPage& page) const {
  return keep_evidence(
      session_.profile().folder, "the answer to a question of an auditor", refusal.detail,
      {{"content", request_.content}, {"answer", to_bytes(as_bytes(wire::encode_result(page)))}});
}

Result<> AuditSearch::prove(const std::vector<FoundLeaf>& leaves) {
  std::vector<PlacedLeaf> placed;
  for (const FoundLeaf& leaf : leaves) placed.push_back({leaf.index, leaf.hash});
  Result<std::uint64_t> proven = session_.prove(placed);
  if (!proven) return proven.error();
  if (*proven < question_.question.size) return no_answer("the journal has shrunk");
  return {};
}

Result<> AuditSearch::prove_question() {
  if (!request_.asked_index || asked_.empty()) return {};
  const PlacedLeaf placed{*request_.asked_index, asked_hash_};
  Result<std::uint64_t> proven = session_.prove(std::span(&placed, 1));
  if (!proven) return proven.error();
  asked_.back().is_proven = *proven > placed.index;
  return {};
}

Result<> AuditSearch::run(std::uint64_t from_index, std::uint32_t page_size, bool count,
                          const TakeLeaf& take) {
  const std::optional<StoredCheckpoint> pinned = session_.verified_directory().newest_checkpoint();
  if (!pinned || pinned->size == 0)
    return refuse(RefusalCode::unavailable, "no checkpoint is known yet");
  request_ = {};
  request_.from_index = from_index;
  request_.limit = page_size;
  request_.count = count;
  ask_anew(pinned->size);
  for (bool more = true; more && !session_.is_cancelled();) {
    Result<wire::AuditPage> page = session_.ask(request_);
    if (!page) return page.error();
    OBERIH_TRY(session_.read_directory(page->directory_count));
    if (Result<> asked = take_asked(*page); !asked) return accuse(asked.error(), *page);
    Result<std::vector<FoundLeaf>> leaves =
        open_audit_page(*page, request_, filter_, pinned->size, session_.directory());
    if (!leaves) return accuse(leaves.error(), *page);
    OBERIH_TRY(prove(*leaves));
    if (page->count) count_ = page->count;
    more = page->more;
    for (const FoundLeaf& leaf : *leaves) {
      if (take(leaf)) continue;
      more = false;
      break;
    }
    request_.count = false;
    if (!leaves->empty()) request_.from_index = leaves->back().index + 1;
    if (!more || std::chrono::steady_clock::now() - asked_at_ < question_lasts) continue;
    OBERIH_TRY(prove_question());
    ask_anew(pinned->size);
  }
  return prove_question();
}

}  // namespace oberih::client
