// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/summons_print.hpp"

#include <algorithm>
#include <array>

#include "client-cli/printing/paper.hpp"
#include "client-cli/printing/print_words.hpp"
#include "client-cli/printing/printed_code.hpp"

namespace oberih::client {
namespace {

constexpr double summons_left = points_of_mm(25), summons_right = paper_width - points_of_mm(12);
constexpr double summons_top = points_of_mm(12), summons_bottom = paper_height - points_of_mm(10);
constexpr double summons_width = summons_right - summons_left;
constexpr double label_width = points_of_mm(46), label_gap = points_of_mm(3);

/// Writes from above down; where `draws` is false it only measures.
class Writing {
 public:
  Writing(Paper& paper, double size, bool draws) : paper_(paper), size_(size), draws_(draws) {}

  double y() const { return y_; }
  void gap(double times = 0.5) { y_ += times * size_; }

  void text(std::string_view words, Lettering lettering, double left = summons_left) {
    y_ += put(words, lettering, left, summons_right - left);
  }
  /// What it is on the left, what is said on the right.
  void field(std::string_view label, std::string_view words, Weight weight = Weight::normal) {
    const double x = summons_left + label_width + label_gap;
    const double above = put(label, {.size = size_ - 1}, summons_left, label_width);
    const double beside = put(words, {.size = size_, .weight = weight}, x, summons_right - x);
    y_ += std::max(above, beside);
    gap(0.35);
  }
  /// A line to write on, with what belongs there underneath.
  void line_for(std::string_view what, double from_mm, double to_mm) {
    const double left = summons_left + points_of_mm(from_mm);
    const double width = points_of_mm(to_mm - from_mm);
    if (draws_) paper_.line(left, y_, left + width, y_);
    put(what, {.size = 7.5, .alignment = Alignment::centre}, left, width);
  }
  void tear_line() {
    if (draws_) paper_.dashes(summons_left, y_, summons_right);
  }
  void code(const CheckCode& code) {
    if (draws_) write_check_code(paper_, code, summons_left, summons_right, y_);
    y_ += printed_code_height;
  }
  double size() const { return size_; }
  /// What follows begins there, if that is not above what stands.
  void go_down_to(double y) { y_ = std::max(y_, y); }

 private:
  double put(std::string_view words, const Lettering& lettering, double x, double width) {
    return draws_ ? paper_.write(words, lettering, x, y_, width)
                  : paper_.height_of(words, lettering, width);
  }

  Paper& paper_;
  double size_;
  bool draws_;
  double y_ = summons_top;
};

std::string when(const SummonsPrint& summons) {
  return printed_day(summons.start.date) + ", " + printed_clock(summons.start);
}

void write_head(Writing& out, const SummonsPrint& summons) {
  const double size = out.size();
  out.text(summons.court_name,
           {.size = size + 1, .weight = Weight::bold, .alignment = Alignment::centre});
  out.text(summons.court_address + ", тел. " + summons.court_phone,
           {.size = size - 1, .alignment = Alignment::centre});
  out.gap();
  const double right_half = summons_left + summons_width * 0.45;
  out.text("Кому: " + summons.called_name, {.size = size}, right_half);
  out.text(
      "Адреса: " + (summons.called_address.empty() ? std::string(34, '_') : summons.called_address),
      {.size = size}, right_half);
  out.gap(0.8);
  out.text("ПОВІСТКА ПРО ВИКЛИК",
           {.size = size + 4, .weight = Weight::bold, .alignment = Alignment::centre});
  out.text("(статті 133–137 Кримінального процесуального кодексу України)",
           {.size = size - 1.5, .alignment = Alignment::centre});
  if (summons.version > 1)
    out.text("Час або місце змінено: ця повістка замінює попередню (версія " +
                 std::to_string(summons.version) + ")",
             {.size = size, .weight = Weight::bold, .alignment = Alignment::centre});
  out.gap(0.8);
}

void write_fields(Writing& out, const SummonsPrint& summons) {
  out.field("Хто викликає", summons.summoned_by);
  out.field("Суд (установа), адреса, засоби зв’язку",
            summons.court_name + ", " + summons.court_address + ", тел. " + summons.court_phone);
  out.field("Кого викликано", summons.called_name, Weight::bold);
  out.field("Процесуальний статус", printed_status(summons.status));
  out.field("Кримінальне провадження (справа) №", summons.case_number);
  out.field("День і час прибуття", when(summons), Weight::bold);
  out.field("Місце прибуття", summons.place, Weight::bold);
  out.field("Процесуальна дія, для участі в якій викликано", summons.act);
  out.field("Наслідки неприбуття", summons.consequences);
  out.field("Поважні причини неприбуття та обов’язок повідомити про них заздалегідь",
            summons.valid_reasons);
}

void write_signature(Writing& out, const SummonsPrint& summons) {
  out.gap(1.4);
  out.text(summons.summoned_by, {.size = out.size()}, summons_left + points_of_mm(50));
  out.line_for("підпис", 0, 45);
  out.gap(1.2);
}

/// What the called person signs and the court keeps.
void write_slip(Writing& out, const SummonsPrint& summons) {
  const double size = out.size();
  out.gap(0.6);
  out.tear_line();
  out.gap(0.6);
  out.text("РОЗПИСКА про отримання повістки (стаття 136 КПК України)",
           {.size = size, .weight = Weight::bold, .alignment = Alignment::centre});
  out.text("Повістку у справі № " + summons.case_number + " про прибуття: " + when(summons) +
               " — видану на ім’я: " + summons.called_name + ", отримав(-ла).",
           {.size = size - 1});
  out.text("Код документа: " + format_check_code(summons.code), {.size = size - 1});
  out.gap(2.4);
  out.line_for("дата і час отримання", 0, 50);
  out.line_for("підпис", 55, 95);
  out.line_for("прізвище та ініціали того, хто отримав", 100, 173);
  out.gap(1.4);
}

/// The code and the slip: what stands at the foot of the page.
void write_lower_part(Writing& out, const SummonsPrint& summons) {
  out.code(summons.code);
  write_slip(out, summons);
}

/// Down to where the last of it stands.
double write_all(Paper& paper, const SummonsPrint& summons, double size, bool draws) {
  Writing lower(paper, size, false);
  write_lower_part(lower, summons);
  Writing out(paper, size, draws);
  write_head(out, summons);
  write_fields(out, summons);
  write_signature(out, summons);
  out.go_down_to(summons_bottom - (lower.y() - summons_top));
  write_lower_part(out, summons);
  return out.y();
}

}  // namespace

Result<SecretBuffer> print_summons(const SummonsPrint& summons) {
  // Smaller ones nobody reads in a corridor.
  static constexpr std::array<double, 9> sizes = {12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8};
  Paper paper("Повістка про виклик");
  for (const double size : sizes) {
    constexpr double rounding = 0.01;
    if (write_all(paper, summons, size, false) > summons_bottom + rounding) continue;
    write_all(paper, summons, size, true);
    return paper.finish();
  }
  return refuse(RefusalCode::document_unprintable,
                "the summons does not fit on one page: shorten the consequences or the reasons");
}

}  // namespace oberih::client
