// SPDX-License-Identifier: Apache-2.0
// Seeds of what a server answers and says by itself.
#pragma once

#include "protocol/sealing/device_certificate.hpp"
#include "tests/fuzz/corpus_folder.hpp"

namespace oberih::fuzz {

void write_replies(const Corpus& corpus, const Bytes& entry_leaf,
                   const sealing::NameCard& known_card);

}  // namespace oberih::fuzz
