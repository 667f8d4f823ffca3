// SPDX-License-Identifier: Apache-2.0
// A list of attachments, a manifest and a chunk for the corpus `attachment`, and a text that has
// one.
#pragma once

#include "tests/fuzz/corpus_folder.hpp"

namespace oberih::fuzz {

void write_attachments(const Corpus& corpus, const Corpus& texts);

}  // namespace oberih::fuzz
