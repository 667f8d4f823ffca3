// SPDX-License-Identifier: Apache-2.0
// Sheets of A4 that are written on and become a PDF in memory. Knows letters, lines and squares,
// and nothing of hearings. All measures are points: 72 an inch, from the upper left corner.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

constexpr double points_of_mm(double millimetres) { return millimetres * 72 / 25.4; }

inline constexpr double paper_width = points_of_mm(210);
inline constexpr double paper_height = points_of_mm(297);

enum class Alignment { left, centre, right };
enum class Weight { normal, bold };

struct Lettering {
  double size = 11;
  Weight weight = Weight::normal;
  Alignment alignment = Alignment::left;
};

class Paper {
 public:
  /// The title is what a PDF viewer shows of the file: it names nobody.
  explicit Paper(std::string_view title);
  ~Paper();
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  /// How high the text stands, broken at `width`.
  double height_of(std::string_view text, const Lettering& lettering, double width);
  /// The same, and it is written there.
  double write(std::string_view text, const Lettering& lettering, double x, double y, double width);
  void line(double x1, double y1, double x2, double y2, double thickness = 0.5);
  void dashes(double x1, double y, double x2);
  /// A QR code (ISO 18004, correction level M) of these characters.
  void square_code(std::string_view text, double x, double y, double size);
  void next_page();

  /// Refusal: document_unprintable, where a letter has no shape in any font of this machine or the
  /// PDF could not be made.
  Result<SecretBuffer> finish();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace oberih::client
