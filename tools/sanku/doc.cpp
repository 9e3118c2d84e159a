// sanku doc: a handbook of a pack, as pages that open from disk.
#include "tools/handbook/handbook.h"
#include "tools/sanku/command.h"

#include <fmt/format.h>

namespace sanku::command {

int doc(const Arguments& arguments, const Terminal& terminal) {
  const std::string place = arguments.paths.empty() ? national_pack() : arguments.paths.front();
  if (place.empty() || arguments.paths.size() > 1 || arguments.out.empty())
    return wrong_usage(terminal, "用法：sanku doc 规则包 --out 文件夹",
                       "usage: sanku doc PACK --out DIR");
  // What is written does not depend on where it is written.
  std::vector<Language> languages{Language::zh, Language::en};
  if (arguments.lang == "zh" || arguments.lang == "en")
    languages = {terminal.language};
  const auto rules = ready_rules(place, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  const std::vector<handbook::File> files = handbook::handbook(*rules, languages);
  if (const auto written = handbook::write_handbook(arguments.out, files); !written)
    return fail(written.error(), terminal, exit_code::refused_by_system);
  const std::string index = (std::filesystem::path(arguments.out) / "index.html").string();
  return print(
      terminal.language == Language::zh
          ? fmt::format("已写入 {} 条规则的手册：{}\n", engine::program(*rules).rules.size(), index)
          : fmt::format("a handbook of {} rules was written: {}\n",
                        engine::program(*rules).rules.size(), index),
      terminal, exit_code::clean);
}

} // namespace sanku::command
