// See in_javascript.h. What the rules ask of tables and dates is looked up and computed before, and
// lines that no table mentions are left out: both would only make the rivals slower.
#include "bench/run/in_javascript.h"

#include "runtime/batch/column.h"
#include "tools/engine/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace sanku::bench {
namespace {

constexpr const char* script = "bench/rivals/item_rules.mjs";
constexpr const char* modules = "build/rivals";

extern "C" char** environ;

template <class T>
std::optional<std::int64_t> number_at(const batch::ColumnData& column, std::uint32_t row) {
  return batch::is_known(column, row) ? std::optional<std::int64_t>(batch::stored<T>(column, row))
                                      : std::nullopt;
}

std::string json(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "null";
}
std::string json(bool there, std::int64_t number) {
  return there ? std::to_string(number) : "null";
}

// Years completed; who is born on 29 February completes one on the 28th of years without it.
std::int64_t years_between(std::int64_t birth, std::int64_t day) {
  using Civil = std::chrono::year_month_day;
  const auto civil = [](std::int64_t days) {
    return Civil{std::chrono::sys_days{std::chrono::days{days}}};
  };
  const Civil born = civil(birth), at = civil(day);
  Civil reached{at.year(), born.month(), born.day()};
  if (!reached.ok())
    reached = Civil{at.year(), born.month(), std::chrono::day{28}};
  return static_cast<int>(at.year()) - static_cast<int>(born.year()) - (at < reached ? 1 : 0);
}

// What the facts of a settlement are made of.
class Facts {
public:
  explicit Facts(const ReferenceWorld& world)
      : world_(world), schema_(world.compiled->program().schema),
        items_(*schema::line_relation(schema_)) {
    for (const Item& item : world.reference.items)
      by_code_.emplace(item.code, &item);
  }

  void append(const batch::Batch& batch, std::uint32_t s, std::uint64_t id,
              std::string& out) const {
    const auto birth = number_at<std::int32_t>(column(batch, 0, "patient.birth"), s);
    const batch::RelationData& lines = batch.relations[items_];
    std::string mentioned, amounts;
    for (std::uint32_t i = lines.offsets[s]; i < lines.offsets[s + 1]; ++i) {
      amounts += (amounts.empty() ? "" : ",") +
                 json(number_at<std::int64_t>(column(batch, items_, "amount"), i));
      append_line(batch, i, i - lines.offsets[s], birth, mentioned);
    }
    out += fmt::format(R"({{"id":{},"sex":{},"level":{},"total":{},"amounts":[{}],"items":[{}]}})",
                       id, json(number_at<std::uint32_t>(column(batch, 0, "patient.sex"), s)),
                       json(number_at<std::uint32_t>(column(batch, 0, "provider.level"), s)),
                       json(number_at<std::int64_t>(column(batch, 0, "total"), s)), amounts,
                       mentioned);
    out += '\n';
  }

private:
  [[nodiscard]] const batch::ColumnData& column(const batch::Batch& batch, std::uint32_t relation,
                                                std::string_view path) const {
    return batch.relations[relation].columns[*engine::column_at(schema_.relations[relation], path)];
  }

  void append_line(const batch::Batch& batch, std::uint32_t i, std::uint32_t line,
                   const std::optional<std::int64_t>& birth, std::string& out) const {
    const Value code =
        batch::value_at(batch, schema_, engine::dictionaries(*world_.compiled->engine), items_,
                        *engine::column_at(schema_.relations[items_], "code"), i);
    const auto* text = std::get_if<CodeText>(&code);
    const auto found = text != nullptr ? by_code_.find(text->text) : by_code_.end();
    if (found == by_code_.end())
      return;
    const Item& item = *found->second;
    if (item.sex == 0 && !item.age && item.level == 0)
      return;
    const auto at = number_at<std::int64_t>(column(batch, items_, "at"), i);
    constexpr std::int64_t day_seconds = 86'400;
    const auto age =
        birth && at ? std::optional(years_between(*birth, *at / day_seconds)) : std::nullopt;
    const AgeRange range = item.age.value_or(AgeRange{});
    out += fmt::format(
        R"({}{{"line":{},"age":{},"limit_sex":{},"age_low":{},"age_high":{},"limit_level":{}}})",
        out.empty() ? "" : ",", line, json(age), json(item.sex != 0, item.sex),
        json(item.age.has_value(), range.low), json(item.age.has_value(), range.high),
        json(item.level != 0, item.level));
  }

