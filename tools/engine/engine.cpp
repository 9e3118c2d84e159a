// Both executions behind one face (engine.h).
#include "tools/engine/engine.h"

#include "compiler/evaluate/evaluate.h"
#include "runtime/types/check.h"
#include "tools/engine/stopwatch.h"

#include <algorithm>
#include <tuple>

namespace sanku::engine {
namespace {

// Where a subject stands in the batch, apart from the order of lines in the file as far as they can
// be told apart.
struct SubjectPlace {
  std::uint32_t settlement, list, rank, row, rule;
  friend auto operator<=>(const SubjectPlace&, const SubjectPlace&) = default;
};

template <class Entry>
SubjectPlace place_of(const Engine& engine, const batch::Batch& batch, const Entry& entry) {
  const hir::Subject& subject = engine.program.rules[entry.rule].subject;
  const bool element = subject.kind != hir::SubjectKind::settlement;
  const std::uint32_t list = element ? subject.relation : 0;
  return {entry.settlement, list, element ? batch.relations[list].order[entry.subject] : 0,
          entry.subject, entry.rule};
}

template <class Entry>
void sort_by_subject(const Engine& engine, const batch::Batch& batch, std::vector<Entry>& entries) {
  std::ranges::stable_sort(entries, {},
                           [&](const Entry& entry) { return place_of(engine, batch, entry); });
}

} // namespace

Result<Compiled> compile(const hir::Program& program, jit::Level level) {
  const Stopwatch watch;
  auto image = jit::compile(program, plan::plan(program), level);
  if (!image)
    return tl::unexpected(image.error());
  return Compiled{.image = std::move(*image), .seconds = watch.seconds()};
}

std::unique_ptr<Engine> make_engine(const hir::Program& program,
                                    const std::vector<knowledge::Table>& tables,
                                    const exec::ProgramImage* image, const EngineOptions& options) {
  check((image != nullptr) == (options.kind == EngineKind::jit),
        "compiled code is for the engine that runs it");
  auto engine = std::make_unique<Engine>(Engine{.program = program,
                                                .tables = tables,
                                                .image = image,
                                                .options = options,
                                                .bound = {},
                                                .empty = {}});
  if (image == nullptr) {
    engine->empty.resize(program.schema.dictionaries);
    return engine;
  }
  const Stopwatch watch;
  std::vector<knowledge::TableShape> shapes;
  for (const hir::Table& table : program.tables)
    shapes.push_back(table.shape);
  engine->bound =
      exec::bind(*image, program.schema, shapes, tables, {.use_index = options.use_index});
  engine->bind_seconds = watch.seconds();
  return engine;
}

const batch::Dictionaries& dictionaries(const Engine& engine) {
  return engine.bound ? engine.bound->dictionaries : engine.empty;
}

Judge::Judge(const Engine& engine) : engine_(engine) {
  if (engine.bound)
    worker_ =
        exec::make_worker(*engine.bound, {.list_indeterminate = engine.options.list_indeterminate});
  else
    outcomes_.resize(engine.program.rules.size());
}

exec::BlockResult Judge::judge(const batch::Batch& batch) {
  exec::BlockResult result;
  if (worker_) {
    result = exec::run_block(*worker_, batch);
  } else {
    evaluate::run({engine_.program, engine_.tables, batch, engine_.empty}, result.findings,
                  result.indeterminate, outcomes_);
    work_.settlements += batch.settlements;
    if (const auto lines = schema::line_relation(engine_.program.schema))
      work_.items += batch.relations[*lines].rows;
    work_.findings += result.findings.size();
    if (!engine_.options.list_indeterminate)
      result.indeterminate.clear();
  }
  sort_by_subject(engine_, batch, result.findings);
  sort_by_subject(engine_, batch, result.indeterminate);
  return result;
}

const std::vector<exec::OutcomeCounts>& Judge::outcomes() const {
  return worker_ ? exec::outcomes(*worker_) : outcomes_;
}

exec::WorkCounts Judge::work() const { return worker_ ? exec::work(*worker_) : work_; }

} // namespace sanku::engine
