// SPDX-License-Identifier: Apache-2.0
// What stands inside a sealed body: the message text; the padding, reached by sealing the input
// ourselves as a hostile sender would; and any input as a text, sealed and opened.
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/sealing/label.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

using crypto::Aead;

constexpr std::size_t padding_header_bytes = 4 + 16;

bool judge_message(ByteView input) {
  const auto message = sealing::parse_message_text(input);
  if (!message) return false;
  const auto encoded = sealing::encode_message_text(*message);
  require(encoded.has_value() && equal(encoded->view(), input), "a text has one form");
  return true;
}

bool judge_remark(ByteView input) {
  const auto remark = sealing::parse_remark(input);
  if (!remark) return false;
  const auto encoded = sealing::encode_remark(*remark);
  require(encoded.has_value() && equal(encoded->view(), input), "a remark has one form");
  return true;
}

/// `okm = Expand(Extract(salt, mk), vec(P||"msg") || H(hdr), 76)`, design 3.4.
struct KnownBody {
  KnownBody() : entry(known_entry(EntryType::message, "").entry) {
    const auto prk = sealing::entry_prk(entry, known_message_key());
    ByteWriter info = sealing::begin_label("msg");
    info.raw(crypto::sha256(entry.header));
    crypto::hkdf_expand(prk.view(), info.bytes(), okm);
  }
  sealing::SealedEntry entry;
  ByteArray<76> okm{};
};

/// The rule of design 3.4, read again from the bytes.
bool is_well_padded(ByteView padded, ByteView text) {
  if (padded.size() % 256 != 0 || padded.size() < padding_header_bytes + text.size()) return false;
  if (padded.size() - (padding_header_bytes + text.size()) >= 256) return false;
  ByteWriter expected;
  expected.vec(text);
  const ByteView tail = padded.subspan(padding_header_bytes + text.size());
  return equal(padded.first(4), ByteView(expected.bytes()).first(4)) &&
         equal(padded.subspan(padding_header_bytes, text.size()), text) &&
         std::ranges::all_of(tail, [](std::uint8_t byte) { return byte == 0; });
}

bool judge_padding(ByteView padded) {
  static KnownBody body;
  const ByteView okm = body.okm;
  const Bytes ciphertext = crypto::aead_seal(Aead::aes_256_gcm, okm.first(32), okm.subspan(32, 12),
                                             body.entry.header, padded);
  body.entry.ciphertext_hash = crypto::sha256(ciphertext);
  const auto text = sealing::open_entry(body.entry, ciphertext, known_message_key());
  if (!text) return false;
  require(is_well_padded(padded, text->view()), "only a well padded text opens");
  return true;
}

void judge_sealing(ByteView text) {
  static const sealing::EntryHeader header = known_header(EntryType::message);
  static const crypto::Signer signer = signer_of(investigator_number);
  const auto sealed = sealing::seal_entry_with(header, text, known_message_key(), signer,
                                               made_of<Salt>(1), ByteArray<16>{});
  if (!sealed) return;
  const auto opened = sealing::open_entry(sealed->entry, sealed->ciphertext, known_message_key());
  require(opened.has_value() && equal(opened->view(), text), "a sealed text opens as it was");
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_message(input);
  accepted |= judge_remark(input);
  accepted |= judge_padding(input);
  judge_sealing(input);
  return accepted;
}

}  // namespace oberih::fuzz