  const ReferenceWorld& world_;
  const schema::Schema& schema_;
  std::uint32_t items_;
  std::unordered_map<std::string, const Item*> by_code_;
};

void write_facts(const ReferenceWorld& world, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  const Facts facts(world);
  std::uint64_t id = 0;
  for (const batch::Batch& batch : world.batches) {
    std::string text;
    for (std::uint32_t s = 0; s < batch.settlements; ++s)
      facts.append(batch, s, id++, text);
    file << text;
  }
  if (!file.flush())
    stop("cannot write " + path);
}

// `rule settlement line`, in order; of rules on settlements the line is 0.
std::vector<std::string> compiled_findings(const ReferenceWorld& world,
                                           const JavaScriptEngine& engine) {
  const hir::Program& program = world.compiled->program();
  const std::uint32_t items = *schema::line_relation(program.schema);
  engine::Judge judge(*world.compiled->engine);
  std::vector<std::string> found;
  std::uint64_t first = 0;
  for (const batch::Batch& batch : world.batches) {
    for (const exec::Finding& finding : judge.judge(batch).findings) {
      const hir::Rule& rule = program.rules[finding.rule];
      if (std::ranges::find(engine.rules, std::string_view(rule.id)) == engine.rules.end())
        continue;
      const bool whole = rule.subject.kind == hir::SubjectKind::settlement;
      const std::uint32_t line =
          whole ? 0 : finding.subject - batch.relations[items].offsets[finding.settlement];
      found.push_back(fmt::format("{} {} {}", rule.id, first + finding.settlement, line));
    }
    first += batch.settlements;
  }
  std::ranges::sort(found);
  return found;
}

} // namespace

std::vector<JavaScriptEngine> javascript_engines() {
  return {
      {.name = "zen", .target = "ten_rules_vs_zen", .rules = {"R01", "R02", "R07", "R09"}},
      {.name = "json", .target = "ten_rules_vs_json_rules_engine", .rules = {"R01", "R02", "R09"}}};
}

Result<InJavaScript> InJavaScript::open(const ReferenceWorld& world, const std::string& folder) {
  if (!std::filesystem::exists(std::string(modules) + "/node_modules"))
    return failure("the rule engines of bench/rivals are not installed; `./dev rivals` does it",
                   "bench/rivals 所列规则引擎未安装，请运行 ./dev rivals");
  InJavaScript made;
  made.folder_ = folder;
  const std::string facts = folder + "/rivals.facts.ndjson";
  write_facts(world, facts);
  int there[2], back[2];
  if (::pipe2(there, O_CLOEXEC) != 0 || ::pipe2(back, O_CLOEXEC) != 0)
    stop("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, there[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, back[1], STDOUT_FILENO);
  std::vector<std::string> words = {"node", script, facts, modules};
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int failed =
      ::posix_spawnp(&made.process_, "node", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(there[0]);
  ::close(back[1]);
  made.to_ = ::fdopen(there[1], "w");
  made.from_ = ::fdopen(back[0], "r");
  if (failed != 0) {
    made.process_ = 0;
    return failure("Node is not installed", "未安装 Node");
  }
  if (made.answer() != "ready")
    return failure("the rule engines of bench/rivals do not start",
                   "bench/rivals 所列规则引擎无法启动");
  return made;
}

InJavaScript::InJavaScript(InJavaScript&& other) noexcept
    : folder_(std::move(other.folder_)), process_(std::exchange(other.process_, 0)),
      to_(std::exchange(other.to_, nullptr)), from_(std::exchange(other.from_, nullptr)) {}

InJavaScript::~InJavaScript() {
  if (to_ != nullptr)
    (void)std::fclose(to_);
  if (from_ != nullptr)
    (void)std::fclose(from_);
  if (process_ != 0)
    ::waitpid(process_, nullptr, 0);
}

std::string InJavaScript::answer() {
  char line[256] = {};
  if (std::fgets(line, sizeof line, from_) == nullptr)
    return {};
  std::string text(line);
  if (text.ends_with('\n'))
    text.pop_back();
  return text;
}

std::string InJavaScript::ask(const std::string& line) {
  if (std::fprintf(to_, "%s\n", line.c_str()) < 0 || std::fflush(to_) != 0)
    stop("the rule engines of bench/rivals ended early");
  return answer();
}

std::uint64_t InJavaScript::run(const JavaScriptEngine& engine) {
  const std::string count = ask(engine.name);
  if (count.empty())
    stop(fmt::format("{} gave no answer", engine.name));
  return std::stoull(count);
}

void InJavaScript::compare(const ReferenceWorld& world, const JavaScriptEngine& engine) {
  (void)run(engine);
  const std::string path = folder_ + "/rivals.findings";
  (void)ask("write " + path);
  std::vector<std::string> theirs;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);)
    theirs.push_back(line);
  std::ranges::sort(theirs);
  const std::vector<std::string> ours = compiled_findings(world, engine);
  const auto [mine, other] = std::ranges::mismatch(ours, theirs);
  if (mine != ours.end() || other != theirs.end())
    stop(fmt::format("{} finds something else: {} against {}", engine.name,
                     mine != ours.end() ? *mine : "nothing",
                     other != theirs.end() ? *other : "nothing"));
  if (ours.empty())
    stop("the item rules find nothing, so equal findings say nothing");
}

} // namespace sanku::bench
