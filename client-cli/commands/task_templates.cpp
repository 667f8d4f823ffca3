// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_templates.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/task_text.hpp"

namespace oberih::client {

extern const std::string_view task_templates_text;

namespace {

/// What a proposal could not carry is no template.
bool can_be_sent(const std::string& title, const std::string& instructions) {
  return sealing::encode_task_text({sealing::TaskAction::propose, title, instructions}).has_value();
}

Result<TaskTemplate> parse_template(const nlohmann::json& value) {
  encoding::StrictObject object(value, "template");
  TaskTemplate made;
  made.name = object.text("name");
  const auto kind = sealing::find_task_kind(object.text("kind"));
  const auto urgency = sealing::find_task_urgency(object.text("urgency"));
  made.title_uk = object.text("title_uk");
  made.title_en = object.text("title_en");
  made.instructions_uk = object.text("instructions_uk");
  made.instructions_en = object.text("instructions_en");
  made.law = object.optional_text("law").value_or("");
  made.reason = object.text("reason");
  if (!kind) object.fail("kind", "is no kind of task");
  if (!urgency) object.fail("urgency", "is no urgency");
  if (!can_be_sent(made.title_uk, made.instructions_uk) ||
      !can_be_sent(made.title_en, made.instructions_en))
    object.fail("title_uk", "could not be sent");
  OBERIH_TRY(object.finish());
  made.kind = *kind;
  made.urgency = *urgency;
  return made;
}

}  // namespace

const std::string& TaskTemplate::title(Language language) const {
  return language == Language::ukrainian ? title_uk : title_en;
}

const std::string& TaskTemplate::instructions(Language language) const {
  return language == Language::ukrainian ? instructions_uk : instructions_en;
}

Result<std::vector<TaskTemplate>> parse_task_templates(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json, "task_templates");
  object.optional_text("$schema");
  if (object.u64("version") != 1) object.fail("version", "is not 1");
  std::vector<TaskTemplate> templates;
  std::set<std::string> names;
  for (const nlohmann::json& value : object.array("templates", 64)) {
    Result<TaskTemplate> made = parse_template(value);
    if (!made) return made.error();
    if (!names.insert(made->name).second) object.fail("templates", "name one twice");
    templates.push_back(std::move(*made));
  }
  OBERIH_TRY(object.finish());
  return templates;
}

std::vector<TaskTemplate> task_templates() {
  Result<std::vector<TaskTemplate>> templates = parse_task_templates(task_templates_text);
  return templates ? std::move(*templates) : std::vector<TaskTemplate>{};
}

Result<TaskTemplate> find_task_template(std::string_view name) {
  std::string names;
  for (TaskTemplate& each : task_templates()) {
    if (each.name == name) return std::move(each);
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return refuse(RefusalCode::usage, "--template is one of " + names);
}

}  // namespace oberih::client
