// SPDX-License-Identifier: Apache-2.0
// The table of what goes wrong, and at which stage.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "tests/garbage/scene.hpp"

namespace oberih::garbage {

/// What has to happen when a mischief has done its work.
enum class Afterwards {
  server_ends,      // the server ends the connection, at the latest by its time-outs
  answers_or_ends,  // a genuine request, sent now, is answered; or the server ends the connection
  answers,          // nothing was wrong: that request must be answered
  we_leave,         // cut from this side
};

struct Mischief {
  Stage stage;
  std::string_view name;
  Afterwards (*commit)(Scene&);
  std::string_view what;
};

inline constexpr std::array stage_names = {"tcp", "tls", "http", "websocket", "request", "member"};

const std::vector<Mischief>& mischief_table();

#define OBERIH_MISCHIEF(stage, name, what) Afterwards name(Scene& scene);
#include "tests/garbage/mischiefs.def"
#undef OBERIH_MISCHIEF

}  // namespace oberih::garbage
