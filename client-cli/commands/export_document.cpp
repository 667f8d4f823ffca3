// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/export_document.hpp"

#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/commands/export_document_writer.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

struct FormSentences {
  Sentence what, proven, not_shown;
};

FormSentences sentences_of(evidence::ExportForm form) {
  switch (form) {
    case evidence::ExportForm::whole:
      break;
    case evidence::ExportForm::selection:
      return {Sentence::export_selected, Sentence::export_proven_selection,
              Sentence::export_not_shown_selection};
    case evidence::ExportForm::excerpt:
      return {Sentence::export_excerpt, Sentence::export_proven_excerpt,
              Sentence::export_not_shown_excerpt};
  }
  return {Sentence::export_whole, Sentence::export_proven_whole, Sentence::export_not_shown_whole};
}

class ExportDocument : private DocumentWriter {
 public:
  using DocumentWriter::DocumentWriter;

  std::vector<ReportBlock> make() {
    tell_origin();
    tell_checkpoint();
    std::size_t told = 0;
    for (const auto& [id, channel] : report_.channels) {
      if (told++ == options_.channels_at_most) break;
      write_channel_document(*this, channel);
    }
    tell_rest(report_.channels.size(), options_.channels_at_most);
    tell_access(report_.access, Sentence::export_access_elsewhere);
    tell_audits();
    tell_meaning();
    return take();
  }

 private:
  void tell_origin();
  void tell_checkpoint();
  void tell_anchors();
  void tell_anchor(const evidence::AnchorFact& anchor);
  void tell_audits();
  void tell_meaning();
  std::string asked_for() const;
};

std::string ExportDocument::asked_for() const {
  const evidence::ExportQuery& query = report_.head.query;
  if (query.is_whole()) return console_.text(Sentence::export_what_all);
  std::string what;
  const auto append = [&](Sentence sentence, Values values) {
    what += (what.empty() ? "" : ", ") + console_.text(sentence, values);
  };
  if (!query.channel.is_zero())
    append(Sentence::export_what_channel, {{"id", encode_hex(query.channel)}});
  if (!query.person.is_zero())
    append(Sentence::export_what_person, {{"id", encode_hex(query.person)}});
  if (!query.case_number.empty())
    append(Sentence::export_what_case, {{"case", printable(query.case_number)}});
  if (query.from_ms != 0) append(Sentence::export_what_from, {{"time", when(query.from_ms)}});
  if (query.to_ms != 0) append(Sentence::export_what_to, {{"time", when(query.to_ms)}});
  return what;
}

void ExportDocument::tell_origin() {
  add(BlockKind::title, Sentence::export_title, {{"origin", printable(report_.origin)}});
  add(BlockKind::paragraph, Sentence::export_pinned, {{"genesis", encode_hex(report_.genesis)}});
  add(BlockKind::paragraph, sentences_of(report_.head.form).what,
      {{"leaves", std::to_string(report_.leaves)},
       {"size", std::to_string(report_.size)},
       {"directory", std::to_string(report_.directory_count)},
       {"root", encode_hex(report_.root)}});
  add(BlockKind::paragraph, Sentence::export_asked,
      {{"who", who(report_.question.auditor)},
       {"index", std::to_string(report_.asked.index)},
       {"time", when(report_.asked.server_ms)},
       {"what", asked_for()}},
      BlockMark::device);
  std::string kinds;
  for (std::size_t kind = 0; kind < report_.kinds.size(); ++kind) {
    if (report_.kinds[kind] == 0) continue;
    kinds += (kinds.empty() ? "" : ", ") + std::to_string(report_.kinds[kind]) + ' ' +
             std::string(journal::name_of(static_cast<journal::LeafKind>(kind)));
  }
  add(BlockKind::paragraph, Sentence::export_kinds, {{"list", kinds}});
}

