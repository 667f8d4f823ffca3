// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/signed_note.hpp"

#include <gtest/gtest.h>

#include "protocol/base/byte_writer.hpp"
#include "protocol/encoding/base64.hpp"

namespace oberih::journal {
namespace {

// Of the documentation of golang.org/x/mod/sumdb/note.
constexpr std::string_view neumann_text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view neumann_line =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6K"
    "E6RyyBwJnAM=\n";

NoteSigner neumann() {
  return parse_signer_key(
             "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
      .value();
}
NoteSigner note_signer_called(std::string name, std::uint8_t seed_byte = 1) {
  ByteArray<32> seed;
  seed.fill(seed_byte);
  return {std::move(name), crypto::Signer(SignatureSecretKey(seed))};
}
std::string note_of(std::string_view text, std::vector<std::string> lines) {
  return join_note(text, lines);
}
std::string foreign_line(std::string_view name, std::size_t signature_bytes = 64) {
  Bytes bytes(4 + signature_bytes, 0x11);
  return "— " + std::string(name) + " " + encoding::encode_base64(bytes) + "\n";
}
RefusalCode code_of(const Result<OpenedNote>& result) {
  EXPECT_FALSE(result);
  return result ? RefusalCode::usage : result.error().code;
}
Result<OpenedNote> open_by(std::string_view note, const NoteVerifier& verifier) {
  return open_note(note, {&verifier, 1});
}

}  // namespace

TEST(SignedNote, reproduces_the_published_example) {
  EXPECT_EQ(sign_note_line(neumann_text, neumann()), neumann_line);
  std::string note = note_of(neumann_text, {std::string(neumann_line)});
  auto opened = open_by(note, neumann().verifier());
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->text, neumann_text);
  ASSERT_EQ(opened->verified.size(), 1u);
  EXPECT_EQ(opened->verified[0].verifier, 0u);
  EXPECT_EQ(opened->verified[0].cosigned_s, 0u);
}

TEST(SignedNote, ignores_unknown_signatures_before_and_after) {
  std::string note = note_of(neumann_text, {foreign_line("EnochRoot"), std::string(neumann_line),
                                            foreign_line("example.com/quantum", 2'420)});
  EXPECT_TRUE(open_by(note, neumann().verifier()));
  EXPECT_EQ(parse_note(note)->signatures.size(), 3u);
}

TEST(SignedNote, needs_a_known_signature) {
  std::string note = note_of(neumann_text, {std::string(neumann_line)});
  EXPECT_EQ(code_of(open_by(note, note_signer_called("PeterNeumann").verifier())),
            RefusalCode::verification_failed);
  EXPECT_EQ(code_of(open_note(note, {})), RefusalCode::verification_failed);
  // The same key under another name is another key.
  NoteVerifier renamed = neumann().verifier();
  renamed.name = "PeterNeuman";
  EXPECT_EQ(code_of(open_by(note, renamed)), RefusalCode::verification_failed);
}

TEST(SignedNote, a_known_key_that_fails_refuses_the_note) {
  NoteSigner other = note_signer_called("other");
  std::string good = std::string(neumann_line);
  std::string false_line = sign_note_line("another text\n", other);
  std::string note = note_of(neumann_text, {good, false_line});
  EXPECT_TRUE(open_by(note, neumann().verifier()));
  NoteVerifier both[] = {neumann().verifier(), other.verifier()};
  EXPECT_EQ(code_of(open_note(note, both)), RefusalCode::bad_signature);
  // A good signature first does not excuse a false one of the same key.
  std::string twice = note_of(neumann_text, {good, sign_note_line("another text\n", neumann())});
  EXPECT_EQ(code_of(open_by(twice, neumann().verifier())), RefusalCode::bad_signature);
}

TEST(SignedNote, a_copied_key_id_is_a_false_signature) {
  Signature signature =
      note_signer_called("PeterNeumann", 7).signer.sign_plain(as_bytes(neumann_text));
  Bytes bytes = ByteWriter().u32(neumann().verifier().key_id()).raw(signature).take();
  std::string line = "— PeterNeumann " + encoding::encode_base64(bytes) + "\n";
  EXPECT_EQ(code_of(open_by(note_of(neumann_text, {line}), neumann().verifier())),
            RefusalCode::bad_signature);
}

TEST(SignedNote, a_known_signature_of_the_wrong_length_is_false) {
  for (std::size_t size : {1u, 63u, 65u, 72u}) {
    Bytes bytes = ByteWriter().u32(neumann().verifier().key_id()).raw(Bytes(size)).take();
    std::string line = "— PeterNeumann " + encoding::encode_base64(bytes) + "\n";
    EXPECT_EQ(code_of(open_by(note_of(neumann_text, {line}), neumann().verifier())),
              RefusalCode::bad_signature);
  }
}

TEST(SignedNote, counts_one_key_once) {
  std::string line(neumann_line);
  NoteVerifier twice[] = {neumann().verifier(), neumann().verifier()};
  auto opened = open_note(note_of(neumann_text, {line, line, line}), twice);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->verified.size(), 1u);
}

TEST(SignedNote, any_changed_byte_is_refused) {
  std::string note = note_of(neumann_text, {std::string(neumann_line)});
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] ^= 1;
    EXPECT_FALSE(open_by(changed, neumann().verifier())) << i;
  }
}

TEST(SignedNote, a_cosignature_says_its_time_and_signs_it) {
  NoteSigner witness = note_signer_called("witness.example/w1");
  std::string line = cosign_note_line(neumann_text, witness, 1'679'315'147);
  NoteVerifier known[] = {neumann().verifier(), witness.verifier(NoteKeyType::cosignature)};
  auto opened = open_note(note_of(neumann_text, {std::string(neumann_line), line}), known);
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->verified.size(), 2u);
  EXPECT_EQ(opened->verified[1].verifier, 1u);
  EXPECT_EQ(opened->verified[1].cosigned_s, 1'679'315'147u);
  // C2SP tlog-cosignature: what is signed, spelt out.
  std::string message = "cosignature/v1\ntime 1679315147\n" + std::string(neumann_text);
  Signature signature = witness.signer.sign_plain(as_bytes(message));
  ByteWriter bytes;
  bytes.u32(known[1].key_id()).u64(1'679'315'147).raw(signature);
  EXPECT_EQ(line, "— witness.example/w1 " + encoding::encode_base64(bytes.bytes()) + "\n");
}

TEST(SignedNote, a_cosignature_with_another_time_is_false) {
  NoteSigner witness = note_signer_called("witness.example/w1");
  NoteVerifier known = witness.verifier(NoteKeyType::cosignature);
  std::string message = "cosignature/v1\ntime 1\n" + std::string(neumann_text);
  ByteWriter bytes;
  bytes.u32(known.key_id()).u64(2).raw(witness.signer.sign_plain(as_bytes(message)));
  std::string line = "— witness.example/w1 " + encoding::encode_base64(bytes.bytes()) + "\n";
  EXPECT_EQ(code_of(open_by(note_of(neumann_text, {line}), known)), RefusalCode::bad_signature);
}

TEST(SignedNote, refuses_every_other_grammar) {
  std::string text(neumann_text), line(neumann_line);
  std::string name_and_dash = "— PeterNeumann ";
  const std::string notes[] = {
      "",
      "\n",
      "\n\n",
      text,
      text + line,
      text + "\n",
      "\n\n" + line,
      "\n" + line,
      "text\n" + line,
      text + "\n" + line.substr(0, line.size() - 1),  // no newline at the end
      text + "\n\n" + line,                           // an extra blank line
      text + "\n" + line + "\n",                      // a blank line after
      text + "\n" + line + "\n" + line,               // a blank line between
      "a\n\nb\n\n" + line,                            // a blank line in the text
      "\n" + text + "\n" + line,                      // a blank line before
      text + "\n" + line + "words\n",                 // something else after
      text + "\n" + line + text,
      "a\r\n\r\n" + line,
      "a\r\n\n" + line,
      text + "\n" + line.substr(0, line.size() - 1) + "\r\n",
      "a\tb\n\n" + line,
      "a\x1b[2J\n\n" + line,
      "a\x7f\n\n" + line,
      "a\xff\n\n" + line,
      std::string("a\0b\n\n", 5) + line,
      text + "\n- PeterNeumann " + line.substr(name_and_dash.size()),  // a hyphen for the dash
      text + "\n—PeterNeumann " + line.substr(name_and_dash.size()),
      text + "\n—  PeterNeumann " + line.substr(name_and_dash.size()),
      text + "\n — PeterNeumann " + line.substr(name_and_dash.size()),
      text + "\n— PeterNeumann  " + line.substr(name_and_dash.size()),
      text + "\n— Peter Neumann " + line.substr(name_and_dash.size()),
      text + "\n— Peter+Neumann " + line.substr(name_and_dash.size()),
      text + "\n— Peter\xc2\xa0Neumann " + line.substr(name_and_dash.size()),
      text + "\n—  " + line.substr(name_and_dash.size()),
      text + "\n— PeterNeumann\n",
      text + "\n— PeterNeumann \n",
      text + "\n— PeterNeumann AAAA\n",
      text + "\n— PeterNeumann AAAAAA==\n",   // a key id and no signature
      text + "\n— PeterNeumann AAAAAAAA",     // cut short
      text + "\n— PeterNeumann AAAAAAB=\n",   // bits left over
      text + "\n— PeterNeumann AAAAAAAA=\n",  // padding left over
      text + "\n— PeterNeumann AAAAAAA\n",    // padding missing
      text + "\n— PeterNeumann AAAA_AAA\n",   // the other alphabet
      text + "\n— PeterNeumann AAAAAAAA \n",
  };
  for (const std::string& note : notes) {
    auto refused = parse_note(note);
    ASSERT_FALSE(refused) << note;
    EXPECT_EQ(refused.error().code, RefusalCode::malformed_object) << note;
  }
}

TEST(SignedNote, takes_a_hundred_signatures_and_no_more) {
  std::vector<std::string> lines(99, foreign_line("EnochRoot"));
  lines.push_back(std::string(neumann_line));
  EXPECT_TRUE(open_by(note_of(neumann_text, lines), neumann().verifier()));
  lines.push_back(foreign_line("EnochRoot"));
  EXPECT_FALSE(open_by(note_of(neumann_text, lines), neumann().verifier()));
  lines.assign(100'000, foreign_line("EnochRoot"));
  EXPECT_FALSE(parse_note(note_of(neumann_text, lines)));
}

TEST(SignedNote, texts_that_cannot_be_parsed_are_not_signed) {
  for (std::string_view text : {"", "\n", "no newline", "a\n\n", "a\n\nb\n", "\na\n", "a\r\n"}) {
    EXPECT_THROW(sign_note_line(text, neumann()), std::logic_error) << text;
    EXPECT_THROW(cosign_note_line(text, neumann(), 1), std::logic_error) << text;
  }
  EXPECT_THROW(sign_note_line("a\n", note_signer_called("a b")), std::logic_error);
}

}  // namespace oberih::journal
