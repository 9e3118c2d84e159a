// See in_duckdb.h. DuckDB is given whole numbers for codes, as a columnar store would hold them
// after encoding, so that it compares no texts.
#include "bench/run/in_duckdb.h"

#include "runtime/batch/column.h"
#include "tools/engine/identity.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace sanku::bench {
namespace {

constexpr std::int64_t day_seconds = 86'400;

template <class T>
std::optional<std::int64_t> known_number(const batch::ColumnData& column, std::uint32_t row) {
  return batch::is_known(column, row) ? std::optional<std::int64_t>(batch::stored<T>(column, row))
                                      : std::nullopt;
}
std::optional<std::int32_t> known_day(const batch::ColumnData& column, std::uint32_t row) {
  const auto at = known_number<std::int64_t>(column, row);
  return at ? std::optional(static_cast<std::int32_t>(*at / day_seconds)) : std::nullopt;
}

struct Lists {
  std::uint32_t items = 0, diagnoses = 0;
};
Lists lists_of(const schema::Schema& schema) {
  Lists lists{.items = *schema::line_relation(schema)};
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r)
    if (schema.relations[r].names.en == "diagnoses")
      lists.diagnoses = r;
  return lists;
}

// Numbers for the texts of diagnoses.
using Ids = std::unordered_map<std::string, std::int64_t>;

std::string code_at(const ReferenceWorld& world, const batch::Batch& batch, std::uint32_t relation,
                    std::uint32_t column, std::uint32_t row) {
  const Value value =
      batch::value_at(batch, world.compiled->program().schema,
                      engine::dictionaries(*world.compiled->engine), relation, column, row);
  return std::get<CodeText>(value).text;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Rule, settlement, subject, evidence, cents.
using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
constexpr std::int64_t nothing = -1;

} // namespace

InDuckDb::InDuckDb(duckdb::Database database)
    : database_(std::move(database)), sql_(read_file("bench/rivals/ten_rules.sql")) {}

Result<InDuckDb> InDuckDb::open(const ReferenceWorld& world) {
  auto database = duckdb::Database::open();
  if (!database)
    return tl::unexpected(database.error());
  InDuckDb made(std::move(*database));
  made.fill_tables(world);
  made.fill_claims(world);
  return made;
}

void InDuckDb::must(const std::string& sql) {
  if (auto done = database_.run(sql); !done)
    stop(done.error().en);
}

void InDuckDb::threads(unsigned count) { must(fmt::format("SET threads = {}", count)); }

std::uint64_t InDuckDb::run() {
  must(sql_);
  const auto rows = database_.rows("SELECT count(*) FROM findings");
  if (!rows)
    stop(rows.error().en);
  return std::stoull((*rows)[0][0].value_or("0"));
}

void InDuckDb::fill_tables(const ReferenceWorld& world) {
  const schema::Schema& schema = world.compiled->program().schema;
  const std::uint32_t items = lists_of(schema).items;
  const Type type =
      schema.relations[items].columns[*engine::column_at(schema.relations[items], "code")].type;
  const codes::Dictionary& dictionary =
      engine::dictionaries(*world.compiled->engine)[schema.systems[type.domain].dictionary];
  const auto& shapes = world.compiled->program().tables;
  const std::map<std::string, std::string> columns = {{"sex_only", "sex BIGINT"},
                                                      {"age_only", "low BIGINT, high BIGINT"},
                                                      {"for_diagnosis", "family BIGINT"},
                                                      {"once_a_day", ""},
                                                      {"excluded", "other BIGINT"},
                                                      {"day_limit", "most BIGINT"},
                                                      {"bed", ""},
                                                      {"level_limit", "level BIGINT"},
                                                      {"second_line", "family BIGINT"},
                                                      {"first_line", "family BIGINT"}};
  for (std::size_t t = 0; t < shapes.size(); ++t) {
    const std::string& name = shapes[t].shape.relation.names.en;
    const auto more = columns.find(name);
    if (more == columns.end())
      continue;
    must(fmt::format("CREATE TABLE {} (code BIGINT, place BIGINT{}{})", name,
                     more->second.empty() ? "" : ", ", more->second));
    duckdb::Database::Appender rows(database_, name);
    const auto& table = world.compiled->tables()[t].rows;
    for (std::size_t row = 0; row < table.size(); ++row) {
      rows.number(codes::find(dictionary, std::get<CodeText>(table[row][0]).text));
      rows.number(static_cast<std::int64_t>(row));
      for (std::size_t c = 1; c < table[row].size(); ++c) {
        const Value& value = table[row][c];
        if (const auto* number = std::get_if<Integer>(&value))
          rows.number(number->value);
        else if (const auto* listed = std::get_if<EnumValue>(&value))
          rows.number(listed->id);
        else if (const auto* span = std::get_if<Span>(&value))
          rows.number(number_of(*span));
        else
          rows.number(codes::find(dictionary, std::get<CodeText>(value).text));
      }
      rows.end_row();
    }
    if (!rows.finish())
      stop("DuckDB refuses the rows of " + name);
  }
}

