// SPDX-License-Identifier: Apache-2.0
#include "server/application/find_leaves.hpp"

#include "protocol/sealing/audit_filter.hpp"
#include "server/application/audit_question.hpp"

namespace oberih::application {
namespace {

/// All that a page needs, while it waits for the recorder and the reader.
struct Asking {
  sealing::SignedAuditQuestion question;
  AuditWish wish;
  Origin origin;
  JournalReader& reader;
  AuditIndex* index;
  Answer<wire::AuditPage> done;
};
using AskingPointer = std::shared_ptr<Asking>;

std::vector<DeviceId> devices_of(const sealing::Directory& directory, const PersonId& person) {
  std::vector<DeviceId> devices;
  for (const auto& [id, device] : directory.devices())
    if (device.certificate.person == person) devices.push_back(id);
  return devices;
}

void read_rows(const AskingPointer& asking, const wire::Appended& asked) {
  asking->reader.find_leaves(asking->origin, asking->wish,
                             [asking, asked](Result<wire::AuditPage> page) {
                               if (page) page->asked = asked;
                               asking->done(std::move(page));
                             });
}

void read_page(const AskingPointer& asking, const wire::Appended& asked) {
  if (asking->index == nullptr) return read_rows(asking, asked);
  asking->index->reach(asking->wish.size, [asking, asked](Result<void> reached) {
    if (!reached) return asking->done(reached.error());
    read_rows(asking, asked);
  });
}

/// The leaf that a later page refers to is the question itself, and not too old.
Result<wire::Appended> check_asked(const Asking& asking, std::uint64_t index, const Bytes& data,
                                   Milliseconds now_ms) {
  const Result<journal::Leaf> leaf = journal::parse_leaf(data);
  if (!leaf || leaf->kind != journal::LeafKind::audit_query ||
      leaf->body != sealing::encode_audit_body(asking.question))
    return refuse(RefusalCode::not_found, "no leaf with this question stands there");
  if (now_ms > leaf->server_ms + audit_answer_ms)
    return refuse(RefusalCode::not_found, "this question was asked too long ago: ask anew");
  return wire::Appended{index, 0, journal::leaf_hash(data), leaf->server_ms};
}

void go_on(const Services& services, const AskingPointer& asking, std::uint64_t asked_index) {
  // Beyond what is committed nothing can be found.
  if (asked_index >= services.view.size())
    return asking->done(refuse(RefusalCode::not_found, "no leaf with this question stands there"));
  asking->reader.read_leaf(
      asking->origin, asked_index,
      [asking, asked_index, now_ms = rule_time_ms(services)](Result<Bytes> data) {
        if (!data) return asking->done(data.error());
        const Result<wire::Appended> asked = check_asked(*asking, asked_index, *data, now_ms);
        if (!asked) return asking->done(asked.error());
        read_page(asking, *asked);
      });
}

}  // namespace

void find_leaves(const Services& services, const domain::Caller& caller,
                 const wire::AuditFind& request, Answer<wire::AuditPage> done) {
  if (auto may = authorize(services, caller, domain::Action::audit_find); !may)
    return done(may.error());
  Result<sealing::SignedAuditQuestion> question =
      take_question(services, caller, sealing::AuditWhat::find, request.content, request.signature);
  if (!question) return done(question.error());
  Result<sealing::AuditFilter> filter = sealing::parse_audit_filter(question->question.query);
  if (!filter) return done(filter.error());
  AuditWish wish;
  wish.filter = *filter;
  if (filter->person) wish.devices = devices_of(*services.view.directory(), *filter->person);
  wish.size = question->question.size;
  wish.from_index = request.from_index;
  wish.limit = request.limit;
  wish.count = request.count;
  auto asking = std::make_shared<Asking>(Asking{std::move(*question), std::move(wish),
                                                caller.origin(), services.reader,
                                                services.audit_index, std::move(done)});
  if (request.asked_index) return go_on(services, asking, *request.asked_index);
  record_question(services, caller, filter->channel.value_or(ChannelId{}), asking->question,
                  [asking](Result<wire::Appended> asked) {
                    if (!asked) return asking->done(asked.error());
                    read_page(asking, *asked);
                  });
}

}  // namespace oberih::application
