// SPDX-License-Identifier: Apache-2.0
// Performs a .play file: one sentence a line, each of the forms in play_language.cpp. A line that
// ends in
// `: refused CODE` or `: refused CODE, "detail"` expects just that.
#pragma once

#include <regex>
#include <string>

#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/unit.hpp"
#include "protocol/wire/audits.hpp"
#include "tests/transcripts/stage.hpp"

namespace oberih::transcripts {

/// What ends a sentence that the script cannot mean, or whose claim does not hold.
[[noreturn]] inline void unwritten(const std::string& what) { throw std::runtime_error(what); }

class Play {
 public:
  Play(std::unique_ptr<StorePlace> place, const application::Policies& policies);

  /// Empty when everything went as written; else the line and what happened instead.
  std::string perform(const std::string& script);

 private:
  using Words = std::vector<std::string>;
  using Step = Result<void> (Play::*)(const Words&);
  struct Sentence {
    std::regex form;
    Step step;
  };
  static std::regex form(std::string pattern);
  static std::vector<Sentence> sentences_of_channels();
  static std::vector<Sentence> sentences_of_units_and_tasks();
  static std::vector<Sentence> sentences_of_hearings();
  static std::vector<Sentence> sentences_of_grants();
  static std::vector<Sentence> sentences_of_time();
  static const std::vector<Sentence>& sentences();
  std::string perform_line(const std::string& line);
  Result<void> perform_sentence(const std::string& sentence);

  Result<void> found_agency(const Words&);
  Result<void> begin_journal(const Words&);
  Result<void> certify(const Words&);
  Result<void> certify_new_device(const Words&);
  Result<void> create_channel(const Words&);
  Result<void> add(const Words&);
  Result<void> remove(const Words&);
  Result<void> rotate(const Words&);
  Result<void> close(const Words&);
  Result<void> send_record_again(const Words&);
  Result<void> leave(const Words&);
  Result<void> report_unusable(const Words&);
  Result<void> say(const Words&);
  Result<void> send_again(const Words&);
  Result<void> reuse_message_id(const Words&);
  Result<void> ask_outcome(const Words&);
  Result<void> read(const Words&);
  Result<void> read_nowhere(const Words&);
  Result<void> follow(const Words&);
  Result<void> see(const Words&);
  Result<void> connect(const Words&);
  Result<void> list(const Words&);
  Result<void> know_name(const Words&);
  Result<void> alter(const Words&);
  Result<void> propose_person(const Words&);
  Result<void> propose_role(const Words&);
  Result<void> propose_policy(const Words&);
  Result<void> propose_closing(const Words&);
  Result<void> ask_grant(const Words&);
  Result<void> propose_grants_end(const Words&);
  Result<void> read_granted(const Words&);
  Result<void> see_grant(const Words&);
  Result<wire::ItemPage> read_for_audit(Actor& who, const ChannelId& channel,
                                        sealing::ReadingDepth depth);
  Result<void> approve(const Words&);
  Result<void> withdraw_proposal(const Words&);
  Result<void> carry_out(const Words&);
  Result<void> see_proposals(const Words&);
  Result<void> see_proposals_anywhere(const Words&);
  Result<void> make_unit(const Words&);
  Result<void> put_on_duty(const Words&);
  Result<void> let_stand_in(const Words&);
  Result<void> send_list_again(const Words&);
  Result<void> find_on_duty(const Words&);
  Result<void> find_standing_in(const Words&);
  Result<void> declare_out_of_service(const Words&);
  Result<void> end_out_of_service(const Words&);
  Result<void> see_service(const Words&);
  Result<void> list_unit(const Words&);
  Result<void> give_duty(const Words&);
  Result<void> give_deputy(const Words&);
  Result<void> ask_unit(const Words&);
  Result<void> ask_person(const Words&);
  Result<void> act_on_task(const Words&);
  Result<void> see_task(const Words&);
  Result<void> schedule(const Words&);
  Result<void> move_hearing(const Words&);
  Result<void> cancel_hearing(const Words&);
  Result<void> answer_summons(const Words&);
  Result<void> ask_for_date(const Words&);
  Result<void> state_service(const Words&);
  Result<void> confirm_telling(const Words&);
  Result<void> record_outcome(const Words&);
  Result<void> see_hearing(const Words&);
  Result<void> say_marked(const Words&);
  Result<void> send_receipt(const Words&);
  Result<void> send_receipt_again(const Words&);
  Result<void> send_false_receipt(const Words&);
  Result<void> see_receipts(const Words&);
  Result<void> acknowledge(const Words&);
  Result<void> ask_originator(const Words&);
  Result<void> answer_request(const Words&);
  Result<void> pass_seconds(const Words&);
  Result<void> pass_minutes(const Words&);
  Result<void> see_silence(const Words&);
  Result<void> be_told_of_silence(const Words&);
  Result<void> end_minute(const Words&);
  Result<void> find_readers(const Words&);
  Result<void> count_acts(const Words&);
  Result<void> ask_on(const Words&);
  Result<void> export_channel(const Words&);
  Result<void> export_case(const Words&);
  Result<void> revoke(const Words&);
  Result<void> restart(const Words&);
  Result<void> pass_days(const Words&);
  Result<void> pass_hours(const Words&);
  Result<void> be_down(const Words&);
  Result<void> see_notices(const Words&);
  Result<void> see_alerts(const Words&);
  Result<void> do_nothing(const Words&) { return {}; }

