// SPDX-License-Identifier: Apache-2.0
// Archives from strangers: what is no plain list of plain files is refused and named, and each
// attack stands beside a control run that differs in nothing else.
#include "client-cli/archive/export_archive.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "client-cli/archive/checked_export.hpp"
#include "tests/unit/evidence/export_world.hpp"

namespace oberih::client {
namespace {

namespace fs = std::filesystem;

class ExportArchiveTest : public testing::Test {
 protected:
  ExportArchiveTest() : folder_(fs::temp_directory_path() / unique_name()) {
    fs::create_directory(folder_);
  }
  ~ExportArchiveTest() override { fs::remove_all(folder_); }

  static std::string unique_name() {
    return "oberih-archive-" + std::to_string(::getpid()) + "-" +
           std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
           testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  fs::path write(const std::string& name, const std::string& content) const {
    const fs::path file = folder_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// What opening says of it: "opened", or why not.
  std::string open(const std::string& content) const {
    const auto opened = ExportArchive::open(write("it.tar", content));
    return opened ? "opened" : opened.error().detail;
  }

  fs::path folder_;
};

/// A member as POSIX ustar has it. The checksum is right: it is the content that is hostile.
struct Member {
  std::string name;
  std::string content{};
  char type = '0';
  std::string link{};
  std::string size{};  // as it claims; empty: the content's
  std::string mtime = "00000000000";
};
std::string member(const Member& m) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  char octal[12];
  std::snprintf(octal, sizeof octal, "%011o", static_cast<unsigned>(m.content.size()));
  put(0, m.name);
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  put(124, m.size.empty() ? octal : m.size);
  put(136, m.mtime);
  put(148, "        ");
  header[156] = m.type;
  put(157, m.link);
  put(257, std::string("ustar\0", 6) + "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  header.replace(148, 7, std::string(checksum, 7));
  std::string padded = m.content;
  padded.resize((m.content.size() + 511) / 512 * 512, '\0');
  return header + padded;
}
std::string tar(const std::vector<Member>& members) {
  std::string archive;
  for (const Member& each : members) archive += member(each);
  return archive + std::string(1024, '\0');
}

TEST_F(ExportArchiveTest, control_plain_files_are_read) {
  EXPECT_EQ(open(tar({{"a", "one"}, {"leaves/b", "two"}})), "opened");
  const auto opened = ExportArchive::open(folder_ / "it.tar");
  ASSERT_EQ(opened->files().size(), 2U);
  EXPECT_EQ(as_text(*opened->read_whole("leaves/b", 10)), "two");
}

TEST_F(ExportArchiveTest, paths_that_lead_elsewhere_are_refused) {
  for (const char* name : {"../a", "/etc/passwd", "leaves/../../a", "./a", "a//b", "leaves\\a",
                           "a\nb", "\xD0\xB0", "leaves/."})
    EXPECT_NE(open(tar({{name, "one"}})), "opened") << name;
}

TEST_F(ExportArchiveTest, links_devices_and_folders_are_refused) {
  for (const char type : {'1', '2', '3', '4', '5', '6', '7'})
    EXPECT_NE(open(tar({{"b", "one"}, {"a", "", type, "b"}})), "opened") << type;
}

TEST_F(ExportArchiveTest, a_name_twice_is_refused) {
  EXPECT_NE(open(tar({{"a", "one"}, {"a", "two"}})).find("a is in it twice"), std::string::npos);
}

TEST_F(ExportArchiveTest, a_size_too_large_is_refused) {
  EXPECT_NE(open(tar({{"a", "one", '0', "", "77777777777"}})), "opened");
  EXPECT_NE(open(tar({{"a", "one", '0', "", "00000010000"}})), "opened");
}

TEST_F(ExportArchiveTest, extended_headers_are_refused) {
  EXPECT_NE(open(tar({{"x", "16 path=leaves/b\n", 'x'}, {"a", "one"}})), "opened");
  EXPECT_NE(open(tar({{"g", "16 path=leaves/b\n", 'g'}, {"a", "one"}})), "opened");
  EXPECT_NE(open(tar({{"././@LongLink", std::string("leaves/b"), 'L'}, {"a", "one"}})), "opened");
}

TEST_F(ExportArchiveTest, dates_and_owners_that_nobody_vouches_for_are_refused) {
  EXPECT_NE(open(tar({{"a", "one", '0', "", "", "14000000000"}})).find("date"), std::string::npos);
}

TEST_F(ExportArchiveTest, what_is_cut_short_or_longer_is_refused) {
  const std::string whole = tar({{"a", std::string(700, 'x')}, {"b", "two"}});
  for (std::size_t size = 0; size < whole.size(); size += 128)
    EXPECT_NE(open(whole.substr(0, size)), "opened") << size;
  EXPECT_NE(open(whole + "more"), "opened");
  EXPECT_NE(open(whole + member({"c", "hidden"})), "opened");
}

TEST_F(ExportArchiveTest, bytes_between_the_files_are_refused) {
  std::string patched = tar({{"a", "one"}});
  patched[512 + 100] = 'x';  // in the padding
  EXPECT_NE(open(patched), "opened");
}

// -- with a real export ---------------------------------------------------------------------------

class ArchivedExport : public ExportArchiveTest {
 protected:
  ArchivedExport() {
    const evidence::MemoryExport made = scene.export_whole();
    FolderSink sink = *FolderSink::create(folder_ / "export");
    for (const auto& [name, bytes] : made.contents) {
      if (name == evidence::export_name::manifest || name == evidence::export_name::readme)
        continue;
      EXPECT_TRUE(sink.append(name, bytes));
    }
    const auto report = complete_export(folder_ / "export", scene.genesis());
    EXPECT_TRUE(report) << report.error().detail;
    const auto written =
        write_archive(*ExportFolder::open(folder_ / "export"), folder_ / "export.tar");
    EXPECT_TRUE(written) << written.error().detail;
  }
  std::string check(const fs::path& path) const {
    const auto files = open_export(path);
    if (!files) return files.error().detail;
    const auto report = check_export(**files, scene.genesis());
    return report ? "verified" : report.error().detail;
  }
  evidence::ExportWorld scene;
};

TEST_F(ArchivedExport, control_folder_and_archive_verify) {
  EXPECT_EQ(check(folder_ / "export"), "verified");
  EXPECT_EQ(check(folder_ / "export.tar"), "verified");
}

TEST_F(ArchivedExport, one_byte_that_was_patched_is_found) {
  const std::string honest = read(folder_ / "export.tar");
  for (std::size_t place = 0; place < honest.size(); place += 211) {
    // Mode and device numbers of a header say nothing to anybody.
    const std::size_t in_block = place % 512;
    if (in_block >= 100 && in_block < 108) continue;
    std::string patched = honest;
    patched[place] = static_cast<char>(patched[place] ^ 1);
    EXPECT_NE(check(write("patched.tar", patched)), "verified") << place;
  }
}

TEST_F(ArchivedExport, members_in_another_order_are_the_same_export) {
  std::vector<Member> members;
  const ExportFolder folder = *ExportFolder::open(folder_ / "export");
  for (const evidence::ExportFile& file : folder.files())
    members.push_back({file.name, read(folder_ / "export" / file.name)});
  std::reverse(members.begin(), members.end());
  EXPECT_EQ(check(write("reordered.tar", tar(members))), "verified");
  std::swap(members.front().content, members.back().content);
  EXPECT_NE(check(write("swapped.tar", tar(members))), "verified");
}

TEST_F(ArchivedExport, other_words_for_people_are_found) {
  std::string readme = read(folder_ / "export" / "README.txt");
  readme.replace(readme.find("NOT from this export"), 3, "ALSO");
  std::ofstream(folder_ / "export" / "README.txt", std::ios::binary) << readme;
  EXPECT_NE(check(folder_ / "export").find("README.txt"), std::string::npos);
}

TEST_F(ArchivedExport, a_manifest_that_names_somebody_else_is_found) {
  std::string manifest = read(folder_ / "export" / "manifest.json");
  const std::size_t device = manifest.find("\"device\": \"") + 11;
  manifest[device] = manifest[device] == '0' ? '1' : '0';
  std::ofstream(folder_ / "export" / "manifest.json", std::ios::binary) << manifest;
  EXPECT_NE(check(folder_ / "export").find("manifest.json"), std::string::npos);
}

TEST_F(ArchivedExport, a_link_in_the_folder_is_refused) {
  fs::rename(folder_ / "export" / "names", folder_ / "names");
  fs::create_symlink(folder_ / "names", folder_ / "export" / "names");
  EXPECT_NE(check(folder_ / "export").find("link"), std::string::npos);
}

TEST_F(ArchivedExport, nothing_that_is_there_is_overwritten) {
  EXPECT_FALSE(FolderSink::create(folder_ / "export"));
  EXPECT_FALSE(write_archive(*ExportFolder::open(folder_ / "export"), folder_ / "export.tar"));
}

}  // namespace
}  // namespace oberih::client
