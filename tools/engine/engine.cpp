// Both executions behind one face (engine.h).
#include "tools/engine/engine.h"

#include "compiler/evaluate/evaluate.h"
#include "compiler/hir/walk.h"
#include "compiler/plan/reach.h"
#include "runtime/types/check.h"
#include "tools/engine/columns.h"
#include "tools/engine/stopwatch.h"

#include <algorithm>
#include <set>
#include <span>
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

// Codes of the length of a cut one that rules name themselves.
struct Named {
  std::set<std::string, std::less<>> codes;

  void operator()(const hir::Expr& expr) {
    if (const auto* constant = std::get_if<hir::Constant>(&expr.form))
      if (const auto* code = std::get_if<CodeText>(&constant->value))
        codes.insert(code->text);
    hir::for_each_child(expr, *this);
  }
  void operator()(const hir::Query& query) { hir::for_each_child(query, *this); }
};

bool reads_raw(const hir::Program& program) {
  const auto raw = [&](hir::RelationId relation) {
    return relation < program.schema.relations.size() &&
           program.schema.relations[relation].raw_of.has_value();
  };
  return std::ranges::any_of(program.rules, [&](const hir::Rule& rule) {
    return raw(rule.subject.relation) || std::ranges::any_of(rule.binder_relations, raw);
  });
}

exec::Claim claim_of_report(const hir::Report& report) {
  switch (report.severity) {
  case ast::Severity::violation:
    return exec::Claim::violation;
  case ast::Severity::suspected:
    return exec::Claim::suspected;
  case ast::Severity::reminder:
  case ast::Severity::lead:
  case ast::Severity::indicator:
    return exec::Claim::none;
  }
  unreachable("a report has a severity");
}

std::vector<exec::RuleClaim> claims_of(const hir::Program& program) {
  std::vector<exec::RuleClaim> claims;
  for (const hir::Rule& rule : program.rules) {
    exec::RuleClaim& claim = claims.emplace_back();
    claim.id = rule.id;
    // Lines of groups across visits are attributed by nobody: each visit's are its own findings'.
    const auto claim_of = [&](const hir::Report& report) {
      return rule.subject.across ? exec::Claim::none : claim_of_report(report);
    };
    claim.category = static_cast<std::uint8_t>(rule.category);
    for (const hir::Branch& branch : rule.branches)
      claim.branches.push_back(claim_of(branch.report));
    if (rule.when_unknown)
      claim.when_unknown = claim_of(*rule.when_unknown);
  }
  return claims;
}

std::vector<knowledge::TableShape> shapes_of(const hir::Program& program) {
  std::vector<knowledge::TableShape> shapes;
  for (const hir::Table& table : program.tables)
    shapes.push_back(table.shape);
  return shapes;
}

} // namespace

assemble::Reach reach_of(const hir::Program& program) {
  switch (plan::reach_of(program)) {
  case plan::Reach::visit:
    return assemble::Reach::visit;
  case plan::Reach::person:
    return assemble::Reach::person;
  case plan::Reach::population:
    return assemble::Reach::population;
  }
  unreachable("a program reaches somewhere");
}

exec::PeersOfRules no_peers(const hir::Program& program) {
  exec::PeersOfRules peers;
  for (const hir::Rule& rule : program.rules)
    peers.emplace_back(rule.peers.size());
  return peers;
}

assemble::CodeBook code_book(const hir::Program& program,
                             const std::vector<knowledge::Table>& tables) {
  Named named;
  for (const hir::Rule& rule : program.rules)
    hir::for_each_child(rule, named);
  std::vector<assemble::MapTable> made;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const hir::Table& table = program.tables[t];
    made.push_back({.shape = table.shape,
                    .table = tables[t],
                    .zones = program.layers[table.layer].zones,
                    .insured = table.region == ast::Region::insured});
  }
  return assemble::make_code_book(program.schema, made, {program.regions, program.home},
                                  named.codes);
}

assemble::LocalCodes local_codes(const hir::Program& program) {
  assemble::LocalCodes made{.where = {program.regions, program.home}, .codes = {}};
  for (const hir::LocalCode& code : program.local_codes) {
    const knowledge::Zones zones = program.layers[code.layer].zones;
    made.codes.push_back({.first = zones.first,
                          .last = zones.last,
                          .type = code.type,
                          .code = code.code,
                          .member = code.member});
  }
  return made;
}