void ExportDocument::tell_checkpoint() {
  add(BlockKind::heading, Sentence::export_checkpoint);
  add(BlockKind::item, Sentence::export_signed_by_journal);
  for (std::string& sentence : describe_cosigners(console_, report_.cosigners))
    add_text(BlockKind::item, std::move(sentence));
  if (report_.quotes != 0)
    add(BlockKind::item, Sentence::export_quotes, {{"count", std::to_string(report_.quotes)}},
        BlockMark::device);
  tell_anchors();
  if (report_.not_understood != 0)
    add(BlockKind::item, Sentence::export_not_understood,
        {{"count", std::to_string(report_.not_understood)}});
  if (report_.refusals != 0)
    add(BlockKind::item, Sentence::export_refusals, {{"count", std::to_string(report_.refusals)}},
        BlockMark::server);
}

/// The first and the last: each says what those between them say, and more of one end.
void ExportDocument::tell_anchors() {
  if (report_.anchors.empty()) {
    add(BlockKind::item, Sentence::export_no_anchors);
    return;
  }
  add(BlockKind::item,
      report_.are_authorities_judged ? Sentence::export_anchors : Sentence::export_anchors_unjudged,
      {{"count", std::to_string(report_.anchors.size())}});
  tell_anchor(report_.anchors.front());
  if (report_.anchors.size() > 1) tell_anchor(report_.anchors.back());
}

void ExportDocument::tell_anchor(const evidence::AnchorFact& anchor) {
  const bool is_judged = report_.are_authorities_judged;
  add(BlockKind::item, is_judged ? Sentence::export_anchor : Sentence::export_anchor_unjudged,
      {{"size", std::to_string(anchor.size)},
       {"last", std::to_string(anchor.size - 1)},
       {"time", when(anchor.at_ms)},
       {"authority", authority(anchor)},
       {"index", std::to_string(anchor.said.index)}},
      is_judged ? BlockMark::third_party : BlockMark::none);
}

Sentence sentence_of(const evidence::AuditFact& audit) {
  if (audit.is_of_leaves) return Sentence::export_audit_leaves;
  switch (audit.what) {
    case sealing::AuditWhat::find:
      return Sentence::export_audit_find;
    case sealing::AuditWhat::read:
      return Sentence::export_audit_read;
    case sealing::AuditWhat::export_:
      return Sentence::export_audit_export;
  }
  return Sentence::export_audit_find;
}

void ExportDocument::tell_audits() {
  if (report_.audits.empty()) return;
  add(BlockKind::heading, Sentence::export_audits);
  std::size_t told = 0;
  for (const evidence::AuditFact& audit : report_.audits) {
    if (told++ == options_.items_at_most) break;
    add(BlockKind::item, sentence_of(audit),
        {{"who", who(audit.auditor)},
         {"index", std::to_string(audit.said.index)},
         {"time", when(audit.said.server_ms)},
         {"where", audit.channel.is_zero()
                       ? ""
                       : console_.text(Sentence::export_audit_where,
                                       {{"id", DocumentWriter::digits(audit.channel)}})}},
        BlockMark::device);
  }
  tell_rest(report_.audit_count, options_.items_at_most);
}

void ExportDocument::tell_meaning() {
  const FormSentences sentences = sentences_of(report_.head.form);
  add(BlockKind::heading, Sentence::export_meaning);
  add(BlockKind::verdict, sentences.proven);
  if (report_.are_authorities_judged && !report_.anchors.empty()) {
    const evidence::AnchorFact& newest = report_.anchors.back();
    add(BlockKind::verdict, Sentence::export_proven_by_others,
        {{"last", std::to_string(newest.size - 1)},
         {"time", when(newest.at_ms)},
         {"authority", authority(newest)}});
  }
  add(BlockKind::verdict, Sentence::export_asserted);
  add(BlockKind::verdict, sentences.not_shown, {{"last", std::to_string(report_.size - 1)}});
  if (!report_.head.query.case_number.empty())
    add(BlockKind::verdict, Sentence::export_not_shown_case);
}

}  // namespace

std::vector<ReportBlock> make_export_document(const Console& console,
                                              const evidence::ExportReport& report,
                                              const DocumentOptions& options) {
  return ExportDocument(console, report, options).make();
}

}  // namespace oberih::client
