// SPDX-License-Identifier: Apache-2.0
// Witnesses with the real programs: one alone and the cases of C2SP tlog-witness, killed between
// answers; then three of a journal, its quorum, one killed and back, a lost state, and yesterday's
// database, which only the witnesses find out.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <future>

#include "protocol/crypto/certificate.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/journal/witness_request.hpp"
#include "protocol/socket/http_call.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "running_witness.hpp"
#include "time_authority.hpp"

namespace oberih::test {
namespace {

const std::string client = RunningWitness::program();

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// -- one witness alone ----------------------------------------------------------------------------

/// A journal that only the test has, and a witness that watches it.
class LoneWitness : public testing::Test {
 protected:
  LoneWitness() {
    const sealing::Agency police{AgencyId{}, AgencyKind::police, "Police", root_.public_key};
    sealing::Agency agency = police;
    agency.id.bytes[0] = 1;
    write_file(file("police.agency"), wire::format_agency_card(agency));
    sealing::Genesis genesis;
    genesis.origin = "journal.test";
    genesis.journal_key = keys_.public_key;
    genesis.server_spki.bytes[0] = 1;
    genesis.governance_quorum = 1;
    genesis.agencies = {agency};
    sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
    signed_genesis.signatures = {
        {agency.id, crypto::Signer(root_.secret_key).sign("genesis", signed_genesis.content)}};
    write_file(file("genesis"), wire::format_genesis_file(signed_genesis));
    hash_ = encoding::encode_hex(sealing::genesis_hash(signed_genesis.content));
    for (std::uint8_t i = 0; i < 60; ++i) leaves_.push_back(journal::hash_leaf(Bytes{i}));
    witness_ = std::make_unique<RunningWitness>(folder_.path(), "w.police", file("police.agency"));
  }
  std::string file(const std::string& name) const { return folder_.path() / name; }
  std::string note(std::uint64_t size, const std::string& key_name = "journal.test") const {
    journal::MerkleFrontier tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaves_[i]);
    return journal::sign_checkpoint({key_name, size, tree.root(), 1, leaves_[0]},
                                    {key_name, crypto::Signer(keys_.secret_key)});
  }
  std::string body(std::uint64_t old_size, std::uint64_t size) const {
    return journal::format_add_checkpoint(
        {old_size, journal::prove_consistency(old_size, std::span(leaves_).first(size)),
         note(size)});
  }
  socket::HttpReply call(const std::string& method, const std::string& target,
                         const std::string& text = {}) {
    socket::HttpCall request;
    request.host = "127.0.0.1";
    request.port = witness_->port();
    request.method = method;
    request.target = target;
    request.body = text;
    std::promise<Result<socket::HttpReply>> answered;
    socket::call_https(
        loop_, request, witness_->spki(), identity_,
        [&](Result<socket::HttpReply> answer) { answered.set_value(std::move(answer)); });
    Result<socket::HttpReply> answer = answered.get_future().get();
    EXPECT_TRUE(answer) << answer.error().detail;
    return answer ? *answer : socket::HttpReply{};
  }
  socket::HttpReply add(const std::string& text) { return call("POST", "/add-checkpoint", text); }

