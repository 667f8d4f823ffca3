// SPDX-License-Identifier: Apache-2.0
// The foot of a printed document: its check code, in letters and as a square, and how to check it.
#pragma once

#include "client-cli/printing/check_code.hpp"
#include "client-cli/printing/paper.hpp"

namespace oberih::client {

inline constexpr double printed_code_height = points_of_mm(20);

/// Between `left` and `right`, from `top` down.
void write_check_code(Paper& paper, const CheckCode& code, double left, double right, double top);

}  // namespace oberih::client
