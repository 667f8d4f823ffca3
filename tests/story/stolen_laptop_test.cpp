// SPDX-License-Identifier: Apache-2.0
// The stolen laptop, as a prosecutor could read it: what each person does, and what the programs
// answer. Real processes; the transcript is printed while it is checked.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <iostream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

const std::string question = "Затримано двох підозрюваних. Потрібне погодження.";
const std::string answer = "Погоджено. Готуйте клопотання.";
const std::string warning = "Ноутбук слідчої викрадено. Далі без нього.";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class StolenLaptop : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(
        std::vector<Officer>{{"investigator", "police", "investigator", "Слідча Поліція"},
                             {"supervisor", "police", "supervisor", "Керівник Слідства"},
                             {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"}});
    tell("The investigator opens the case channel 417 and adds the prosecutor.");
    run("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
    run("investigator", {"channel", "add", "417", "--device", deployment->device_of("prosecutor"),
                         "--mandate", "Постанова 417/1"});
    run("investigator", {"message", "post", "417", question});
    run("prosecutor", {"message", "post", "417", answer});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static void tell(const std::string& text) { std::cout << "\n# " << text << '\n'; }
  static Finished run(const std::string& profile, const std::vector<std::string>& arguments,
                      int exit_code = 0) {
    Finished finished = deployment->oberih(profile, arguments);
    std::cout << profile << "$ oberih";
    for (const std::string& argument : arguments)
      std::cout << ' ' << (holds(argument, " ") ? "\"" + argument + "\"" : argument);
    std::cout << '\n' << finished.out << finished.err;
    EXPECT_EQ(finished.exit_code, exit_code);
    return finished;
  }
  static std::string person_of(const std::string& profile) {
    const std::string text = read_file(deployment->profile_folder(profile) / "profile.json");
    const auto at = text.find("\"person\"");
    return text.substr(text.find('"', text.find(':', at)) + 1, 32);
  }
  /// The same person, on a device of their own agency's making.
  static void enrol_new_laptop(const std::string& profile) {
    const std::string stem = deployment->folder() / profile;
    run("police-admin",
        {"device", "invite", "--role", "investigator", "--out", stem + ".invitation"});
    run(profile,
        {"device", "request", "--invitation", stem + ".invitation", "--person",
         person_of("investigator"), "--name", "Слідча Поліція", "--out", stem + ".request"});
    run("police-admin", {"device", "certify", "--yes", "--request", stem + ".request"});
    run(profile, {"unlock"});
  }
  static bool ends_within(const BackgroundProcess& process, std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (process.is_running() && std::chrono::steady_clock::now() < until) usleep(20'000);
    return !process.is_running();
  }
  static void expect_in_order(const std::string& text, const std::vector<std::string>& parts) {
    std::size_t at = 0;
    for (const std::string& part : parts) {
      const std::size_t found = text.find(part, at);
      ASSERT_NE(found, std::string::npos) << part << "\nis missing or out of order in\n" << text;
      at = found + part.size();
    }
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> StolenLaptop::deployment;

TEST_F(StolenLaptop, at_night_is_revoked_reads_nothing_more_and_its_successor_reads_everything) {
  tell("Night. The laptop is stolen unlocked, and the thief looks at what comes in.");
  auto thief =
      deployment->oberih_in_background("investigator", {"message", "follow", "417"}, "thief.out");
  ASSERT_TRUE(thief->wait_for_output(answer)) << thief->output();

  tell("Three in the morning. The supervisor of the investigator's agency revokes it.");
  run("supervisor",
      {"device", "revoke", deployment->device_of("investigator"), "--reason", "lost"});
  EXPECT_TRUE(ends_within(*thief, std::chrono::seconds(10))) << "the thief still follows";
  EXPECT_EQ(thief->stop(SIGTERM), 77);
  std::cout << "(the thief's screen)\n" << thief->output();
  EXPECT_TRUE(holds(thief->output(), "This device is revoked")) << thief->output();

  tell("The prosecutor writes on. The client changes the key first, by itself.");
  const Finished posted = run("prosecutor", {"message", "post", "417", warning});
  EXPECT_TRUE(holds(posted.err, "has a new key without Слідча Поліція")) << posted.err;

  tell("The thief gets nothing of it: not from the server, and not from what the laptop holds.");
  run("investigator", {"message", "read", "417"}, 77);
  const Finished offline = run("investigator", {"message", "read", "417", "--offline"});
  EXPECT_TRUE(holds(offline.out, answer));
  EXPECT_FALSE(holds(offline.out, warning));

  tell("Morning. The investigator gets a new laptop; it is certified for the same person.");
  enrol_new_laptop("investigator-2");
  run("investigator-2", {"message", "read", "417"}, 69);

  tell("Some member's client comes online, for whatever reason. Nobody is asked for anything.");
  const Finished status = run("prosecutor", {"status"});
  EXPECT_TRUE(holds(status.err, "the new device of Слідча Поліція")) << status.err;

  tell("The new laptop reads everything from the beginning, and writes.");
  const Finished read = run("investigator-2", {"message", "read", "417"});
  expect_in_order(read.out, {question, answer, warning});
  EXPECT_FALSE(holds(read.out, "does not open")) << read.out;
  run("investigator-2", {"message", "post", "417", "Знову на зв'язку."});
  expect_in_order(run("prosecutor", {"message", "read", "417", "--all"}).out,
                  {warning, "Знову на зв'язку."});
}

// After the first: it goes on from there.
TEST_F(StolenLaptop, a_member_who_follows_does_all_that_without_a_command) {
  tell("The prosecutor's client follows the channel all night.");
  auto follower = deployment->oberih_in_background(
      "prosecutor", {"message", "follow", "417", "--from-start"}, "follower.out");
  ASSERT_TRUE(follower->wait_for_output("Знову на зв'язку.")) << follower->output();
  tell("This laptop is lost, too.");
  run("supervisor",
      {"device", "revoke", deployment->device_of("investigator-2"), "--reason", "lost"});
  EXPECT_TRUE(follower->wait_for_output("has a new key without Слідча Поліція"))
      << follower->output();
  tell("And the third one is certified.");
  enrol_new_laptop("investigator-3");
  EXPECT_TRUE(follower->wait_for_output("the new device of Слідча Поліція")) << follower->output();
  expect_in_order(run("investigator-3", {"message", "read", "417"}).out,
                  {question, answer, warning, "Знову на зв'язку."});
  run("investigator-3", {"message", "post", "417", "Третій ноутбук."});
  EXPECT_TRUE(follower->wait_for_output("Третій ноутбук.")) << follower->output();
  EXPECT_EQ(follower->stop(SIGINT), 0);
  std::cout << "(the prosecutor's screen)\n" << follower->output();
  const Finished checked = deployment->oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

// Last: it spoils a profile.
TEST_F(StolenLaptop, z_a_key_ring_that_was_swapped_or_damaged_is_named_for_what_it_is) {
  const auto file = deployment->profile_folder("investigator-3") / "key_ring";
  const std::string good = read_file(file);
  const auto put = [&](const std::string& text) {
    std::filesystem::remove(file);
    write_file(file, text);
    std::filesystem::permissions(file, std::filesystem::perms(0600));
  };
  tell("Another device's key ring lies in the profile while it is unlocked.");
  put(read_file(deployment->profile_folder("investigator-2") / "key_ring"));
  EXPECT_TRUE(holds(run("investigator-3", {"channel", "list"}, 77).err, "no longer the one"));
  tell("And after it was locked: the passphrase is the same, the device is not.");
  run("investigator-3", {"lock"});
  EXPECT_TRUE(holds(run("investigator-3", {"channel", "list"}, 74).err, "of another device"));
  tell("A file that was cut short, within its header and behind it.");
  put(good.substr(0, 40));
  EXPECT_TRUE(holds(run("investigator-3", {"channel", "list"}, 74).err, "damaged"));
  put(good.substr(0, good.size() - 1));
  EXPECT_TRUE(holds(run("investigator-3", {"channel", "list"}, 77).err, "cut short"));
  tell("The right one again: nothing was lost.");
  put(good);
  expect_in_order(run("investigator-3", {"message", "read", "417"}).out, {question, answer});
}

}  // namespace
}  // namespace oberih::test
