// Looking for one settlement in a file (explain.h).
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/merge.h"
#include "runtime/assemble/settle.h"
#include "runtime/io/record_reader.h"
#include "tools/engine/engine.h"
#include "tools/engine/explain.h"
#include "tools/engine/identity.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace sanku::engine {
namespace {

// The line of the chunk around `at`, as a chunk of its own.
io::Chunk line_around(const io::Chunk& chunk, std::size_t at, std::size_t& end) {
  const std::size_t before = chunk.text.rfind('\n', at);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::size_t after = chunk.text.find('\n', at);
  end = after == std::string::npos ? chunk.text.size() : after + 1;
  io::Chunk line;
  line.text = chunk.text.substr(begin, end - begin);
  line.index = chunk.index;
  line.offset = chunk.offset + begin;
  line.first_line = chunk.first_line;
  for (std::size_t i = 0; i < begin; ++i)
    line.first_line += chunk.text[i] == '\n';
  line.too_long = chunk.too_long;
  return line;
}

// Reads records of chunks; of lines only those that hold a number in quotes.
struct Search {
  // A batch and one of its settlements; true: that is enough, and the batch may be taken.
  using Take = std::function<bool(batch::Batch&, std::uint32_t)>;

  const hir::Program& program;
  std::string number; // empty: all of them
  Take take;
  batch::Dictionaries none;
  io::RecordReader reader;
  std::vector<io::Reject> rejects; // of the chunks read until now
  bool done = false;

  Search(const hir::Program& of, std::string wanted, Take with)
      : program(of), number(std::move(wanted)), take(std::move(with)), none(of.schema.dictionaries),
        reader(of.schema, none) {}

  [[nodiscard]] Result<void> in_records(const io::Chunk& chunk) {
    io::ReadCounts counts;
    return reader.read(
        chunk, 4096,
        [&](batch::Batch batch) {
          for (std::uint32_t at = 0; at < batch.settlements && !done; ++at)
            done = take(batch, at);
        },
        rejects, counts);
  }

  [[nodiscard]] Result<void> in_chunk(const io::Chunk& chunk) {
    if (chunk.layout != nullptr || chunk.blocks != nullptr || number.empty())
      return in_records(chunk);
    const std::string quoted = '"' + number + '"';
    for (std::size_t at = chunk.text.find(quoted); at != std::string::npos && !done;) {
      std::size_t end = 0;
      if (auto read = in_records(line_around(chunk, at, end)); !read)
        return read;
      at = chunk.text.find(quoted, end);
    }
    return {};
  }

  [[nodiscard]] Result<void> in_all(const std::function<Result<bool>(io::Chunk&)>& next) {
    io::Chunk chunk;
    while (!done) {
      const auto more = next(chunk);
      if (!more)
        return tl::unexpected(more.error());
      if (!*more)
        break;
      if (auto read = in_chunk(chunk); !read)
        return read;
    }
    return {};
  }
};

// What became of the visits of a person: those that are judged as runs settle them.
std::vector<Visit> settled_visits(const schema::Schema& schema,
                                  const std::map<std::string, std::vector<assemble::Part>>& records,
                                  const std::string& person) {
  std::vector<Visit> visits;
  for (const auto& [number, parts] : records) {
    const assemble::Settled settled = assemble::settle(schema, parts);
    if (settled.parts.empty())
      continue;
    Visit& visit = visits.emplace_back(Visit{.person = person,
                                             .number = number,
                                             .origin = parts[settled.parts.front()].origin,
                                             .context = true,
                                             .parts = {}});
    for (const std::uint32_t part : settled.parts)
      visit.parts.push_back(parts[part].content);
  }
  return visits;
}

} // namespace

Result<std::optional<FoundSettlement>>
find_settlement(const hir::Program& program, const std::function<Result<bool>(io::Chunk&)>& next,
                const std::string& id, std::optional<io::Reject>& refused, Answers* answers) {
  std::optional<FoundSettlement> found;
  const batch::Dictionaries none(program.schema.dictionaries);
  const assemble::LocalCodes local = local_codes(program);
  Search search(program, id, [&](batch::Batch& batch, std::uint32_t at) {
    const Block block{program, batch, none};
    if (cell_text(block, 0, schema::Role::settlement_id, at) != id &&
        cell_text(block, 0, schema::Role::visit_id, at) != id)
      return false;
    found = FoundSettlement{.batch = std::move(batch), .settlement = at};
    return true;
  });
  if (auto searched = search.in_all(next); !searched)
    return tl::unexpected(searched.error());
  if (found && answers != nullptr) {
    answers->note({program, found->batch, none});
    answers->put(found->batch, program, none);
  }
  if (found)
    assemble::assemble(found->batch, program.schema, none, {.local = &local});
  // Of a folder's chunk only what names the settlement is about it.
  for (io::Reject& reject : search.rejects)
    if (!found && !refused && (reject.reason_en + reject.text).find(id) != std::string::npos)
      refused = std::move(reject);
  return found;
}

