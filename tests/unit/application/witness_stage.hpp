// SPDX-License-Identifier: Apache-2.0
// A directory with witnesses, a tree that grows, and witnesses that behave as a test wants.
#pragma once

#include <map>
#include <mutex>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/journal/witness_request.hpp"
#include "recording.hpp"
#include "server/application/witness_desk.hpp"

namespace oberih::application {

/// A witness with a memory, honest unless it is told otherwise.
struct FakeWitness {
  enum class Manner {
    honest,
    down,
    false_signature,  // of another text
    other_key,        // under its own name
    copied_key_id,    // its own signature, for another's name and key id as well
    twice,            // its line two times
    claims_more,      // a size, and nothing to show for it
    shows_more,       // a size, and a note of it that the journal has signed
    split,            // it was shown another root for this size
    empty,            // it has lost its state
  };
  explicit FakeWitness(const std::string& its_name) : name(its_name) {}

  std::string name;
  crypto::SignatureKeyPair keys = crypto::generate_signature_keys();
  Digest tls_spki = crypto::random_id<Digest>();
  Manner manner = Manner::honest;
  std::uint64_t size = 0;
  Digest root;
  std::string shown_note;  // for shows_more
  std::string copied_line;
  std::uint64_t now_s = 0;
  unsigned asked = 0;

  std::string line(const std::string& text, const SignatureSecretKey& key) const {
    return journal::cosign_note_line(text, {name, crypto::Signer(key)}, now_s);
  }
  Result<WitnessReply> add(const std::string& body) {
    ++asked;
    if (manner == Manner::down) return refuse(RefusalCode::not_connected, name + " is down");
    if (manner == Manner::empty) return WitnessReply{503, "text/plain", "no state\n"};
    if (manner == Manner::split) return WitnessReply{409, "text/plain", "another root\n"};
    if (manner == Manner::claims_more || manner == Manner::shows_more)
      return WitnessReply{409, "text/x.tlog.size", "1000\n"};
    const auto request = journal::parse_add_checkpoint(body).value();
    const auto checkpoint = journal::read_unverified_checkpoint(request.note).value();
    if (request.old_size != size)
      return WitnessReply{409, "text/x.tlog.size", journal::format_tlog_size(size)};
    if (size != 0 &&
        !journal::verify_consistency(size, root, checkpoint.size, checkpoint.root, request.proof))
      return WitnessReply{422, "text/plain", "not proven\n"};
    size = checkpoint.size;
    root = checkpoint.root;
    const std::string text = journal::format_checkpoint(checkpoint);
    std::string lines = line(text, keys.secret_key);
    if (manner == Manner::false_signature)
      lines =
          journal::cosign_note_line("another\n1\n", {name, crypto::Signer(keys.secret_key)}, now_s);
    if (manner == Manner::other_key) lines = line(text, other.secret_key);
    if (manner == Manner::twice) lines += lines;
    if (manner == Manner::copied_key_id) lines += copied_line;
    return WitnessReply{200, "text/plain", lines};
  }
  Result<WitnessReply> show() const {
    if (manner != Manner::shows_more) return WitnessReply{404, "text/plain", "nothing\n"};
    return WitnessReply{200, "text/plain", shown_note};
  }

 private:
  crypto::SignatureKeyPair other = crypto::generate_signature_keys();
};

class FakeLink final : public WitnessLink {
 public:
  explicit FakeLink(std::map<std::string, FakeWitness>& witnesses) : witnesses_(witnesses) {}
  void add_checkpoint(const sealing::Witness& witness, const std::string& body,
                      Done done) override {
    done(witnesses_.at(witness.name).add(body));
  }
  void read_witnessed(const sealing::Witness& witness, Done done) override {
    done(witnesses_.at(witness.name).show());
  }

 private:
  std::map<std::string, FakeWitness>& witnesses_;
};

class MemoryCosignatures final : public CosignatureArchive {
 public:
  void store(const std::vector<StoredCosignature>& cosignatures) override {
    if (is_away) throw std::runtime_error("away");
    stored.insert(stored.end(), cosignatures.begin(), cosignatures.end());
  }
  std::vector<std::string> load_newest_notes(std::size_t) override { return notes; }
  std::vector<StoredCosignature> stored;
  std::vector<std::string> notes;
  bool is_away = false;
};

/// Answers proofs from leaf hashes; nothing else is asked of it here.
class ProofReader final : public JournalReader {
 public:
  explicit ProofReader(const std::vector<Digest>& leaves) : leaves_(leaves) {}
  void read_proofs(const domain::Origin&, std::vector<ProofWish> wishes,
                   std::function<void(Result<std::vector<journal::ProofPath>>)> done) override {
    std::vector<journal::ProofPath> paths;
    for (const ProofWish& wish : wishes)
      paths.push_back(journal::prove_consistency(wish.from, std::span(leaves_).first(wish.size)));
    done(std::move(paths));
  }
  void read_channel(const domain::Origin&, const ChannelId&, std::uint64_t, std::uint32_t, bool,
                    std::function<void(Result<wire::ItemPage>)>) override {}
  void read_directory(const domain::Origin&, std::uint64_t, std::uint32_t,
                      std::function<void(Result<wire::DirectoryPage>)>) override {}
  void read_name_cards(const domain::Origin&, std::vector<DeviceId>,
                       std::function<void(Result<wire::NameCards>)>) override {}
  void find_entries(const domain::Origin&, const DeviceId&, const ChannelId&,
                    std::vector<MessageId>,
                    std::function<void(Result<wire::FoundEntries>)>) override {}
  void read_receipts(const domain::Origin&, const ChannelId&, std::uint64_t, const DeviceId&,
                     std::function<void(Result<wire::ReceiptPage>)>) override {}
  void read_alerts(const domain::Origin&, const AgencyId&, std::vector<UnitId>, std::uint64_t,
                   std::uint32_t, std::function<void(Result<wire::AlertPage>)>) override {}
  void read_tile(const domain::Origin&, std::uint64_t, const journal::TileAddress&,
                 std::function<void(Result<Bytes>)>) override {}
  void read_leaf(const domain::Origin&, std::uint64_t,
                 std::function<void(Result<Bytes>)>) override {}
  void find_leaves(const domain::Origin&, AuditWish,
                   std::function<void(Result<wire::AuditPage>)>) override {}

