// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/paper.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <string>

#include "protocol/base/bytes.hpp"

namespace oberih::client {
namespace {

// The letters of official papers; what stands behind is taken where a machine has no better.
constexpr const char* font_families = "Liberation Serif, Times New Roman, DejaVu Serif, serif";

cairo_status_t keep_written(void* closure, const unsigned char* data, unsigned int length) {
  auto& bytes = *static_cast<Bytes*>(closure);
  bytes.insert(bytes.end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

struct CloseQrCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
struct CloseLayout {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
struct CloseFontOptions {
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
using FontOptionsPointer = std::unique_ptr<cairo_font_options_t, CloseFontOptions>;
using LayoutPointer = std::unique_ptr<PangoLayout, CloseLayout>;

PangoAlignment pango_alignment(Alignment alignment) {
  switch (alignment) {
    case Alignment::left:
      return PANGO_ALIGN_LEFT;
    case Alignment::centre:
      return PANGO_ALIGN_CENTER;
    case Alignment::right:
      return PANGO_ALIGN_RIGHT;
  }
  return PANGO_ALIGN_LEFT;
}

}  // namespace

struct Paper::Inside {
  Bytes written;
  cairo_surface_t* surface;
  cairo_t* cairo;
  FontOptionsPointer options;
  bool lacks_letters = false;

  explicit Inside(const std::string& title)
      : surface(
            cairo_pdf_surface_create_for_stream(keep_written, &written, paper_width, paper_height)),
        cairo(cairo_create(surface)),
        options(cairo_font_options_create()) {
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "oberih");
  }
  ~Inside() {
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    if (!written.empty()) explicit_bzero(written.data(), written.size());
  }

  LayoutPointer lay_out(std::string_view text, const Lettering& lettering, double width) {
    LayoutPointer layout(pango_cairo_create_layout(cairo));
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, font_families);
    pango_font_description_set_absolute_size(font, lettering.size * PANGO_SCALE);
    pango_font_description_set_weight(
        font, lettering.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    PangoContext* context = pango_layout_get_context(layout.get());
    pango_context_set_language(context, pango_language_from_string("uk"));
    // A page is no screen: letters stand where the font has them, not on whole pixels.
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_cairo_context_set_font_options(context, options.get());
    pango_layout_context_changed(layout.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    // A word that is longer than the line is broken, not written over its neighbour.
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), pango_alignment(lettering.alignment));
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    lacks_letters |= pango_layout_get_unknown_glyphs_count(layout.get()) > 0;
    return layout;
  }
};

Paper::Paper(std::string_view title) : inside_(std::make_unique<Inside>(std::string(title))) {}
Paper::~Paper() = default;

double Paper::height_of(std::string_view text, const Lettering& lettering, double width) {
  if (text.empty()) return 0;
  int height = 0;
  pango_layout_get_size(inside_->lay_out(text, lettering, width).get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

double Paper::write(std::string_view text, const Lettering& lettering, double x, double y,
                    double width) {
  if (text.empty()) return 0;
  const LayoutPointer layout = inside_->lay_out(text, lettering, width);
  cairo_move_to(inside_->cairo, x, y);
  pango_cairo_show_layout(inside_->cairo, layout.get());
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

void Paper::line(double x1, double y1, double x2, double y2, double thickness) {
  cairo_set_line_width(inside_->cairo, thickness);
  cairo_move_to(inside_->cairo, x1, y1);
  cairo_line_to(inside_->cairo, x2, y2);
  cairo_stroke(inside_->cairo);
}

void Paper::dashes(double x1, double y, double x2) {
  constexpr double dash = 4;
  cairo_set_dash(inside_->cairo, &dash, 1, 0);
  line(x1, y, x2, y);
  cairo_set_dash(inside_->cairo, nullptr, 0, 0);
}

void Paper::square_code(std::string_view text, double x, double y, double size) {
  const std::unique_ptr<QRcode, CloseQrCode> code(
      QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M));
  if (!code) return;  // out of memory: the same code stands in letters beside it
  const double module = size / code->width;
  for (int row = 0; row < code->width; ++row)
    for (int column = 0; column < code->width; ++column)
      if ((code->data[row * code->width + column] & 1) != 0)
        cairo_rectangle(inside_->cairo, x + column * module, y + row * module, module, module);
  cairo_fill(inside_->cairo);
}

void Paper::next_page() { cairo_show_page(inside_->cairo); }

Result<SecretBuffer> Paper::finish() {
  if (inside_->lacks_letters)
    return refuse(RefusalCode::document_unprintable,
                  "a letter of it has no shape in any font here; install fonts-liberation");
  cairo_show_page(inside_->cairo);
  const cairo_status_t drawn = cairo_status(inside_->cairo);
  cairo_surface_finish(inside_->surface);
  if (drawn != CAIRO_STATUS_SUCCESS ||
      cairo_surface_status(inside_->surface) != CAIRO_STATUS_SUCCESS)
    return refuse(RefusalCode::document_unprintable, "the PDF could not be made");
  return SecretBuffer(ByteView(inside_->written));
}

}  // namespace oberih::client
