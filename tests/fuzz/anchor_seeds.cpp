// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/anchor_seeds.hpp"

#include <cstdio>

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "tests/fuzz/known_objects.hpp"
#include "tests/support/known_token.hpp"

namespace oberih::fuzz {
namespace {

struct TarMember {
  std::string name, content;
  char type = '0';
};

std::string tar_member(const TarMember& member) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  char octal[12];
  std::snprintf(octal, sizeof octal, "%011o", static_cast<unsigned>(member.content.size()));
  put(0, member.name);
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal);
  put(136, "00000000000");
  put(148, "        ");
  header[156] = member.type;
  put(257, std::string("ustar\0", 6) + "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  char checksum[8];
  std::snprintf(checksum, sizeof checksum, "%06o", sum);
  header.replace(148, 7, std::string(checksum, 7));
  std::string padded = member.content;
  padded.resize((padded.size() + 511) / 512 * 512, '\0');
  return header + padded;
}

Bytes tar_of(const std::vector<TarMember>& members) {
  std::string archive;
  for (const TarMember& each : members) archive += tar_member(each);
  archive.append(1024, '\0');
  return to_bytes(as_bytes(archive));
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> anchor_seeds() {
  const Bytes response = encoding::decode_hex(test::known_token::response_hex).value();
  const Bytes request = encoding::decode_hex(test::known_token::request_hex).value();
  const Bytes token = crypto::take_timestamp_token(response, request).value();
  const Digest imprint = crypto::sha256(as_bytes("checkpoint"));
  return {
      {"leaf", sealing::encode_anchor_leaf({417, imprint, token, made_of<sealing::LeafSalt>(71)})},
      {"leaf_of_nonsense", sealing::encode_anchor_leaf({1, made_of<Digest>(72), Bytes{0x30, 0x00},
                                                        made_of<sealing::LeafSalt>(73)})},
      {"token", token},
      {"answer", response}};
}

std::vector<std::pair<std::string, Bytes>> archive_seeds() {
  return {{"one", tar_of({{"README.txt", "words"}})},
          {"some", tar_of({{"manifest.json", "{}"},
                           {"export", std::string(300, 'e')},
                           {"leaves/x001/067", std::string(1'300, 'l')},
                           {"texts", ""}})},
          {"refused_twice", tar_of({{"names", "1"}, {"names", "2"}})},
          {"refused_link", tar_of({{"names", "", '2'}})},
          {"refused_path", tar_of({{"../names", "1"}})},
          {"refused_extended", tar_of({{"x", "16 path=leaves/b\n", 'x'}, {"names", "1"}})}};
}

}  // namespace oberih::fuzz