 private:
  const std::vector<Digest>& leaves_;
};

/// Police, court and an NGO each run one; two of the first kinds and one NGO must agree.
class WitnessStage {
 public:
  WitnessStage() {
    for (const char* name : {"w.court", "w.ngo", "w.police"})
      witnesses.emplace(name, FakeWitness(name));
    sealing::Genesis genesis;
    genesis.origin = "journal.test";
    genesis.journal_key = journal_.public_key;
    genesis.server_spki = crypto::random_id<Digest>();
    genesis.governance_quorum = 1;
    AgencyId id;
    for (const AgencyKind kind : {AgencyKind::court, AgencyKind::ngo, AgencyKind::police}) {
      ++id.bytes[0];
      const auto& root = roots_.emplace_back(crypto::generate_signature_keys());
      genesis.agencies.push_back({id, kind, std::string(name_of(kind)), root.public_key});
    }
    std::size_t place = 0;
    for (const auto& [name, witness] : witnesses)
      genesis.witnesses.push_back(
          {name, witness.keys.public_key, witness.tls_spki, genesis.agencies[place++].id});
    genesis.witness_quorum = {{2, {AgencyKind::police, AgencyKind::court}}, {1, {AgencyKind::ngo}}};
    sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
    for (std::size_t i = 0; i < roots_.size(); ++i)
      signed_genesis.signatures.push_back(
          {genesis.agencies[i].id,
           crypto::Signer(roots_[i].secret_key).sign("genesis", signed_genesis.content)});
    auto directory = std::make_shared<sealing::Directory>();
    if (!directory->apply(journal::LeafKind::genesis, sealing::encode_genesis_body(signed_genesis),
                          0, 1))
      throw std::runtime_error("the genesis is refused");
    view.publish(Publication{1, 1, std::move(directory), nullptr, {}});
    for (auto& [name, witness] : witnesses) witness.now_s = clock.now_ms() / 1000;
  }

  /// So many leaves, signed by the journal.
  std::string note_over(std::uint64_t size) {
    while (leaves.size() < size)
      leaves.push_back(journal::hash_leaf(as_bytes(std::to_string(leaves.size()))));
    journal::MerkleFrontier tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaves[i]);
    return journal::sign_checkpoint({"journal.test", size, tree.root(), 1, leaves[0]},
                                    {"journal.test", crypto::Signer(journal_.secret_key)});
  }
  void grow_to(std::uint64_t size) {
    const std::string note = note_over(size);
    view.publish(SignedCheckpoint{size, journal::read_unverified_checkpoint(note)->root, note});
  }
  FakeWitness& court() { return witnesses.at("w.court"); }
  FakeWitness& ngo() { return witnesses.at("w.ngo"); }
  FakeWitness& police() { return witnesses.at("w.police"); }

  WitnessDeskSettings settings() const {
    WitnessDeskSettings made;
    made.first_pause_ms = 1'000;
    return made;
  }
  std::size_t told(WitnessNews::What what) const {
    std::size_t count = 0;
    for (const WitnessNews& each : news) count += each.what == what ? 1 : 0;
    return count;
  }

  std::map<std::string, FakeWitness> witnesses;
  std::vector<Digest> leaves;
  ManualClock clock;
  JournalView view;
  RecordingListener listener;
  MemoryCosignatures archive;
  std::vector<WitnessNews> news;
  FakeLink link{witnesses};
  ProofReader reader{leaves};
  WitnessDesk desk{view,    reader,     link,
                   archive, listener,   clock,
                   clock,   settings(), [this](const WitnessNews& each) { news.push_back(each); }};

 private:
  crypto::SignatureKeyPair journal_ = crypto::generate_signature_keys();
  std::vector<crypto::SignatureKeyPair> roots_;
};

}  // namespace oberih::application