  TemporaryFolder folder_;
  crypto::SignatureKeyPair root_ = crypto::generate_signature_keys();
  crypto::SignatureKeyPair keys_ = crypto::generate_signature_keys();
  std::string hash_;
  std::vector<Digest> leaves_;
  std::unique_ptr<RunningWitness> witness_;
  crypto::TlsKeyAndCertificate tls_ = crypto::generate_tls_identity();
  socket::TlsIdentity identity_{std::move(tls_.private_key_pem), tls_.certificate_pem};
  socket::EventLoop loop_{1};
};

TEST_F(LoneWitness, answers_as_c2sp_says_over_https) {
  EXPECT_EQ(witness_->trust(file("genesis"), std::string(64, '0')).exit_code, 64)
      << "another genesis than was compared";
  ASSERT_EQ(witness_->trust(file("genesis"), hash_).exit_code, 0);
  witness_->start();
  EXPECT_TRUE(holds(witness_->output(), "has no state")) << witness_->output();
  EXPECT_EQ(add(body(0, 5)).status, 503u) << "nothing is cosigned silently";
  EXPECT_EQ(call("GET", "/checkpoint").status, 404u);
  witness_->stop(SIGTERM);
  witness_->start({"--accept-first"});
  const socket::HttpReply first = add(body(0, 5));
  ASSERT_EQ(first.status, 200u) << first.body;
  EXPECT_TRUE(first.body.starts_with("\xe2\x80\x94 w.police ")) << first.body;
  EXPECT_EQ(add(body(5, 9)).status, 200u);
  const socket::HttpReply stale = add(body(5, 9));
  EXPECT_EQ(stale.status, 409u);
  EXPECT_EQ(stale.content_type, "text/x.tlog.size");
  EXPECT_EQ(stale.body, "9\n");
  EXPECT_EQ(add("old 10\n\n" + note(9)).status, 400u);
  EXPECT_EQ(add("nonsense").status, 400u);
  EXPECT_EQ(add("old 9\n\n" + note(12, "other.test")).status, 404u);
  std::string changed = body(9, 9);
  char& letter = changed[changed.rfind('=') - 8];
  letter = letter == 'A' ? 'B' : 'A';  // still base64
  EXPECT_EQ(add(changed).status, 403u);
  EXPECT_EQ(add("old 9\n\n" + note(12)).status, 422u) << "no proof";
  EXPECT_EQ(call("GET", "/add-checkpoint").status, 405u);
  EXPECT_EQ(add(std::string(journal::add_checkpoint_bytes + 1, 'x')).status, 400u);
  const socket::HttpReply shown = call("GET", "/checkpoint");
  EXPECT_EQ(journal::read_unverified_checkpoint(shown.body)->size, 9u);
  const Finished second = run_process(
      {client, "witness", "run", "--dir", witness_->folder(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 64) << "two processes would have one state: " << second.err;
}

TEST_F(LoneWitness, killed_behind_its_answer_it_never_goes_back) {
  ASSERT_EQ(witness_->trust(file("genesis"), hash_).exit_code, 0);
  witness_->start({"--accept-first"});
  std::uint64_t known = 0;
  for (std::uint64_t size = 3; size < 60; size += 9) {
    ASSERT_EQ(add(body(known, size)).status, 200u);
    known = size;
    witness_->stop(SIGKILL);
    witness_->start();
    EXPECT_EQ(add(body(known - 1, known)).body, std::to_string(known) + "\n");
  }
  write_file(witness_->folder() / "state", note(7));
  witness_->stop(SIGKILL);
  const Finished refused = run_process(
      {client, "witness", "run", "--dir", witness_->folder(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(refused.exit_code, 74) << "a state that it has not signed: " << refused.err;
}

// -- three of a journal ---------------------------------------------------------------------------

class Witnesses : public testing::Test {
 protected:
  Finished ok(const std::vector<std::string>& arguments) {
    Finished finished = deployment_.oberih("investigator", arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  std::string file(const std::string& name) const { return deployment_.folder() / name; }

  void run_three() {
    const std::string genesis = field_of(ok({"--json", "status"}).out, "genesis");
    for (const std::string kind : {"police", "court", "ngo"}) {
      witnesses_.push_back(std::make_unique<RunningWitness>(deployment_.folder(), "w." + kind,
                                                            file(kind + ".agency")));
      ASSERT_EQ(witnesses_.back()->trust(file("genesis"), genesis).exit_code, 0);
      witnesses_.back()->start({"--accept-first"});
    }
  }
  void agree_upon_them() {
    std::vector<std::string> propose = {"governance",     "propose",      "witnesses",
                                        "--out",          file("change"), "--need",
                                        "2:police,court", "--need",       "1:ngo"};
    for (const auto& witness : witnesses_)
      propose.insert(propose.end(), {"--add", witness->folder() / "card.json"});
    ok(propose);
    for (const std::string root : {"police", "prosecution", "court"})
      ok({"governance", "sign", "--yes", "--root", file(root + ".root"), file("change")});
    const Finished appended = deployment_.oberihd("directory append", {file("change")});
    ASSERT_EQ(appended.exit_code, 0) << appended.err;
  }
  void serve_with_them() {
    authority_ = std::make_unique<TimeAuthority>(deployment_.folder() / "authority");
    std::string addresses;
    for (const auto& witness : witnesses_)
      addresses += witness->name() + "=127.0.0.1:" + std::to_string(witness->port()) + " ";
    deployment_.set_server_environment({{"OBERIH_WITNESSES", addresses},
                                        {"OBERIH_WITNESS_TIMEOUT_MS", "1000"},
                                        {"OBERIH_TIMESTAMP_URL", authority_->url()},
                                        {"OBERIH_TIMESTAMP_CA", authority_->root_file()}});
    deployment_.stop_server(SIGTERM);
    deployment_.start_server();
  }
  RunningWitness& court() { return *witnesses_[1]; }
  /// Until `status` says it, at most half a minute.
  std::string status_with(const std::string& words) {
    std::string shown;
    for (int tries = 0; tries < 150; ++tries) {
      shown = deployment_.oberih("investigator", {"status"}).out;
      if (holds(shown, words)) return shown;
      usleep(200'000);
    }
    ADD_FAILURE() << "never said '" << words << "': " << shown
                  << read_file(deployment_.server_log());
    return shown;
  }
  bool log_holds(const std::string& words) {
    for (int tries = 0; tries < 150; ++tries) {
      if (holds(read_file(deployment_.server_log()), words)) return true;
      usleep(200'000);
    }
    ADD_FAILURE() << read_file(deployment_.server_log());
    return false;
  }
  void on_all_databases(const std::string& statement) {
    const Finished done = deployment_.sql(statement, "postgres");
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }

  Deployment deployment_{{{"investigator", "police", "investigator", "Слідча Поліція"}}};
  std::vector<std::unique_ptr<RunningWitness>> witnesses_;
  std::unique_ptr<TimeAuthority> authority_;  // away until it is started
};

TEST_F(Witnesses, quorum_is_shown_missed_and_reached_again_and_finds_a_restored_database) {
  const std::string alone = ok({"status"}).out;
  EXPECT_TRUE(holds(alone, "agreed upon no witnesses"));
  EXPECT_FALSE(holds(alone, "Time-stamp")) << "no authority is configured";
  run_three();
  agree_upon_them();
  serve_with_them();
  const std::string witnessed = status_with("Witnessed   by w.court, w.ngo, w.police at");
  EXPECT_FALSE(holds(witnessed, "unwitnessed")) << witnessed;

  EXPECT_TRUE(log_holds("\"unanchored\"")) << "the authority is away";
  status_with("Time-stamp  unanchored since");
  EXPECT_TRUE(holds(ok({"--lang", "uk", "status"}).out, "без позначки від"));
  EXPECT_TRUE(holds(ok({"status", "--json"}).out, "\"state\":\"unanchored\",\"size\":0"));
  authority_->start();
  EXPECT_TRUE(log_holds("\"anchored\"")) << "and back";
  EXPECT_FALSE(holds(status_with(" leaves, as the server says"), "unanchored"));

  ok({"channel", "create", "--kind", "ordinary", "--title", "416"});
  ok({"message", "post", "416", "Під наглядом свідків."});
  const std::string proof = deployment_.folder() / "416.tlog-proof";
  ok({"entry", "prove", "416#2", "--out", proof});
  for (const char* name : {"w.court", "w.ngo", "w.police"})
    EXPECT_TRUE(holds(read_file(proof), "\xe2\x80\x94 " + std::string(name) + " ")) << name;

  court().stop(SIGKILL);
  ok({"channel", "create", "--kind", "ordinary", "--title", "417"});
  status_with("unwitnessed since");
  ok({"message", "post", "417", "Пишемо й без свідків."});
  court().start();
  status_with("Witnessed   by w.court, w.ngo, w.police at");

  // Yesterday's copy, and the checkpoint beside it: only the witnesses know better.
  deployment_.stop_server(SIGTERM);
  on_all_databases("CREATE DATABASE older TEMPLATE oberih OWNER oberih_owner");
  on_all_databases("GRANT CONNECT ON DATABASE older TO oberih_writer, oberih_reader");
  std::filesystem::copy_file(deployment_.state_directory() / "checkpoint",
                             file("older.checkpoint"));
  deployment_.start_server();
  ok({"message", "post", "417", "Втрачене."});
  status_with("Witnessed   by w.court, w.ngo, w.police at");
  const Finished checked = deployment_.oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_FALSE(holds(checked.out, " 0 cosignatures")) << checked.out;
  EXPECT_FALSE(holds(checked.out, " 0 time-stamps")) << checked.out;
  deployment_.stop_server(SIGTERM);
  EXPECT_EQ(deployment_
                .sql("ALTER TABLE cosignature DISABLE TRIGGER append_only; UPDATE cosignature SET "
                     "cosigned_s = cosigned_s + 1 WHERE witness = 'w.ngo'")
                .exit_code,
            0);
  const Finished changed = deployment_.oberihd("check");
  EXPECT_NE(changed.exit_code, 0);
  EXPECT_TRUE(holds(changed.out + changed.err, "The cosignature of w.ngo")) << changed.out;

  on_all_databases("ALTER DATABASE oberih RENAME TO newer");
  on_all_databases("ALTER DATABASE older RENAME TO oberih");
  std::filesystem::copy_file(file("older.checkpoint"), deployment_.state_directory() / "checkpoint",
                             std::filesystem::copy_options::overwrite_existing);
  const Finished served = deployment_.oberihd(
      "serve", {"--witnesses", "w.court=127.0.0.1:" + std::to_string(court().port())});
  EXPECT_NE(served.exit_code, 0);
  EXPECT_TRUE(holds(served.err, "The witness w.court holds a signed checkpoint")) << served.err;
  EXPECT_TRUE(holds(served.err, "restored to an older state")) << served.err;
}

}  // namespace
}  // namespace oberih::test
