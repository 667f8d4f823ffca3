// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/service_print.hpp"

#include <algorithm>
#include <array>

#include "client-cli/output/display_width.hpp"
#include "client-cli/printing/paper.hpp"
#include "client-cli/printing/print_words.hpp"
#include "client-cli/printing/printed_code.hpp"

namespace oberih::client {
namespace {

constexpr double list_left = points_of_mm(25), list_right = paper_width - points_of_mm(12);
constexpr double list_top = points_of_mm(14), list_bottom = paper_height - points_of_mm(16);
constexpr double list_foot = paper_height - points_of_mm(12);
constexpr double cell_padding = points_of_mm(1.2);
constexpr double cell_size = 9.5;

struct ListColumn {
  std::string_view head;
  double width;
};
// The sum is what lies between the margins: 173 mm.
constexpr std::array<ListColumn, 5> list_columns = {{
    {"№", points_of_mm(10)},
    {"Кого викликано, процесуальний статус", points_of_mm(52)},
    {"Вручено: спосіб і коли", points_of_mm(44)},
    {"Відповідь викликаного", points_of_mm(37)},
    {"Доказ: запис каналу і хто його підписав", points_of_mm(30)},
}};
using ListCells = std::array<std::string, list_columns.size()>;

std::string lines_of(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "\n";
    text += part;
  }
  return text;
}

std::string numbered(const ProvenStep& step) {
  return step.entry == 0 ? "" : lines_of({"№ " + std::to_string(step.entry), step.by});
}

bool is_served(const ServicePrintRow& row) { return row.answer || !row.way.empty(); }

/// The addressee's own signature is the stronger proof: it stands first.
std::string how_served(const ServicePrintRow& row) {
  std::string own, officer, told;
  if (row.answer) own = "підтверджено власним підписом\n" + printed_short(row.answered.time);
  if (!row.way.empty()) officer = row.way + "\n" + printed_short(row.served.time);
  if (row.told.entry != 0)
    told = "Координаційний центр повідомив особу\n" + printed_short(row.told.time);
  const std::string all = lines_of({own, officer, told});
  return is_served(row) ? all : lines_of({"НЕ ВРУЧЕНО", told});
}

ListCells cells_of(const ServicePrintRow& row) {
  return {std::to_string(row.number), lines_of({row.name, std::string(printed_status(row.status))}),
          how_served(row), row.answer ? std::string(printed_answer(*row.answer)) : "—",
          lines_of({numbered(row.answered), numbered(row.served), numbered(row.told)})};
}

double height_of_row(Paper& paper, const ListCells& cells, Weight weight) {
  double height = 0;
  for (std::size_t i = 0; i < cells.size(); ++i)
    height = std::max(height, paper.height_of(cells[i], {.size = cell_size, .weight = weight},
                                              list_columns[i].width - 2 * cell_padding));
  return height + 2 * cell_padding;
}

/// Returns where it ends.
double write_row(Paper& paper, const ListCells& cells, double y, Weight weight) {
  const double height = height_of_row(paper, cells, weight);
  double x = list_left;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    paper.write(cells[i], {.size = cell_size, .weight = weight}, x + cell_padding, y + cell_padding,
                list_columns[i].width - 2 * cell_padding);
    paper.line(x, y, x, y + height);
    x += list_columns[i].width;
  }
  paper.line(x, y, x, y + height);
  paper.line(list_left, y, x, y);
  paper.line(list_left, y + height, x, y + height);
  return y + height;
}

ListCells head_cells() {
  ListCells head;
  for (std::size_t i = 0; i < head.size(); ++i) head[i] = list_columns[i].head;
  return head;
}

std::size_t served_among(const std::vector<ServicePrintRow>& rows) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_served));
}

