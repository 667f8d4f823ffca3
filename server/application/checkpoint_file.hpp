// SPDX-License-Identifier: Apache-2.0
// The newest signed checkpoint in a file of its own: replaced as a whole, durable when write()
// returns.
#pragma once

#include <filesystem>

#include "server/application/ports.hpp"

namespace oberih::application {

class CheckpointFile final : public CheckpointArchive {
 public:
  explicit CheckpointFile(std::filesystem::path path) : path_(std::move(path)) {}
  void write(const std::string& note) override;
  std::optional<std::string> read() override;

 private:
  std::filesystem::path path_;
};

}  // namespace oberih::application
