// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/printed_code.hpp"

#include <string>

namespace oberih::client {

void write_check_code(Paper& paper, const CheckCode& code, double left, double right, double top) {
  constexpr double square = points_of_mm(19), gap = points_of_mm(4);
  const std::string text = format_check_code(code);
  paper.square_code(text, left, top, square);
  const double x = left + square + gap, width = right - x;
  double y = top;
  y += paper.write("Код перевірки документа", {.size = 8.5}, x, y, width);
  y += paper.write(text, {.size = 13, .weight = Weight::bold}, x, y, width);
  paper.write(
      "Код вказує на запис у журналі «Оберіг», з якого надруковано цей документ. Перевірити може "
      "кожен учасник каналу засідання командою: oberih hearing check " +
          text,
      {.size = 8.5}, x, y, width);
}

}  // namespace oberih::client