/// What stands above the columns of the first page; returns where it ends.
double write_list_title(Paper& paper, const ServicePrint& list, bool draws) {
  constexpr double width = list_right - list_left;
  double y = list_top;
  const auto put = [&](const std::string& text, const Lettering& lettering) {
    y += draws ? paper.write(text, lettering, list_left, y, width)
               : paper.height_of(text, lettering, width);
  };
  put(list.court_name, {.size = 12, .weight = Weight::bold, .alignment = Alignment::centre});
  y += 6;
  put("ВІДОМІСТЬ ВРУЧЕННЯ", {.size = 15, .weight = Weight::bold, .alignment = Alignment::centre});
  put("повісток про виклик (статті 135, 136 Кримінального процесуального кодексу України)",
      {.size = 10, .alignment = Alignment::centre});
  y += 8;
  put("Справа № " + list.case_number, {.size = 11});
  put("Процесуальна дія: " + list.act, {.size = 11});
  put("Час: " + printed_day(list.start.date) + ", " + printed_clock(list.start), {.size = 11});
  put("Місце: " + list.place, {.size = 11});
  put("Повідомлення: запис " + list.entry + ", версія " + std::to_string(list.version) +
          "; стан: " + std::string(printed_state(list.state)),
      {.size = 11});
  put("Викликано: " + std::to_string(list.rows.size()) +
          "; вручено: " + std::to_string(served_among(list.rows)) + ". За журналом станом на " +
          printed_short(list.as_of) + ".",
      {.size = 11, .weight = Weight::bold});
  return y + 8;
}

constexpr double list_closing_height = printed_code_height + points_of_mm(16);

void write_list_closing(Paper& paper, const ServicePrint& list, double y) {
  y += points_of_mm(12);
  paper.line(list_left, y, list_left + points_of_mm(60), y);
  paper.write("посада, підпис, прізвище та ініціали того, хто видав відомість", {.size = 7.5},
              list_left, y + 1, points_of_mm(120));
  write_check_code(paper, list.code, list_left, list_right, y + points_of_mm(6));
}

/// The first row of each page; nothing where a row, or the title, is higher than a page. The last
/// page has room for the closing, and a row besides if there is one: nobody signs a bare page.
std::optional<std::vector<std::size_t>> break_pages(Paper& paper, const ServicePrint& list) {
  const double head = height_of_row(paper, head_cells(), Weight::bold);
  std::vector<std::size_t> pages = {0};
  double y = write_list_title(paper, list, false) + head, last = 0;
  if (y > list_bottom) return std::nullopt;
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    const double height = height_of_row(paper, cells_of(list.rows[i]), Weight::normal);
    if (y + height > list_bottom) {
      pages.push_back(i);
      y = list_top + head;
      if (y + height > list_bottom) return std::nullopt;
    }
    y += last = height;
  }
  if (y + list_closing_height <= list_bottom) return pages;
  const bool takes_a_row =
      !list.rows.empty() && list_top + head + last + list_closing_height <= list_bottom;
  pages.push_back(list.rows.size() - (takes_a_row ? 1 : 0));
  return pages;
}

void write_foot(Paper& paper, const ServicePrint& list, std::size_t page, std::size_t pages) {
  constexpr std::size_t case_columns = 30;  // one line
  paper.write("Справа № " + shorten_to(list.case_number, case_columns) + " · версія " +
                  std::to_string(list.version) + " · код " + format_check_code(list.code),
              {.size = 8}, list_left, list_foot, points_of_mm(135));
  paper.write("Аркуш " + std::to_string(page) + " з " + std::to_string(pages),
              {.size = 8, .alignment = Alignment::right}, list_right - points_of_mm(36), list_foot,
              points_of_mm(36));
}

}  // namespace

Result<SecretBuffer> print_service_list(const ServicePrint& list) {
  Paper paper("Відомість вручення");
  const std::optional<std::vector<std::size_t>> pages = break_pages(paper, list);
  if (!pages)
    return refuse(RefusalCode::document_unprintable,
                  "a row of the list, or its title, is higher than a page");
  for (std::size_t page = 0; page < pages->size(); ++page) {
    if (page > 0) paper.next_page();
    double y = page == 0 ? write_list_title(paper, list, true) : list_top;
    const std::size_t end = page + 1 < pages->size() ? (*pages)[page + 1] : list.rows.size();
    if ((*pages)[page] < end) y = write_row(paper, head_cells(), y, Weight::bold);
    for (std::size_t i = (*pages)[page]; i < end; ++i)
      y = write_row(paper, cells_of(list.rows[i]), y, Weight::normal);
    if (page + 1 == pages->size()) write_list_closing(paper, list, y);
    write_foot(paper, list, page + 1, pages->size());
  }
  return paper.finish();
}

}  // namespace oberih::client
