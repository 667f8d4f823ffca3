// SPDX-License-Identifier: Apache-2.0
// A vector file as a whole: an array of histories of sealed channels, every value of which the
// protocol's own code must reproduce.
#pragma once

#include "vector_report.hpp"

namespace oberih::vectors {

/// A verdict for every value, by its place ("[0].records.add.fields.seq"); the file's own shape is
/// judged under the empty path.
VectorReport check_vector_file(const nlohmann::json& file);
/// The same for a text; a text that is no strict JSON fails as a whole.
VectorReport check_vector_text(std::string_view text);

/// Places of all values that are neither object nor array.
std::vector<std::string> value_paths(const nlohmann::json& file);

}  // namespace oberih::vectors
