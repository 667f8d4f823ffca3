// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/checkpoint.hpp"

#include <gtest/gtest.h>

#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

const std::string text =
    "oberih.example/journal\n"
    "23\n"
    "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=\n"
    "directory 7 REREREREREREREREREREREREREREREREREREREREREQ=\n";

Checkpoint checkpoint() {
  Checkpoint value{"oberih.example/journal", 23, {}, 7, {}};
  value.root.bytes.fill('B');
  value.directory_leaf.bytes.fill('D');
  return value;
}
NoteSigner signer_called(std::string name, std::uint8_t seed_byte = 1) {
  ByteArray<32> seed;
  seed.fill(seed_byte);
  return {std::move(name), crypto::Signer(SignatureSecretKey(seed))};
}
NoteSigner journal_signer() { return signer_called("oberih.example/journal"); }

std::string with(std::string_view part, std::string_view replacement) {
  std::string changed = text;
  std::size_t at = changed.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return changed.replace(at, part.size(), replacement);
}
void expect_refused(const std::string& changed) {
  auto refused = parse_checkpoint(changed);
  ASSERT_FALSE(refused) << changed;
  EXPECT_EQ(refused.error().code, RefusalCode::malformed_object) << changed;
}

}  // namespace

TEST(Checkpoint, has_one_text) {
  EXPECT_EQ(format_checkpoint(checkpoint()), text);
  EXPECT_EQ(parse_checkpoint(text).value(), checkpoint());
}

TEST(Checkpoint, of_the_empty_journal_has_the_empty_root_and_no_directory) {
  Checkpoint empty{"oberih.example/journal", 0, empty_root(), 0, {}};
  EXPECT_EQ(parse_checkpoint(format_checkpoint(empty)).value(), empty);
  empty.root.bytes[0] ^= 1;
  EXPECT_THROW(format_checkpoint(empty), std::logic_error);
}

TEST(Checkpoint, refuses_other_spellings_of_numbers) {
  for (std::string_view size :
       {"", "023", "00", "+23", "-23", " 23", "23 ", "0x17", "2 3", "23.", "18446744073709551616",
        "18446744073709551615", "9223372036854775809"})
    expect_refused(with("\n23\n", "\n" + std::string(size) + "\n"));
  EXPECT_EQ(parse_checkpoint(with("\n23\n", "\n9223372036854775808\n"))->size, max_tree_size);
  for (std::string_view count : {"07", "", "+7", "-7", " 7", "7 ", "24", "18446744073709551616"})
    expect_refused(with("directory 7", "directory " + std::string(count)));
}

TEST(Checkpoint, refuses_other_spellings_of_hashes) {
  for (std::string_view hash : {"", "QkJC", "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI",
                                "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ=",
                                "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC",
                                "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI= "})
    expect_refused(with("QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=", hash));
  expect_refused(with("RERERERE", ""));
  expect_refused(with("REQ=\n", "RER=\n"));
  expect_refused(with("REQ=\n", "REQ\n"));
}

TEST(Checkpoint, needs_exactly_its_four_lines) {
  std::string three = text.substr(0, text.find("directory"));
  expect_refused(three);
  expect_refused(text + "another line\n");
  expect_refused(text + "\n");
  expect_refused(text + text.substr(three.size()));
  expect_refused(text.substr(0, text.size() - 1));
  expect_refused("");
  expect_refused("\n\n\n\n");
  expect_refused(with("\n23\n", "\n\n23\n"));
  expect_refused(with("directory", "Directory"));
  expect_refused(with("directory 7", "directory  7"));
  expect_refused(with("directory 7 ", "directory 7"));
  expect_refused(with("oberih.example/journal", ""));
  expect_refused(with("oberih.example/journal", "oberih example"));
  expect_refused(with("oberih.example/journal", "oberih+example"));
  expect_refused(with("\n23\n", "\r\n23\r\n"));
}

TEST(Checkpoint, a_directory_of_none_has_no_leaf_and_one_of_some_has_one) {
  Checkpoint value = checkpoint();
  value.directory_count = 0;
  EXPECT_THROW(format_checkpoint(value), std::logic_error);
  value.directory_leaf = {};
  EXPECT_EQ(parse_checkpoint(format_checkpoint(value)).value(), value);
  value.directory_count = 1;
  EXPECT_THROW(format_checkpoint(value), std::logic_error);
}

TEST(Checkpoint, without_directory_is_read_by_its_own_parser_only) {
  std::string three = text.substr(0, text.find("directory"));
  auto parsed = parse_checkpoint_without_directory(three);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size, 23u);
  EXPECT_EQ(format_checkpoint_without_directory(*parsed), three);
  EXPECT_FALSE(parse_checkpoint_without_directory(text));
}

TEST(Checkpoint, opens_with_the_journals_key_only) {
  std::string note = sign_checkpoint(checkpoint(), journal_signer());
  EXPECT_EQ(open_checkpoint(note, journal_signer().verifier()).value(), checkpoint());
  auto other_key = open_checkpoint(note, signer_called("oberih.example/journal", 2).verifier());
  ASSERT_FALSE(other_key);
  EXPECT_EQ(other_key.error().code, RefusalCode::verification_failed);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] ^= 1;
    EXPECT_FALSE(open_checkpoint(changed, journal_signer().verifier())) << i;
  }
}

TEST(Checkpoint, of_another_origin_is_refused_though_the_key_signed_it) {
  Checkpoint other = checkpoint();
  other.origin = "oberih.example/other";
  EXPECT_THROW(sign_checkpoint(other, journal_signer()), std::logic_error);
  std::string other_text = format_checkpoint(other);
  std::string line = sign_note_line(other_text, journal_signer());
  auto refused = open_checkpoint(join_note(other_text, {&line, 1}), journal_signer().verifier());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::verification_failed);
}

TEST(Checkpoint, a_signed_text_without_directory_is_refused) {
  std::string three = text.substr(0, text.find("directory"));
  std::string line = sign_note_line(three, journal_signer());
  auto refused = open_checkpoint(join_note(three, {&line, 1}), journal_signer().verifier());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::malformed_object);
}

TEST(Checkpoint, carries_the_cosignatures_of_witnesses) {
  NoteSigner first = signer_called("witness.example/1", 3);
  NoteSigner second = signer_called("witness.example/2", 4);
  std::string lines[] = {cosign_note_line(text, second, 1'700'000'001),
                         sign_note_line(text, journal_signer()),
                         cosign_note_line(text, second, 1'700'000'002)};
  NoteVerifier witnesses[] = {first.verifier(NoteKeyType::cosignature),
                              second.verifier(NoteKeyType::cosignature)};
  auto opened =
      open_cosigned_checkpoint(join_note(text, lines), journal_signer().verifier(), witnesses);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint, checkpoint());
  ASSERT_EQ(opened->cosignatures.size(), 1u);  // one witness twice counts once
  EXPECT_EQ(opened->cosignatures[0].verifier, 1u);
  EXPECT_EQ(opened->cosignatures[0].cosigned_s, 1'700'000'001u);
  // Witnesses alone make no checkpoint.
  auto refused = open_cosigned_checkpoint(join_note(text, {&lines[0], 1}),
                                          journal_signer().verifier(), witnesses);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::verification_failed);
}

}  // namespace oberih::journal
