// SPDX-License-Identifier: Apache-2.0
// SHA-256 of what comes in pieces, because it is larger than memory shall be.
#pragma once

#include <memory>

#include "protocol/base/ids.hpp"

namespace oberih::crypto {

class RunningDigest {
 public:
  RunningDigest();
  ~RunningDigest();
  RunningDigest(const RunningDigest&) = delete;
  RunningDigest& operator=(const RunningDigest&) = delete;

  void update(ByteView piece);
  /// Of all pieces. INVARIANT: the last call.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace oberih::crypto
