// SPDX-License-Identifier: Apache-2.0
// The doorbell with the real programs: what is urgent calls the agencies that it is for, by a
// program of the operator's that is told two ids and nothing else.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string no_unit(32, '0');
const std::string matter = "Негайно: вул. Канарки 17";

class Doorbell : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place = std::make_unique<TemporaryFolder>();
    // A file of its own for each ring, whole as soon as it has its name.
    write_file(hook(), "#!/bin/sh\n[ -e " + file("broken") + " ] && exit 3\nmade=" + file("made") +
                           ".$$\n{ echo \"$# $*\"; echo; env; echo; ls -l /proc/$$/fd; } > $made\n"
                           "mv $made " +
                           file("ring") + ".$$\n");
    chmod(hook().c_str(), 0700);
    deployment = std::make_unique<Deployment>(Deployment::four_officers(),
                                              "doorbell_command = " + hook() + "\n");
    deployment->stop_server(SIGTERM);
    deployment->set_server_environment({{"OPERATORS_CANARY", "a secret of the operator"}});
    deployment->start_server();
    expect_ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "Ніч"});
    for (const char* profile : {"prosecutor", "caseworker"})
      expect_ok("investigator", {"channel", "add", "Ніч", "--device", device(profile)});
  }
  static void TearDownTestSuite() {
    deployment.reset();
    place.reset();
  }

  static std::string file(const std::string& name) { return place->path() / name; }
  static std::string hook() { return file("hook"); }
  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static json object(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::string line;
    return std::getline(out, line) ? json::parse(line) : json();
  }
  static std::string agency_of(const std::string& profile) {
    return object(profile, {"device", "show", device(profile)}).at("agency");
  }
  static std::vector<std::string> rings() {
    std::vector<std::string> texts;
    for (const auto& each : fs::directory_iterator(place->path()))
      if (each.path().filename().string().starts_with("ring."))
        texts.push_back(read_file(each.path()));
    return texts;
  }
  /// The arguments of each, as soon as there are so many.
  static std::multiset<std::string> wait_for_rings(std::size_t count) {
    for (int tries = 0; tries < 1'200 && rings().size() < count; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::multiset<std::string> arguments;
    for (const std::string& text : rings()) arguments.insert(text.substr(0, text.find('\n')));
    return arguments;
  }
  static void forget_rings() {
    for (const auto& each : fs::directory_iterator(place->path()))
      if (each.path().filename().string().starts_with("ring.")) fs::remove(each.path());
  }

  static std::unique_ptr<TemporaryFolder> place;
  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<TemporaryFolder> Doorbell::place;
std::unique_ptr<Deployment> Doorbell::deployment;

TEST_F(Doorbell, a_1_an_urgent_task_calls_the_unit_that_is_asked_and_nobody_else) {
  expect_ok("prosecution-admin",
            {"unit", "create", "--name", "Нічна зміна", "--member", "Прокурор Одеса"});
  const std::string unit = object("prosecutor", {"unit", "show", "Нічна зміна"}).at("unit");
  expect_ok("investigator", {"message", "post", "Ніч", "Завтра о десятій"});
  expect_ok("investigator",
            {"task", "propose", "Ніч", "Не термінове", "--unit", "Нічна зміна", "--text", "x"});
  expect_ok("investigator", {"task", "propose", "Ніч", matter, "--unit", "Нічна зміна", "--urgent",
                             "--text", matter});
  const std::multiset<std::string> expected{"2 " + agency_of("prosecutor") + " " + unit};
  EXPECT_EQ(wait_for_rings(1), expected) << "what was not urgent came before, and called nobody";
  forget_rings();
}

TEST_F(Doorbell, a_2_an_urgent_message_calls_each_other_agency_of_the_roster) {
  const json posted = object("investigator", {"message", "post", "Ніч", matter, "--urgent"});
  const std::multiset<std::string> expected{"2 " + agency_of("prosecutor") + " " + no_unit,
                                            "2 " + agency_of("caseworker") + " " + no_unit};
  EXPECT_EQ(wait_for_rings(2), expected);
  for (const std::string& text : rings()) {
    for (const std::string& secret :
         {matter, std::string("канар"), std::string("Ніч"), posted.at("channel").get<std::string>(),
          std::string("OPERATORS_CANARY"), std::string("OBERIH_"), std::string("oberihd"),
          deployment->state_directory().string(), std::string("socket:")})
      EXPECT_EQ(text.find(secret), std::string::npos) << secret << "\n" << text;
    EXPECT_NE(text.find("LANG=C.UTF-8"), std::string::npos) << text;
  }
}

TEST_F(Doorbell, a_3_a_program_that_fails_stands_in_the_log_and_stops_nobody) {
  write_file(file("broken"), "yes");
  expect_ok("prosecutor", {"message", "post", "Ніч", matter, "--urgent"});
  std::string log;
  for (int tries = 0; tries < 1'200 && log.find("exit code 3") == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    log = read_file(deployment->server_log());
  }
  EXPECT_NE(log.find("doorbell_failed"), std::string::npos) << log;
  EXPECT_NE(log.find("exit code 3"), std::string::npos) << log;
  EXPECT_EQ(log.find(matter), std::string::npos);
  expect_ok("prosecutor", {"message", "post", "Ніч", "Далі"});
  EXPECT_EQ(deployment->stop_server(SIGTERM), 0);
  deployment->start_server();
}

TEST_F(Doorbell, b_1_the_example_sends_a_mail_without_content_to_the_agencys_address) {
  const std::string agency(32, 'a'), unit(32, 'b');
  fs::create_directory(file("addresses"));
  write_file(file("addresses") + "/" + agency, "# duty\nduty@example.org\n-oProblem@example.org\n");
  write_file(file("sendmail"), "#!/bin/sh\n{ echo \"$*\"; cat; } > " + file("mail") + "\n");
  chmod(file("sendmail").c_str(), 0700);
  const Environment environment{{"OBERIH_DOORBELL_ADDRESSES", file("addresses")},
                                {"OBERIH_DOORBELL_SENDMAIL", file("sendmail")}};
  const std::string example = OBERIH_SOURCE "/ops/doorbell-mail";
  const Finished sent = run_process({example, agency, unit}, environment);
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  const std::string mail = read_file(file("mail"));
  EXPECT_TRUE(mail.starts_with("-i -- duty@example.org\n")) << mail;
  EXPECT_NE(mail.find("Open oberih inbox."), std::string::npos) << mail;
  EXPECT_EQ(mail.find(agency), std::string::npos);
  write_file(file("addresses") + "/" + unit, "night@example.org\n");
  EXPECT_EQ(run_process({example, agency, unit}, environment).exit_code, 0);
  EXPECT_TRUE(read_file(file("mail")).starts_with("-i -- night@example.org\n"));
  EXPECT_EQ(run_process({example, std::string(32, 'c'), no_unit}, environment).exit_code, 69);
  EXPECT_EQ(run_process({example, "../../etc", unit}, environment).exit_code, 64);
}

}  // namespace
}  // namespace oberih::test
