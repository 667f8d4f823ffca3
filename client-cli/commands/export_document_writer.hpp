// SPDX-License-Identifier: Apache-2.0
// What the parts of the report on an export share: how blocks are added, and how people, devices
// and times are said.
#pragma once

#include "client-cli/commands/export_document.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {

class DocumentWriter {
 public:
  DocumentWriter(const Console& console, const evidence::ExportReport& report,
                 const DocumentOptions& options)
      : console_(console), report_(report), options_(options) {}

  const DocumentOptions& options() const { return options_; }
  std::string text(Sentence sentence, Values values = {}) const {
    return console_.text(sentence, values);
  }
  void add(BlockKind kind, Sentence sentence, Values values = {},
           BlockMark mark = BlockMark::none) {
    blocks_.push_back({kind, console_.text(sentence, values), mark});
  }
  void add_text(BlockKind kind, std::string text) {
    blocks_.push_back({kind, std::move(text), BlockMark::none});
  }
  /// That a list goes on, where not all of it is told.
  void tell_rest(std::size_t count, std::size_t told);
  void tell_access(const evidence::AccessFacts& access, Sentence heading);

  std::string when(Milliseconds ms) const;
  std::string who(const DeviceId& device) const;
  std::string authority(const evidence::AnchorFact& anchor) const;
  bool are_authorities_judged() const { return report_.are_authorities_judged; }
  template <class Id>
  static std::string digits(const Id& id) {
    return encoding::encode_hex(id).substr(0, 8);
  }
  std::vector<ReportBlock> take() { return std::move(blocks_); }

 protected:
  const Console& console_;
  const evidence::ExportReport& report_;
  const DocumentOptions& options_;

 private:
  std::vector<ReportBlock> blocks_;
};

/// All that is known of one channel.
void write_channel_document(DocumentWriter& writer, const evidence::ChannelReport& channel);

}  // namespace oberih::client
