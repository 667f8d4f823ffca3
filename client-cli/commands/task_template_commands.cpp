// SPDX-License-Identifier: Apache-2.0
// `task templates`: what can be asked with `task propose --template`. Needs no profile.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/task_templates.hpp"

namespace oberih::client {
namespace {

nlohmann::ordered_json template_json(const TaskTemplate& each) {
  return {{"name", each.name},
          {"kind", sealing::name_of(each.kind)},
          {"urgency", sealing::name_of(each.urgency)},
          {"title_uk", each.title_uk},
          {"title_en", each.title_en},
          {"instructions_uk", each.instructions_uk},
          {"instructions_en", each.instructions_en},
          {"law", each.law},
          {"reason", each.reason}};
}

Result<> show_template(Console& console, const std::string& name) {
  Result<TaskTemplate> found = find_task_template(name);
  if (!found) return found.error();
  console.object(template_json(*found));
  console.say(Sentence::task_template_shown,
              {{"name", found->name},
               {"title", found->title(console.language())},
               {"instructions", found->instructions(console.language())},
               {"kind", std::string(sealing::name_of(found->kind))},
               {"urgency", std::string(sealing::name_of(found->urgency))},
               {"law", found->law.empty() ? "-" : found->law},
               {"reason", found->reason}});
  return {};
}

Result<> show_templates(CommandContext& context, const std::string& name) {
  Console& console = context.console();
  if (!name.empty()) return show_template(console, name);
  Table table({console.text(Sentence::column_template), console.text(Sentence::column_kind),
               console.text(Sentence::column_urgency), console.text(Sentence::column_title)});
  for (const TaskTemplate& each : task_templates()) {
    console.object(template_json(each));
    table.add({each.name, std::string(sealing::name_of(each.kind)),
               std::string(sealing::name_of(each.urgency)), each.title(console.language())});
  }
  console.print(table);
  return {};
}

}  // namespace

void add_task_templates_command(CommandTree& tree, CLI::App* group) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = tree.command(
      group, "templates", Sentence::help_task_templates, "oberih task templates accommodation_8h",
      [name](CommandContext& context) { return show_templates(context, *name); });
  command->add_option("name", *name, tree.text(Sentence::help_option_template_name));
}

}  // namespace oberih::client
