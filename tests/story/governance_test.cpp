// SPDX-License-Identifier: Apache-2.0
// Devices and governance with the real programs: further devices, renewal, revocation of a person
// and by a root; an agency admitted, a root replaced, the journal's and the server's keys changed.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string field_of(const std::string& json, const std::string& key) {
  const auto at = json.find('"' + key + "\":\"");
  if (at == std::string::npos) return {};
  const auto from = at + key.size() + 4;
  return json.substr(from, json.find('"', from) - from);
}

class Governing : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(Deployment::four_officers());
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static Finished ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static Finished server_ok(const std::string& command, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberihd(command, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::string file(const std::string& name) { return deployment->folder() / name; }

  /// A device that asks with an invitation; the two fingerprints that its holder and the
  /// administrator see.
  static std::pair<std::string, std::string> enrol(const std::string& admin,
                                                   const std::string& profile,
                                                   std::vector<std::string> invite,
                                                   const std::string& name) {
    invite.insert(invite.begin(), {"device", "invite", "--out", file(profile + ".invitation")});
    ok(admin, invite);
    const std::string asked =
        ok(profile, {"--json", "device", "request", "--invitation", file(profile + ".invitation"),
                     "--name", name, "--out", file(profile + ".request")})
            .out;
    const std::string certified =
        ok(admin, {"--json", "device", "certify", "--yes", "--request", file(profile + ".request")})
            .out;
    ok(profile, {"unlock"});
    return {field_of(asked, "fingerprint"), field_of(certified, "fingerprint")};
  }
  static void sign(const std::string& change, const std::vector<std::string>& roots) {
    for (const std::string& root : roots)
      ok("investigator",
         {"governance", "sign", "--yes", "--root", file(root + ".root"), file(change)});
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> Governing::deployment;

// -- devices --------------------------------------------------------------------------------------

TEST_F(Governing, a_both_sides_of_an_enrolment_see_one_fingerprint_and_a_changed_request_fails) {
  const auto [holder, administrator] =
      enrol("police-admin", "colleague", {"--role", "investigator"}, "Слідчий Колега");
  EXPECT_FALSE(holder.empty());
  EXPECT_EQ(holder, administrator);
  std::string request = read_file(file("colleague.request"));
  const auto content = request.find("\"content\": \"") + 12;
  request[content + 60] = request[content + 60] == 'A' ? 'B' : 'A';
  write_file(file("changed.request"), request);
  const Finished changed = deployment->oberih(
      "police-admin", {"device", "certify", "--yes", "--request", file("changed.request")});
  EXPECT_EQ(changed.exit_code, 65) << changed.out << changed.err;
  const Finished foreign = deployment->oberih(
      "court-admin", {"device", "certify", "--yes", "--request", file("colleague.request")});
  EXPECT_EQ(foreign.exit_code, 77) << "another agency's request: " << foreign.out << foreign.err;
  const Finished not_allowed = deployment->oberih(
      "police-admin", {"device", "invite", "--role", "judge", "--out", file("judge.invitation")});
  EXPECT_EQ(not_allowed.exit_code, 77) << not_allowed.err;
}

TEST_F(Governing, b_further_device_of_a_person_is_announced_as_theirs_and_warned_of_its_end) {
  enrol("police-admin", "investigator-2",
        {"--role", "investigator", "--person", "Слідча Поліція", "--days", "20"}, "Слідча Поліція");
  const std::string first = ok("investigator", {"--json", "device", "show"}).out;
  const Finished second = ok("investigator-2", {"--json", "device", "show"});
  EXPECT_EQ(field_of(first, "person"), field_of(second.out, "person"));
  EXPECT_NE(field_of(first, "device"), field_of(second.out, "device"));
  EXPECT_TRUE(holds(second.err, "certificate ends")) << second.err;
  EXPECT_FALSE(holds(second.out, "certificate ends")) << "scripts read standard output";
  EXPECT_FALSE(holds(ok("investigator", {"status"}).err, "certificate ends"));

  const std::string expiring = ok("police-admin", {"device", "list", "--expiring"}).out;
  EXPECT_TRUE(holds(expiring, field_of(second.out, "device").substr(0, 8))) << expiring;
  EXPECT_FALSE(holds(expiring, field_of(first, "device").substr(0, 8))) << expiring;
  EXPECT_TRUE(holds(ok("police-admin", {"status"}).out, "Expiring    1")) << "told to the admin";

  const Finished other_person = deployment->oberih(
      "colleague", {"device", "request", "--invitation", file("investigator-2.invitation"),
                    "--name", "Слідчий Колега", "--out", file("wrong.request")});
  EXPECT_EQ(other_person.exit_code, 64) << "the invitation is another person's";
}

TEST_F(Governing, c_renewal_repeats_the_keys_and_ends_later) {
  const std::string before = ok("investigator-2", {"--json", "device", "show"}).out;
  const Finished shown = [&] {
    ok("police-admin", {"device", "invite", "--role", "investigator", "--out", file("renewal")});
    ok("investigator-2", {"device", "request", "--invitation", file("renewal"), "--name",
                          "Слідча Поліція", "--out", file("renewal.request")});
    return ok("police-admin", {"device", "certify", "--yes", "--request", file("renewal.request")});
  }();
  EXPECT_TRUE(holds(shown.out, "renewal")) << shown.out;
  const Finished after = ok("investigator-2", {"--json", "device", "show"});
  EXPECT_EQ(field_of(before, "signature_key"), field_of(after.out, "signature_key"));
  EXPECT_EQ(field_of(before, "device"), field_of(after.out, "device"));
  EXPECT_FALSE(holds(after.err, "certificate ends")) << after.err;
  const Finished again = deployment->oberih(
      "police-admin", {"device", "certify", "--yes", "--request", file("renewal.request")});
  EXPECT_EQ(again.exit_code, 65) << "a renewal that does not end later: " << again.err;
}

TEST_F(Governing, d_person_is_revoked_with_every_device_and_live_sessions_end) {
  ok("investigator-2", {"channel", "create", "--kind", "ordinary", "--title", "live"});
  auto follower =
      deployment->oberih_in_background("investigator-2", {"message", "follow", "live"}, "live.out");
  ok("investigator-2", {"message", "post", "live", "ще тут"});
  ASSERT_TRUE(follower->wait_for_output("ще тут")) << follower->output();
  const Finished unconfirmed = deployment->oberih(
      "police-admin", {"device", "revoke", "--person", "Слідча Поліція", "--reason", "lost"});
  EXPECT_EQ(unconfirmed.exit_code, 64) << "nobody can be asked: " << unconfirmed.err;
  EXPECT_TRUE(holds(unconfirmed.out, deployment->device_of("investigator-2")))
      << "all are listed before asking: " << unconfirmed.out;
  const std::string first = deployment->device_of("investigator");
  const Finished stranger =
      deployment->oberih("court-admin", {"device", "revoke", first, "--reason", "lost"});
  EXPECT_EQ(stranger.exit_code, 77) << stranger.err;
  const std::string revoked = ok("police-admin", {"device", "revoke", "--person", "Слідча Поліція",
                                                  "--reason", "lost", "--yes"})
                                  .out;
  EXPECT_TRUE(holds(revoked, first)) << revoked;
  for (int tries = 0; tries < 100 && follower->is_running(); ++tries) usleep(100'000);
  EXPECT_FALSE(follower->is_running()) << "a revoked device's session goes on";
  EXPECT_EQ(deployment->oberih("investigator", {"channel", "list"}).exit_code, 77);
  EXPECT_EQ(deployment->oberih("investigator-2", {"channel", "list"}).exit_code, 77);
  EXPECT_EQ(deployment
                ->oberih("police-admin", {"device", "revoke", "--person", "Слідча Поліція",
                                          "--reason", "lost", "--yes"})
                .exit_code,
            69);
}

TEST_F(Governing, e_root_revokes_offline) {
  const std::string device = deployment->device_of("colleague");
  ok("police-admin", {"agency", "revoke", "--root", file("police.root"), "--device", device,
                      "--reason", "misuse", "--out", file("misuse.leaf"), "--yes"});
  server_ok("directory append", {file("misuse.leaf")});
  EXPECT_EQ(deployment->oberih("colleague", {"channel", "list"}).exit_code, 77);
  ok("police-admin", {"agency", "revoke", "--root", file("court.root"), "--device",
                      deployment->device_of("prosecutor"), "--reason", "lost", "--out",
                      file("foreign.leaf"), "--yes"});
  EXPECT_EQ(deployment->oberihd("directory append", {file("foreign.leaf")}).exit_code, 77);
}

// -- governance -----------------------------------------------------------------------------------

TEST_F(Governing, f_agency_is_admitted_by_a_quorum_and_enrols_its_people) {
  ok("ngo-admin", {"agency", "create", "--kind", "ngo", "--name", "Мрія", "--root",
                   file("mriya.root"), "--card", file("mriya.agency")});
  const std::string proposed = ok("ngo-admin", {"governance", "propose", "admit-agency", "--card",
                                                file("mriya.agency"), "--out", file("admit")})
                                   .out;
  EXPECT_TRUE(holds(proposed, "Мрія")) << proposed;
  sign("admit", {"police", "court"});
  EXPECT_EQ(deployment->oberihd("directory append", {file("admit")}).exit_code, 77)
      << "two of three roots, and the newcomer's is missing";
  sign("admit", {"ngo", "mriya"});
  const std::string shown = ok("ngo-admin", {"governance", "show", file("admit")}).out;
  EXPECT_TRUE(holds(shown, "signed by 3 roots")) << shown;
  server_ok("directory append", {file("admit")});
  EXPECT_EQ(deployment->oberihd("directory append", {file("admit")}).exit_code, 70) << "twice";

  const Finished told = ok("prosecutor", {"channel", "list"});
  EXPECT_TRUE(holds(told.err, "Governance changed")) << told.err;
  EXPECT_FALSE(holds(ok("prosecutor", {"channel", "list"}).err, "Governance changed")) << "once";
  const std::string log = ok("prosecutor", {"governance", "log"}).out;
  EXPECT_TRUE(holds(log, "Мрія")) << log;
  EXPECT_TRUE(holds(log, "Національна поліція")) << log;

  ok("mriya-admin",
     {"profile", "create", "--server", "127.0.0.1:" + std::to_string(deployment->port()),
      "--genesis", field_of(ok("prosecutor", {"--json", "profile", "show"}).out, "genesis")});
  ok("mriya-admin",
     {"device", "request", "--agency", file("mriya.agency"), "--role", "agency_admin", "--name",
      "Адміністраторка Мрії", "--out", file("mriya.request")});
  ok("mriya-admin", {"agency", "certify", "--yes", "--root", file("mriya.root"), "--request",
                     file("mriya.request"), "--out", file("mriya.leaf")});
  server_ok("directory append", {file("mriya.leaf")});
  ok("mriya-admin", {"unlock"});
  enrol("mriya-admin", "helper", {"--role", "caseworker"}, "Помічниця Мрії");
  ok("helper", {"channel", "create", "--kind", "ordinary", "--title", "мрія"});
}

TEST_F(Governing, g_compromised_root_is_replaced_and_its_certificates_disowned) {
  const std::string clerk = deployment->device_of("clerk");
  ok("court-admin", {"agency", "new-root", "--card", file("court.agency"), "--root",
                     file("court2.root"), "--out", file("court2.agency")});
  ok("ngo-admin", {"governance", "propose", "replace-root", "--card", file("court2.agency"),
                   "--compromised", "--disown", clerk, "--out", file("court-root")});
  const Finished by_old = deployment->oberih("ngo-admin", {"governance", "sign", "--yes", "--root",
                                                           file("court.root"), file("court-root")});
  EXPECT_EQ(by_old.exit_code, 64) << "a compromised root signs nothing: " << by_old.err;
  sign("court-root", {"police", "prosecution", "ngo", "court2"});
  server_ok("directory append", {file("court-root")});
  EXPECT_EQ(deployment->oberih("clerk", {"channel", "list"}).exit_code, 77) << "disowned";
  ok("court-admin", {"status"});

  const auto certify = [&](const std::string& root, const std::string& leaf) {
    ok("court-admin-2", {"agency", "certify", "--yes", "--root", file(root), "--request",
                         file("court-admin-2.request"), "--out", file(leaf)});
    return deployment->oberihd("directory append", {file(leaf)}).exit_code;
  };
  ok("court-admin-2",
     {"profile", "create", "--server", "127.0.0.1:" + std::to_string(deployment->port()),
      "--genesis", field_of(ok("prosecutor", {"--json", "profile", "show"}).out, "genesis")});
  ok("court-admin-2",
     {"device", "request", "--agency", file("court2.agency"), "--role", "agency_admin", "--name",
      "Друга адміністраторка", "--out", file("court-admin-2.request")});
  EXPECT_EQ(certify("court.root", "old-root.leaf"), 65) << "the old root certifies nobody";
  EXPECT_EQ(certify("court2.root", "new-root.leaf"), 0);
}

TEST_F(Governing, h_journal_and_server_keys_change_while_a_client_is_away) {
  const std::string key_line = server_ok("keys new-journal-key", {}).out;
  const std::string key = key_line.substr(key_line.find("--key ") + 6, 64);
  ok("ngo-admin", {"governance", "propose", "journal-key", "--key", key, "--out", file("journal")});
  sign("journal", {"police", "prosecution", "ngo"});
  EXPECT_EQ(deployment->oberihd("directory append", {file("journal")}).exit_code, 65)
      << "the new key has not signed";
  server_ok("keys sign", {file("journal")});
  server_ok("directory append", {file("journal")});
  ok("prosecutor", {"channel", "create", "--kind", "ordinary", "--title", "після зміни"});
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;

  const std::string tls_line = server_ok("keys new-server-key", {}).out;
  const std::string spki = tls_line.substr(tls_line.find("--key ") + 6, 64);
  ok("ngo-admin", {"governance", "propose", "server-key", "--key", spki, "--out", file("server")});
  sign("server", {"police", "prosecution", "ngo"});
  server_ok("directory append", {file("server")});
  EXPECT_NE(deployment->oberih("caseworker", {"channel", "list"}).exit_code, 0)
      << "the server still shows the key that is no longer in force";
  deployment->stop_server(SIGTERM);
  deployment->start_server();
  for (const std::string profile : {"prosecutor", "caseworker", "helper"}) {
    const Finished found = ok(profile, {"status"});
    EXPECT_TRUE(holds(found.err, "Governance changed") || profile == "caseworker") << found.err;
  }
  const std::string log = ok("helper", {"governance", "log"}).out;
  EXPECT_TRUE(holds(log, key)) << log;
  EXPECT_TRUE(holds(log, spki)) << log;
  enrol("ngo-admin", "newcomer", {"--role", "caseworker"}, "Нова Працівниця");
  ok("newcomer", {"channel", "list"});
}

/// The card that whoever runs a witness hands out.
std::string witness_card(const std::string& name, const AgencyId& agency) {
  const crypto::Signer key(crypto::random_secret<SignatureSecretKey>());
  return wire::format_witness_card({name, key.public_key(), crypto::random_id<Digest>(), agency});
}

std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Governing, i_witnesses_join_with_a_quorum_that_can_be_reached) {
  const auto police = wire::parse_agency_card(text_of_file(file("police.agency")));
  ASSERT_TRUE(police) << police.error().detail;
  std::ofstream(file("police.witness")) << witness_card("witness.police.test", police->id);
  std::ofstream(file("stranger.witness"))
      << witness_card("witness.stranger.test", crypto::random_id<AgencyId>());
  const std::vector<std::string> propose = {"governance", "propose", "witnesses", "--out",
                                            file("witnesses")};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), propose.begin(), propose.end());
    return deployment->oberih("ngo-admin", more);
  };
  EXPECT_EQ(with({}).exit_code, 64) << "says what is missing";
  EXPECT_EQ(with({"--add", file("stranger.witness")}).exit_code, 69);
  EXPECT_EQ(with({"--remove", "witness.nobody.test"}).exit_code, 69);
  EXPECT_EQ(with({"--add", file("police.witness"), "--need", "two:police"}).exit_code, 64);
  const Finished unreachable = with({"--add", file("police.witness"), "--need", "2:police,court"});
  EXPECT_EQ(unreachable.exit_code, 64);
  EXPECT_TRUE(holds(unreachable.err, "asks for 2")) << unreachable.err;

  const Finished proposed = with({"--add", file("police.witness"), "--need", "1:police,court"});
  EXPECT_EQ(proposed.exit_code, 0) << proposed.err;
  EXPECT_TRUE(holds(proposed.out, "witness.police.test")) << proposed.out;
  EXPECT_TRUE(holds(proposed.out, "needs 1 of: police, court")) << proposed.out;
  sign("witnesses", {"police", "prosecution", "ngo"});
  server_ok("directory append", {file("witnesses")});
  const std::string log = ok("prosecutor", {"governance", "log"}).out;
  EXPECT_TRUE(holds(log, "witness.police.test")) << log;

  const std::vector<std::string> away = {"--remove", "witness.police.test"};
  EXPECT_EQ(with(away).exit_code, 64) << "the quorum that stays could not be reached any more";
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Governing, j_server_without_the_key_that_the_directory_names_refuses_to_serve) {
  deployment->stop_server(SIGTERM);
  for (const auto& entry : std::filesystem::directory_iterator(deployment->state_directory())) {
    const std::string name = entry.path().filename();
    if (name.starts_with("journal-")) std::filesystem::rename(entry.path(), file("kept.key"));
  }
  const Finished served = deployment->oberihd("serve");
  EXPECT_NE(served.exit_code, 0);
  EXPECT_TRUE(holds(served.err, "the directory names")) << served.err;
  std::filesystem::rename(file("kept.key"), deployment->state_directory() / "journal-kept.key");
  deployment->start_server();
  ok("prosecutor", {"channel", "list"});
}

}  // namespace
}  // namespace oberih::test
