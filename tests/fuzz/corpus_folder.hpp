// SPDX-License-Identifier: Apache-2.0
// The folder of one corpus, into which its seeds are written.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

class Corpus {
 public:
  Corpus(const std::filesystem::path& root, const std::string& target) : folder_(root / target) {
    std::filesystem::create_directories(folder_);
  }
  void add(const std::string& name, ByteView bytes) const {
    std::ofstream stream(folder_ / name, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    if (!stream) throw std::runtime_error("cannot write " + (folder_ / name).string());
  }
  void add(const std::string& name, std::string_view text) const { add(name, as_bytes(text)); }

 private:
  std::filesystem::path folder_;
};

}  // namespace oberih::fuzz