Result<std::optional<FoundSettlement>>
whole_visit(const hir::Program& program, const assemble::CodeBook& codes,
            const std::function<Result<bool>(io::Chunk&)>& next, const FoundSettlement& found,
            Answers* answers) {
  const schema::Schema& schema = program.schema;
  const batch::Dictionaries none(schema.dictionaries);
  const std::string visit = assemble::keys_of(found.batch, schema, none, found.settlement).visit;
  std::vector<assemble::Part> records;
  const Block block{program, found.batch, none};
  Search search(program, cell_text(block, 0, schema::Role::visit_id, found.settlement),
                [&](const batch::Batch& batch, std::uint32_t at) {
                  assemble::RecordKeys keys = assemble::keys_of(batch, schema, none, at);
                  if (at == 0 && answers != nullptr)
                    answers->note({program, batch, none});
                  if (keys.visit == visit)
                    records.push_back({.origin = batch.origins[at],
                                       .keys = std::move(keys),
                                       .content = assemble::pack(batch, schema, none, at)});
                  return false;
                });
  if (auto searched = search.in_all(next); !searched)
    return tl::unexpected(searched.error());
  const assemble::Settled settled = assemble::settle(schema, records);
  if (settled.parts.empty())
    return std::optional<FoundSettlement>();
  std::vector<assemble::Rows> parts;
  for (const std::uint32_t part : settled.parts)
    parts.push_back(assemble::unpack(schema, records[part].content));
  batch::BatchBuilder builder(schema, none);
  assemble::add_visit(builder, assemble::merge(schema, std::move(parts)),
                      records[settled.parts.front()].origin);
  FoundSettlement whole{.batch = builder.take(), .settlement = 0};
  if (answers != nullptr)
    answers->put(whole.batch, program, none);
  const assemble::LocalCodes local = local_codes(program);
  assemble::assemble(whole.batch, schema, none, {.codes = &codes, .local = &local});
  return std::optional(std::move(whole));
}

std::string visit_number(const hir::Program& program, const FoundSettlement& found) {
  const batch::Dictionaries none(program.schema.dictionaries);
  return cell_text({program, found.batch, none}, 0, schema::Role::visit_id, found.settlement);
}

// Refunds in other visits' records are not seen, as in whole_visit.
Result<FoundSettlement> with_past(const hir::Program& program, const assemble::CodeBook& codes,
                                  const std::function<Result<bool>(io::Chunk&)>& next,
                                  const KnownDays& said, const FoundSettlement& found) {
  const schema::Schema& schema = program.schema;
  const batch::Dictionaries none(schema.dictionaries);
  const Block block{program, found.batch, none};
  Visit own{.person = {},
            .number = assemble::keys_of(found.batch, schema, none, found.settlement).visit,
            .origin = found.batch.origins[found.settlement],
            .context = false,
            .parts = {assemble::pack(found.batch, schema, none, found.settlement)}};
  own.person = person_of(header_of(block, found.settlement), own.number);
  KnownDays days;
  std::map<std::string, std::vector<assemble::Part>> records; // by visit
  std::vector<Visit> visits = {own};
  Search search(program, {}, [&](const batch::Batch& batch, std::uint32_t at) {
    const Block all{program, batch, none};
    const Header header = header_of(all, at);
    if (!batch::is_context(batch, at))
      widen(days, last_day(header));
    assemble::RecordKeys keys = assemble::keys_of(batch, schema, none, at);
    if (!is_known_person(own.person) || person_of(header, keys.visit) != own.person ||
        keys.visit == own.number)
      return false;
    std::string content = assemble::pack(batch, schema, none, at);
    if (batch::is_context(batch, at))
      visits.push_back({.person = own.person,
                        .number = keys.visit,
                        .origin = batch.origins[at],
                        .context = true,
                        .parts = {std::move(content)}});
    else
      records[keys.visit].push_back(
          {.origin = batch.origins[at], .keys = std::move(keys), .content = std::move(content)});
    return false;
  });
  search.reader.keep_context();
  if (auto searched = search.in_all(next); !searched)
    return tl::unexpected(searched.error());
  // What a visit's own records say counts, and not what another request says of it.
  std::vector<Visit> settled = settled_visits(schema, records, own.person);
  std::erase_if(
      visits, [&](const Visit& visit) { return visit.context && records.contains(visit.number); });
  visits.insert(visits.end(), settled.begin(), settled.end());
  FoundSettlement beside{.batch = side_by_side(schema, none, visits,
                                               {.since = said.since ? said.since : days.since,
                                                .until = said.until ? said.until : days.until}),
                         .settlement = 0};
  const assemble::LocalCodes local = local_codes(program);
  assemble::assemble(beside.batch, schema, none,
                     {.codes = &codes, .local = &local, .reach = assemble::Reach::person});
  while (batch::is_context(beside.batch, beside.settlement))
    ++beside.settlement;
  return beside;
}

} // namespace sanku::engine