  Actor& actor(const std::string& name);
  const ChannelId& channel(const std::string& title);
  std::vector<Actor*> approvers(const std::string& list);
  Result<void> read_directory(Actor& who);
  Result<void> ask_for_export(Actor& who, Bytes query);
  Result<void> read_channel(Actor& who, const ChannelId& channel);
  /// What a client does before it acts. A stranger gets nowhere, which the act itself must show.
  void catch_up(Actor& who, const ChannelId& channel);
  Result<void> send(Actor& who, const ChannelId& channel, const wire::EntryPost& request);
  Result<void> send(Actor& who, const wire::ChannelAppend& request);

  Result<void> propose(Actor& who, const ChannelId& channel, sealing::RecordOp op,
                       sealing::Change change);
  /// What the server lists, verified as a client does.
  Result<sealing::ProposalBook> read_proposals(Actor& who, const std::optional<ChannelId>& channel);
  /// A person, or the administrator of an agency by the agency's name.
  Actor& signer_named(const std::string& name);
  const UnitId& unit(const std::string& name);
  Result<void> send(Actor& who, sealing::Unit list);
  Result<void> send(Actor& who, sealing::OutOfService interval);
  Result<sealing::Unit> next_version(Actor& who, const std::string& name);

  Result<void> expect_count(Actor& who, const std::optional<ChannelId>& channel,
                            const std::string& wanted);

  Result<std::vector<wire::DirectoryLeaf>> find_leaves(Actor& who,
                                                       const sealing::AuditFilter& filter,
                                                       Actor& signer);
  sealing::Unit& listed_unit(const std::string& name);
  sealing::Unit unit_to_call(Actor& who, const std::string& name);
  Result<void> append_unit(sealing::Unit& unit);
  sealing::TaskParty requester_of(const Actor& who);
  Result<void> ask(Actor& who, const sealing::TaskParty& assignee, const ChannelId& channel,
                   const std::string& title, const std::string& terms);
  /// As the person knows it; what nobody has proposed has an id nobody knows.
  sealing::TaskPointer task_of(Actor& who, const std::string& title);

  struct NamedTask {
    ChannelId channel;
    TaskId id;
  };

  struct NamedHearing {
    ChannelId channel;
    HearingId id;
    std::vector<sealing::CalledPerson> called;      // as the addressees
    std::vector<sealing::EntryReference> versions;  // the entries that made them
  };
  NamedHearing& named_hearing(const std::string& title);
  /// As the person knows it; nullptr: not at all.
  sealing::HearingPointer hearing_of(Actor& who, const std::string& title);
  sealing::HearingFacts facts_about(Actor& who, const std::string& title,
                                    sealing::HearingVerb verb);
  Result<void> send_about(Actor& who, const std::string& title, const sealing::HearingFacts& facts);

  Stage stage_;
  std::map<std::string, std::unique_ptr<Root>> roots_;
  std::map<std::string, std::unique_ptr<Actor>> administrators_;  // by agency
  std::map<std::string, std::unique_ptr<Actor>> actors_;
  std::map<std::string, ChannelId> channels_;
  wire::EntryPost last_post_;
  ChannelId last_channel_;
  std::optional<wire::Appended> last_appended_;
  wire::ChannelAppend last_record_;
  sealing::Proposal last_proposal_;
  sealing::Proposal last_grant_;  // the request
  std::map<std::string, UnitId> units_;
  wire::DirectoryAppend last_list_;
  sealing::IntervalId last_interval_;
  std::map<std::string, sealing::Unit> listed_units_;
  std::map<std::string, NamedTask> tasks_;
  std::map<std::string, NamedHearing> hearings_;
  struct Said {
    ChannelId channel;
    sealing::EntryReference entry;
  };
  const Said& said(const std::string& text);
  void note_said(const std::string& text);
  std::map<std::string, Said> said_;  // by text
  sealing::EntryReference last_request_;
  sealing::RequestFacts last_asked_;
  wire::ReceiptAppend last_receipt_;
  wire::AuditFind last_question_;
};

}  // namespace oberih::transcripts
