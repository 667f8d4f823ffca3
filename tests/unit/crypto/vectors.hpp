// SPDX-License-Identifier: Apache-2.0
// Hexadecimal literals and the shared vector files, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "protocol/base/secret.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::crypto {

inline Bytes hex(std::string_view text) { return encoding::decode_hex(text).value(); }
template <class Fixed>
Fixed fixed(std::string_view text) {
  return encoding::decode_hex_as<Fixed>(text).value();
}
template <class SecretType>
SecretType secret(std::string_view text) {
  SecretType value;
  Bytes bytes = hex(text);
  if (bytes.size() == value.view().size())
    std::copy(bytes.begin(), bytes.end(), value.writable().begin());
  else
    ADD_FAILURE() << "a secret of the wrong length in a test: " << text;
  return value;
}
inline std::string shown(ByteView bytes) { return encoding::encode_hex(bytes); }

/// A file of Wycheproof; null when the shared vectors are not beside this checkout.
inline nlohmann::json load_wycheproof(const std::string& name) {
  std::ifstream file(std::filesystem::path(OBERIH_VECTORS) / "wycheproof" / name);
  if (!file) return nullptr;
  return nlohmann::json::parse(file);
}

}  // namespace oberih::crypto
