// SPDX-License-Identifier: Apache-2.0
// The report on an export is read by a judge, in a browser and on a terminal: names and texts that
// strangers chose must drive neither.
#include "client-cli/commands/export_view.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

namespace oberih::client {
namespace {

template <class Id>
Id id_of(std::uint8_t number) {
  Id id;
  id.bytes.fill(number);
  return id;
}

evidence::ExportReport hostile_report() {
  evidence::ExportReport report;
  report.origin = "journal<script>alert(1)</script>";
  report.size = report.leaves = 9;
  report.head.form = evidence::ExportForm::whole;
  const DeviceId device = id_of<DeviceId>(7);
  report.question.auditor = device;
  report.agencies[id_of<AgencyId>(3)] = "Dawn\x1b[31m & <b>";
  report.devices[device] = {id_of<PersonId>(4),
                            id_of<AgencyId>(3),
                            Role::auditor,
                            {},
                            "O'Neil \"<img src=x onerror=alert(1)>\""};
  evidence::ChannelReport& channel = report.channels[id_of<ChannelId>(5)];
  channel.id = id_of<ChannelId>(5);
  channel.kind = ChannelKind::ordinary;
  channel.history = History::full;
  channel.newest_seq = 4;
  channel.stays.push_back({device, RosterRole::member, 1, {3, 1'800'000'000'000}, {}, 0});
  channel.stays.push_back({device, RosterRole::member, 2, {7, 1'800'000'900'000}, {}, 0});
  channel.texts.push_back({4,
                           device,
                           EntryType::message,
                           {8, 1'800'000'950'000},
                           "</li><script>alert(2)</script>\x1b[2J"});
  return report;
}

TEST(ExportView, escapes_what_strangers_wrote) {
  std::ostringstream out, err;
  const Console console(out, err, Language::english, OutputForm::people);
  const std::string page = export_report_html(console, hostile_report(), 0);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("O&#39;Neil &quot;"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(ExportView, drives_no_terminal) {
  std::ostringstream out, err;
  Console console(out, err, Language::ukrainian, OutputForm::people);
  print_export_report(console, hostile_report(), 0);
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
  EXPECT_NE(out.str().find("ДОВЕДЕНО"), std::string::npos);
  EXPECT_NE(out.str().find("підписано пристроєм"), std::string::npos);
}

TEST(ExportView, says_what_a_third_party_proves_only_where_it_was_judged) {
  evidence::ExportReport report = hostile_report();
  report.authorities = {"CN = <b>Authority</b>\x1b[2J"};
  report.anchors = {{{6, 1'800'000'000'000}, 5, 1'800'000'001'000, 0},
                    {{8, 1'800'000'900'000}, 8, 1'800'000'902'000, 0}};
  report.channels.begin()->second.existed_by = report.anchors[1];
  for (const bool is_judged : {true, false}) {
    report.are_authorities_judged = is_judged;
    std::ostringstream out, err;
    Console console(out, err, Language::english, OutputForm::people);
    print_export_report(console, report, 0);
    EXPECT_EQ(out.str().find("PROVEN BY A THIRD PARTY") != std::string::npos, is_judged);
    EXPECT_EQ(out.str().find("All that is shown of it existed") != std::string::npos, is_judged);
    EXPECT_EQ(out.str().find("was not judged") != std::string::npos, !is_judged);
    EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
    const std::string page = export_report_html(console, report, 0);
    EXPECT_EQ(page.find("mark third") != std::string::npos, is_judged);
    EXPECT_EQ(page.find("<b>"), std::string::npos);
    const auto json = export_report_json(report);
    EXPECT_EQ(json["timestamps"]["list"][1]["basis"],
              is_judged ? "proven_by_third_party" : "signer_not_judged");
    EXPECT_EQ(json["channels"][0]["existed_by"]["size"], 8);
  }
}

TEST(ExportView, says_which_case_was_asked_for_and_which_mandate_names_it) {
  evidence::ExportReport report = hostile_report();
  report.head.form = evidence::ExportForm::selection;
  report.head.query.case_number = "417/<b>2027";
  report.channels.begin()->second.case_named = {"ухвала № 417/<b>2027\x1b[2J",
                                                {4, 1'800'000'000'000}};
  for (const auto& [language, parts] :
       {std::pair(Language::english,
                  std::array{"names the case \"417/<b>2027\"", "A mandate names the case: \"ухвала",
                             "leaf 4 (", "NOT SHOWN EITHER"}),
        std::pair(Language::ukrainian,
                  std::array{"називає справу «417/<b>2027»", "Справу називає підстава: «ухвала",
                             "листок 4 (", "ТАКОЖ НЕ ПОКАЗАНО"})}) {
    std::ostringstream out, err;
    Console console(out, err, language, OutputForm::people);
    print_export_report(console, report, 0);
    for (const char* part : parts)
      EXPECT_NE(out.str().find(part), std::string::npos) << part << "\n" << out.str();
    EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
    const std::string page = export_report_html(console, report, 0);
    EXPECT_EQ(page.find("<b>"), std::string::npos);
    EXPECT_NE(page.find("417/&lt;b&gt;2027"), std::string::npos);
  }
  const auto json = export_report_json(report);
  EXPECT_EQ(json["asked"]["case"], "417/<b>2027");
  EXPECT_EQ(json["channels"][0]["case_named"]["basis"], "signed_by_device");
  EXPECT_FALSE(export_report_json(hostile_report())["asked"].contains("case"));
}

TEST(ExportView, says_who_could_read_by_a_time) {
  const evidence::ExportReport report = hostile_report();
  const auto& channel = report.channels.begin()->second;
  EXPECT_EQ(evidence::readers_by(channel, 0).size(), 2U);
  EXPECT_EQ(evidence::readers_by(channel, 1'800'000'000'000).size(), 1U);
  EXPECT_EQ(evidence::readers_by(channel, 1'799'999'999'999).size(), 0U);
}

TEST(ExportView, keeps_apart_for_programs_what_is_signed_and_what_is_asserted) {
  const auto json = export_report_json(hostile_report());
  EXPECT_EQ(json["channels"][0]["could_read"][0]["basis"], "signed_by_device");
  EXPECT_EQ(json["channels"][0]["could_read"][0]["from"]["asserted_by_server"]["server_ms"],
            1'800'000'000'000);
  EXPECT_FALSE(json["witnessed"]);
}

}  // namespace
}  // namespace oberih::client