Result<Compiled> compile(const hir::Program& program, jit::Level level, double most_seconds) {
  const Stopwatch watch;
  const plan::Plan plan = plan::plan(program);
  jit::BuildOptions options{.level = level};
  options.stopped = [&] { return watch.seconds() > most_seconds; };
  const auto native = jit::build(program, plan, options);
  if (!native)
    return tl::unexpected(native.error());
  if (native->objects.empty())
    return Compiled{.image = nullptr, .seconds = watch.seconds()};
  auto image = jit::load(program, plan, *native);
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
                                                .empty = {},
                                                .codes = code_book(program, tables),
                                                .local = local_codes(program),
                                                .reads_raw = reads_raw(program),
                                                .reach = reach_of(program),
                                                .claims = claims_of(program),
                                                .paid = exec::paid_columns(program.schema)});
  if (image == nullptr) {
    engine->empty.resize(program.schema.dictionaries);
    return engine;
  }
  const Stopwatch watch;
  engine->bound = exec::bind(*image, program.schema, shapes_of(program), tables,
                             {.use_index = options.use_index});
  engine->bound->read = columns_read(program, false);
  engine->bind_seconds = watch.seconds();
  return engine;
}

const batch::Dictionaries& dictionaries(const Engine& engine) {
  return engine.bound ? engine.bound->dictionaries : engine.empty;
}

assemble::Assembly assembly(const Engine& engine) {
  return {.codes = &engine.codes,
          .local = engine.local.codes.empty() ? nullptr : &engine.local,
          .raw = engine.reads_raw,
          .place = true,
          .reach = engine.reach};
}

// A line is in one settlement.
void attribute(const Engine& engine, const batch::Batch& batch, std::span<exec::Finding> findings,
               exec::Ledger& ledger) {
  for (std::size_t begin = 0, end = 0; begin < findings.size(); begin = end) {
    const std::uint32_t settlement = findings[begin].settlement;
    while (end < findings.size() && findings[end].settlement == settlement)
      ++end;
    exec::paid_lines(batch, engine.paid, settlement, ledger);
    exec::attribute(engine.claims, findings.subspan(begin, end - begin), ledger);
  }
}

Judge::Judge(const Engine& engine) : engine_(engine) {
  if (engine.bound)
    worker_ =
        exec::make_worker(*engine.bound, {.list_indeterminate = engine.options.list_indeterminate});
  else
    outcomes_.resize(engine.program.rules.size());
}

void Judge::collect(const batch::Batch& batch, exec::PeersOfRules& into) {
  if (worker_)
    exec::collect_peers(*worker_, batch, into);
  else
    evaluate::Evaluator({engine_.program, engine_.tables, batch, engine_.empty}).collect(into);
}

exec::BlockResult Judge::judge(const batch::Batch& batch, const exec::Pass& pass) {
  const bool compares = std::ranges::any_of(
      engine_.program.rules, [](const hir::Rule& rule) { return !rule.peers.empty(); });
  if (pass.peers == nullptr && compares) {
    exec::PeersOfRules peers = no_peers(engine_.program);
    collect(batch, peers);
    exec::finish(peers);
    return judge(batch, {.rules = pass.rules, .peers = &peers, .again = pass.again});
  }
  exec::BlockResult result;
  if (worker_) {
    result = exec::run_block(*worker_, batch, pass);
    evaluate::name_missing(
        {engine_.program, engine_.tables, batch, dictionaries(engine_), pass.peers},
        result.findings);
  } else {
    evaluate::run({engine_.program, engine_.tables, batch, engine_.empty, pass.peers},
                  result.findings, result.indeterminate, outcomes_, pass.rules);
    if (!pass.again)
      work_.settlements += batch::judged(batch);
    if (const auto lines = schema::line_relation(engine_.program.schema); lines && !pass.again)
      work_.items += batch::judged_rows(batch, *lines);
    work_.findings += result.findings.size();
    if (!engine_.options.list_indeterminate)
      result.indeterminate.clear();
    sort_by_subject(engine_, batch, result.findings);
    sort_by_subject(engine_, batch, result.indeterminate);
  }
  if (engine_.options.attribute)
    attribute(engine_, batch, result.findings, ledger_);
  return result;
}

const std::vector<exec::OutcomeCounts>& Judge::outcomes() const {
  return worker_ ? exec::outcomes(*worker_) : outcomes_;
}

std::vector<exec::RuleWork> Judge::rule_work() const {
  return worker_ ? exec::rule_work(*worker_) : std::vector<exec::RuleWork>();
}

exec::WorkCounts Judge::work() const { return worker_ ? exec::work(*worker_) : work_; }

} // namespace sanku::engine
