// The item rules of the ten in rule engines that rule authors would otherwise pick, ZEN and
// json-rules-engine, in a Node process of their own (bench/rivals/item_rules.mjs), and the proof
// that they find what the compiled rules find. Entry: InJavaScript.
#pragma once

#include "bench/run/world.h"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace sanku::bench {

struct JavaScriptEngine {
  const char* name;                    // as the program is asked for it
  const char* target;                  // of target_table
  std::vector<std::string_view> rules; // that it can express
};

class InJavaScript {
public:
  // Writes the facts and starts the program. An error: Node or the engines are not there.
  [[nodiscard]] static Result<InJavaScript> open(const ReferenceWorld& world,
                                                 const std::string& folder);
  InJavaScript(InJavaScript&& other) noexcept;
  InJavaScript(const InJavaScript&) = delete;
  InJavaScript& operator=(const InJavaScript&) = delete;
  ~InJavaScript();

  // All settlements; the number of findings.
  std::uint64_t run(const JavaScriptEngine& engine);
  // Stops at the first difference from the compiled rules.
  void compare(const ReferenceWorld& world, const JavaScriptEngine& engine);

private:
  InJavaScript() = default;
  // One line there, one back.
  [[nodiscard]] std::string ask(const std::string& line);
  [[nodiscard]] std::string answer();

  std::string folder_;
  pid_t process_ = 0;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

// ZEN can count and add over a settlement's lines, so it has the total as well. Neither groups
// lines by code and day, looks at pairs of lines, or reports part of a line.
[[nodiscard]] std::vector<JavaScriptEngine> javascript_engines();

} // namespace sanku::bench
