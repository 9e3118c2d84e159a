// Looking for one settlement in a file (explain.h).
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/merge.h"
#include "runtime/assemble/settle.h"
#include "runtime/io/record_reader.h"
#include "tools/engine/engine.h"
#include "tools/engine/explain.h"
#include "tools/engine/identity.h"

#include <functional>
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
  std::string number;
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
    if (chunk.layout != nullptr || chunk.blocks != nullptr)
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

} // namespace

Result<std::optional<FoundSettlement>>
find_settlement(const hir::Program& program, const std::function<Result<bool>(io::Chunk&)>& next,
                const std::string& id, std::optional<io::Reject>& refused) {
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
            const std::function<Result<bool>(io::Chunk&)>& next, const FoundSettlement& found) {
  const schema::Schema& schema = program.schema;
  const batch::Dictionaries none(schema.dictionaries);
  const std::string visit = assemble::keys_of(found.batch, schema, none, found.settlement).visit;
  std::vector<assemble::Part> records;
  const Block block{program, found.batch, none};
  Search search(program, cell_text(block, 0, schema::Role::visit_id, found.settlement),
                [&](const batch::Batch& batch, std::uint32_t at) {
                  assemble::RecordKeys keys = assemble::keys_of(batch, schema, none, at);
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
  const assemble::LocalCodes local = local_codes(program);
  assemble::assemble(whole.batch, schema, none, {.codes = &codes, .local = &local});
  return std::optional(std::move(whole));
}

} // namespace sanku::engine