void InDuckDb::fill_claims(const ReferenceWorld& world) {
  const schema::Schema& schema = world.compiled->program().schema;
  const Lists lists = lists_of(schema);
  const auto at = [&](std::uint32_t relation, std::string_view path) {
    return *engine::column_at(schema.relations[relation], path);
  };
  must("CREATE TABLE settlements (s BIGINT, sex BIGINT, birth DATE, level BIGINT, total BIGINT, "
       "admitted DATE, discharged DATE);"
       "CREATE TABLE items (s BIGINT, line BIGINT, code BIGINT, day DATE, quantity BIGINT, amount "
       "BIGINT, place_in_visit BIGINT);"
       "CREATE TABLE diagnoses (s BIGINT, code BIGINT);"
       "CREATE TABLE diagnosis_set (family BIGINT, code BIGINT)");
  duckdb::Database::Appender headers(database_, "settlements"), lines(database_, "items"),
      diagnoses(database_, "diagnoses"), sets(database_, "diagnosis_set");
  Ids ids;
  std::int64_t settlement = 0, line = 0;
  for (const batch::Batch& batch : world.batches) {
    const batch::RelationData& header = batch.relations[0];
    const batch::RelationData& items = batch.relations[lists.items];
    const batch::RelationData& list = batch.relations[lists.diagnoses];
    const auto column = [](const batch::RelationData& relation, std::uint32_t c) -> const auto& {
      return relation.columns[c];
    };
    for (std::uint32_t s = 0; s < batch.settlements; ++s, ++settlement) {
      headers.number(settlement);
      headers.number(known_number<std::uint32_t>(column(header, at(0, "patient.sex")), s));
      const auto birth = known_number<std::int32_t>(column(header, at(0, "patient.birth")), s);
      headers.date(birth ? std::optional(static_cast<std::int32_t>(*birth)) : std::nullopt);
      headers.number(known_number<std::uint32_t>(column(header, at(0, "provider.level")), s));
      headers.number(known_number<std::int64_t>(column(header, at(0, "total")), s));
      headers.date(known_day(column(header, at(0, "admitted")), s));
      headers.date(known_day(column(header, at(0, "discharged")), s));
      headers.end_row();
      for (std::uint32_t i = items.offsets[s]; i < items.offsets[s + 1]; ++i, ++line) {
        lines.number(settlement);
        lines.number(line);
        lines.number(known_number<std::uint32_t>(column(items, at(lists.items, "code")), i));
        lines.date(known_day(column(items, at(lists.items, "at")), i));
        lines.number(known_number<std::int64_t>(column(items, at(lists.items, "quantity")), i));
        lines.number(known_number<std::int64_t>(column(items, at(lists.items, "amount")), i));
        lines.number(items.order[i]);
        lines.end_row();
      }
      for (std::uint32_t i = list.offsets[s]; i < list.offsets[s + 1]; ++i) {
        const std::string code =
            code_at(world, batch, lists.diagnoses, at(lists.diagnoses, "code"), i);
        diagnoses.number(settlement);
        diagnoses.number(
            ids.try_emplace(code, static_cast<std::int64_t>(ids.size())).first->second);
        diagnoses.end_row();
      }
    }
  }
  // A code belongs to the groups that name it or one that it begins with.
  for (std::uint32_t group = 1; group < world.reference.groups.size(); ++group) {
    std::set<std::string> named;
    for (const std::uint32_t number : world.reference.groups[group])
      named.insert(world.reference.diagnoses[number]);
    for (const auto& [code, id] : ids)
      for (std::size_t size = 1; size <= code.size(); ++size)
        if (named.contains(code.substr(0, size))) {
          sets.number(group);
          sets.number(id);
          sets.end_row();
          break;
        }
  }
  for (duckdb::Database::Appender* each : {&headers, &lines, &diagnoses, &sets})
    if (!each->finish())
      stop("DuckDB refuses the claims");
}

void InDuckDb::compare(const ReferenceWorld& world) {
  (void)run();
  const auto rows = database_.rows("SELECT rule, s, subject, evidence, cents FROM findings");
  if (!rows)
    stop(rows.error().en);
  std::multiset<Key> theirs, ours;
  const auto number = [](const std::optional<std::string>& cell) {
    return cell ? std::stoll(*cell) : nothing;
  };
  for (const duckdb::Row& row : *rows)
    theirs.insert({number(row[0]), number(row[1]), number(row[2]), number(row[3]), number(row[4])});
  engine::Judge judge(*world.compiled->engine);
  const std::uint32_t items = lists_of(world.compiled->program().schema).items;
  std::int64_t settlement = 0, line = 0;
  for (const batch::Batch& batch : world.batches) {
    for (const exec::Finding& finding : judge.judge(batch).findings) {
      const bool whole = finding.rule == 6 || finding.rule == 7;
      std::int64_t cents = 0;
      const bool known = exec::amount_of(finding, cents);
      ours.insert({finding.rule + 1, settlement + finding.settlement,
                   whole ? nothing : line + finding.subject,
                   finding.evidence.empty() ? nothing : std::int64_t{finding.evidence[0].row},
                   known ? cents : nothing});
    }
    settlement += batch.settlements;
    line += batch.relations[items].rows;
  }
  for (const auto& [a, b, who] : {std::tuple(&ours, &theirs, "DuckDB does not find"),
                                  std::tuple(&theirs, &ours, "only DuckDB finds")})
    for (const Key& key : *a)
      if (a->count(key) != b->count(key))
        stop(fmt::format("{}: rule {} settlement {} subject {} row {} cents {}", who,
                         std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
                         std::get<4>(key)));
}

} // namespace sanku::bench
