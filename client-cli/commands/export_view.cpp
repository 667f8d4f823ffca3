// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/export_view.hpp"

#include <nlohmann/json.hpp>

namespace oberih::client {
namespace {

constexpr std::size_t channels_on_a_terminal = 20;
constexpr std::size_t items_on_a_terminal = 50;
constexpr std::size_t channels_on_a_page = 10'000;
constexpr std::size_t items_on_a_page = 10'000;

constexpr std::string_view page_style =
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
    "h1{font-size:1.4em}h2{font-size:1.15em;border-top:1px solid #999;padding-top:1em}"
    "h3{font-size:1em}p{overflow-wrap:anywhere}li{margin:.3em 0;overflow-wrap:anywhere}"
    ".mark{font-size:.8em;border:1px solid;padding:0 .4em;white-space:nowrap}"
    ".device{color:#064}.server{color:#850}.third{color:#036}.verdict{border-left:4px solid "
    "#333;padding-left:1em}";

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (c == '\'')
      escaped += "&#39;";
    else
      escaped += c;
  }
  return escaped;
}

std::string mark_text(const Console& console, BlockMark mark) {
  switch (mark) {
    case BlockMark::device:
      return console.text(Sentence::export_mark_device);
    case BlockMark::server:
      return console.text(Sentence::export_mark_server);
    case BlockMark::third_party:
      return console.text(Sentence::export_mark_third_party);
    case BlockMark::none:
      break;
  }
  return {};
}

const char* class_of(BlockMark mark) {
  if (mark == BlockMark::device) return "device";
  return mark == BlockMark::third_party ? "third" : "server";
}

std::string line_of(const Console& console, const ReportBlock& block) {
  const std::string mark = mark_text(console, block.mark);
  const std::string text = block.text + (mark.empty() ? "" : " [" + mark + "]");
  switch (block.kind) {
    case BlockKind::title:
    case BlockKind::paragraph:
      return text;
    case BlockKind::heading:
      return "\n" + text;
    case BlockKind::subheading:
      return "  " + text + ":";
    case BlockKind::item:
      return "  - " + text;
    case BlockKind::verdict:
      return text + "\n";
  }
  return text;
}

std::string html_of(const Console& console, const ReportBlock& block) {
  std::string text = escape_html(block.text);
  if (block.mark != BlockMark::none)
    text += std::string(" <span class=\"mark ") + class_of(block.mark) + "\">" +
            escape_html(mark_text(console, block.mark)) + "</span>";
  switch (block.kind) {
    case BlockKind::title:
      return "<h1>" + text + "</h1>\n";
    case BlockKind::heading:
      return "<h2>" + text + "</h2>\n";
    case BlockKind::subheading:
      return "<h3>" + text + "</h3>\n";
    case BlockKind::paragraph:
      return "<p>" + text + "</p>\n";
    case BlockKind::item:
      return "<li>" + text + "</li>\n";
    case BlockKind::verdict:
      return "<p class=\"verdict\">" + text + "</p>\n";
  }
  return {};
}

}  // namespace

void print_export_report(Console& console, const evidence::ExportReport& report,
                         Milliseconds by_ms) {
  const DocumentOptions options{channels_on_a_terminal, items_on_a_terminal, by_ms};
  for (const ReportBlock& block : make_export_document(console, report, options))
    console.line(line_of(console, block));
  if (console.is_json()) console.object(export_report_json(report));
}

std::string export_report_html(const Console& console, const evidence::ExportReport& report,
                               Milliseconds by_ms) {
  const DocumentOptions options{channels_on_a_page, items_on_a_page, by_ms};
  const auto blocks = make_export_document(console, report, options);
  const char* language = console.language() == Language::ukrainian ? "uk" : "en";
  std::string page = std::string("<!DOCTYPE html>\n<html lang=\"") + language +
                     "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n<title>" +
                     escape_html(blocks.front().text) + "</title>\n<style>" +
                     std::string(page_style) + "</style>\n</head>\n<body>\n";
  bool in_list = false;
  for (const ReportBlock& block : blocks) {
    const bool is_item = block.kind == BlockKind::item;
    if (is_item != in_list) page += is_item ? "<ul>\n" : "</ul>\n";
    in_list = is_item;
    page += html_of(console, block);
  }
  if (in_list) page += "</ul>\n";
  return page + "</body>\n</html>\n";
}

}  // namespace oberih::client
