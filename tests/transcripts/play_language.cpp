// SPDX-License-Identifier: Apache-2.0
// The language of the .play files: each form of sentence, and the step that performs it.
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {

// The language. N: a name; "T": a channel's title.
std::regex Play::form(std::string pattern) {
  const auto fill = [&](const std::string& word, const std::string& expression) {
    for (std::size_t at; (at = pattern.find(word)) != std::string::npos;)
      pattern.replace(at, word.size(), expression);
  };
  fill("<N>", "([^ \",]+)");
  fill("<T>", "\"([^\"]*)\"");
  fill("<APPROVED>", "(?: with the approval of (.+))?");
  return std::regex(pattern);
}

std::vector<Play::Sentence> Play::sentences_of_channels() {
  return {
      {form("Agency <N> is an? <N>"), &Play::found_agency},
      {form("The journal begins"), &Play::begin_journal},
      {form("<N> is an? <N> of <N>"), &Play::certify},
      {form("<N> is a new device of <N>"), &Play::certify_new_device},
      {form("<N> creates the <N> channel <T>"), &Play::create_channel},
      {form("<N> adds <N> to <T> as <N><APPROVED>"), &Play::add},
      {form("<N> removes <N> from <T><APPROVED>"), &Play::remove},
      {form("<N> rotates <T>"), &Play::rotate},
      {form("<N> closes <T><APPROVED>"), &Play::close},
      {form("<N> sends the record again"), &Play::send_record_again},
      {form("<N> leaves <T>"), &Play::leave},
      {form("<N> reports that the key of <T> does not open"), &Play::report_unusable},
      {form("<N> says <T> in <T>(?: (without reading first|leaving out a number|with a forged "
            "signature))?"),
       &Play::say},
      {form("<N> says <T> in <T> (?:as|for) (.+)"), &Play::say_marked},
      {form("<N> has (received|opened) <T>"), &Play::send_receipt},
      {form("<N> sends the receipt again"), &Play::send_receipt_again},
      {form(
           "<N> claims to have (received|opened) <T> (without reading|for another leaf|in the name "
           "of <N>)"),
       &Play::send_false_receipt},
      {form("<N> sees that (.+) (?:has|have) (received|opened) <T>"), &Play::see_receipts},
      {form("<N> (acknowledges|cannot attend|acknowledges what is not) <T>"), &Play::acknowledge},
      {form("<N> asks whether <T> may be passed on to <N>"), &Play::ask_originator},
      {form("<N> (agrees|does not agree)(?: about <T>)?"), &Play::answer_request},
      {form("(\\d+) seconds pass"), &Play::pass_seconds},
      {form("<N> sends the same again"), &Play::send_again},
      {form("<N> uses the message id again for <T>"), &Play::reuse_message_id},
      {form("<N> asks what became of it: it stands"), &Play::ask_outcome},
      {form("<N> reads <T>(?: and finds (.+))?"), &Play::read},
      {form("<N> reads a channel that does not exist"), &Play::read_nowhere},
      {form("<N> follows <T>"), &Play::follow},
      {form("<N> sees <T> in <T>"), &Play::see},
      {form("<N> connects"), &Play::connect},
      {form("<N> has (\\d+) channels?"), &Play::list},
      {form("<N> (sees|does not see) the name of <N>"), &Play::know_name},
      {form("<N> makes <N> <N> in <T>"), &Play::alter},
      {form("<N> proposes <N> for <T> as <N>"), &Play::propose_person},
      {form("<N> proposes that <N> becomes <N> in <T>"), &Play::propose_role},
      {form("<N> proposes approvals of (\\d+) agencies in <T>"), &Play::propose_policy},
      {form("<N> proposes to close <T>"), &Play::propose_closing},
      {form("<N> approves it"), &Play::approve},
      {form("<N> takes the proposal back"), &Play::withdraw_proposal},
      {form("<N> carries it out"), &Play::carry_out},
      {form("<N> sees (\\d+) proposals? in <T>"), &Play::see_proposals},
      {form("<N> sees (\\d+) proposals? anywhere"), &Play::see_proposals_anywhere},
  };
}

std::vector<Play::Sentence> Play::sentences_of_units_and_tasks() {
  return {
      {form("<N> makes the unit <T> of (.+)"), &Play::make_unit},
      {form("<N> puts <N> on duty in <T> for (\\d+) hours"), &Play::put_on_duty},
      {form("<N> lets <N> stand in for <N> in <T> for (\\d+) hours"), &Play::let_stand_in},
      {form("<N> sends the list again"), &Play::send_list_again},
      {form("<N> finds <N> on duty in <T>"), &Play::find_on_duty},
      {form("<N> finds that <N> stands in for <N> in <T>"), &Play::find_standing_in},
      {form("<N> declares <N> out of service since (\\d+) hours"), &Play::declare_out_of_service},
      {form("<N> says that it ended (\\d+) hours ago"), &Play::end_out_of_service},
      {form("<N> sees that <N> was (in|out of) service (\\d+) hours ago"), &Play::see_service},
      {form("The unit <T> of <N> has (.+)"), &Play::list_unit},
      {form("<N> (supervises|is on duty in) <T>"), &Play::give_duty},
      {form("<N> stands in for <N> in <T>"), &Play::give_deputy},
      {form("<N> asks <T> in <T> to do <T>(.*)"), &Play::ask_unit},
      {form("<N> asks <N> in <T> to do <T>(.*)"), &Play::ask_person},
      {form("<N> (accepts|declines|withdraws|extends|reassigns|starts|pauses|resumes|submits|"
            "confirms|returns) <T>(.*)"),
       &Play::act_on_task},
      {form(
           "<N> sees that <T> is ([a-z_]+)(?: with <N>)?( and overdue)?(?:, due in (\\d+) hours)?"),
       &Play::see_task},
  };
}

std::vector<Play::Sentence> Play::sentences_of_hearings() {
  return {
      {form("<N> schedules <T> in <T> ((?:in|on) [-0-9: ]+(?: days)?), calling "
            "(.+?)(?:, not telling <N>)?"),
       &Play::schedule},
      {form("<N> moves <T> to ((?:in|on) .+)"), &Play::move_hearing},
      {form("<N> cancels <T>"), &Play::cancel_hearing},
      {form("<N> answers <T> as (received|understood|unable)(?: by version (\\d+))?"
            "(?: standing in for <N>)?"),
       &Play::answer_summons},
      {form("<N> asks to move <T> to ((?:in|on) .+?)(?: as <N>)?"), &Play::ask_for_date},
      {form("<N> states that (\\d+)(?: to (\\d+))? of <T> (?:was|were) served by <N>"
            "(?: (\\d+) days ago)?"),
       &Play::state_service},
      {form("<N> confirms that the person was told of <T>"), &Play::confirm_telling},
      {form("<N> records <T> as (held|interrupted|adjourned|judged)(?: until (.+))?"),
       &Play::record_outcome},
      {form("<N> sees the hearing <T>: (.+)"), &Play::see_hearing},
  };
}

std::vector<Play::Sentence> Play::sentences_of_grants() {
  return {
      {form("<N> asks for a grant on epochs (\\d+) to (\\d+) of <T>(, covering what is "
            "restricted)?"),
       &Play::ask_grant},
      {form("<N> proposes to withdraw the grant"), &Play::propose_grants_end},
      {form("<N> audits <T>(?: and finds (.*))?"), &Play::read_granted},
      {form("<N> sees that <N> (may|may no longer) read epochs (\\d+) to (\\d+) of <T>"),
       &Play::see_grant},
  };
}

std::vector<Play::Sentence> Play::sentences_of_time() {
  return {
      {form("<N> revokes <N>"), &Play::revoke},
      {form("The server restarts"), &Play::restart},
      {form("(\\d+) days pass"), &Play::pass_days},
      {form("(\\d+) hours pass"), &Play::pass_hours},
      {form("The server is down for (\\d+) hours"), &Play::be_down},
      {form("(\\d+) minutes pass"), &Play::pass_minutes},
      {form("<N> sees the silence about <T>: (.+)"), &Play::see_silence},
      {form("<N> is told of the silence about <T>: (.+)"), &Play::be_told_of_silence},
      {form("<N> sees that the server said of <T>: (.+)"), &Play::see_notices},
      {form("<N> sees the alerts of <T>: (.+)"), &Play::see_alerts},
      {form("The minute ends"), &Play::end_minute},
      {form("<N> finds that (.+) had read <T>(?: in the name of <N>)?"), &Play::find_readers},
      {form("<N> finds (\\d+) (messages|questions) by <N>"), &Play::count_acts},
      {form("<N> asks on"), &Play::ask_on},
      {form("<N> exports (?:the whole journal|<T>)"), &Play::export_channel},
      {form("<N> exports the case <T>"), &Play::export_case},
      {form("<N> goes offline"), &Play::do_nothing},
  };
}

const std::vector<Play::Sentence>& Play::sentences() {
  static const std::vector<Sentence> table = [] {
    std::vector<Sentence> all = sentences_of_channels();
    for (const auto& part : {sentences_of_units_and_tasks(), sentences_of_hearings(),
                             sentences_of_grants(), sentences_of_time()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

}  // namespace oberih::transcripts
