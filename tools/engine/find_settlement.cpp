// Looking for one settlement in a file (explain.h).
#include "runtime/assemble/assemble.h"
#include "runtime/io/record_reader.h"
#include "tools/engine/explain.h"
#include "tools/engine/identity.h"

#include <utility>

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

struct Search {
  const hir::Program& program;
  const std::string& id;
  batch::Dictionaries none;
  io::RecordReader reader;

  Search(const hir::Program& of, const std::string& number)
      : program(of), id(number), none(of.schema.dictionaries), reader(of.schema, none) {}

  std::optional<FoundSettlement> in_records(const io::Chunk& line,
                                            std::optional<io::Reject>& refused) {
    std::optional<FoundSettlement> found;
    std::vector<io::Reject> rejects;
    io::ReadCounts counts;
    reader.read(
        line, 4096,
        [&](batch::Batch batch) {
          for (std::uint32_t at = 0; at < batch.settlements && !found; ++at) {
            const Block block{program, batch, none};
            if (cell_text(block, 0, schema::Role::settlement_id, at) != id &&
                cell_text(block, 0, schema::Role::visit_id, at) != id)
              continue;
            found = FoundSettlement{.batch = std::move(batch), .settlement = at};
            assemble::assemble(found->batch, program.schema, none);
            return;
          }
        },
        rejects, counts);
    // Of a folder's chunk only what names the settlement is about it.
    for (io::Reject& reject : rejects)
      if (!found && !refused && (reject.reason_en + reject.text).find(id) != std::string::npos)
        refused = std::move(reject);
    return found;
  }

  std::optional<FoundSettlement> in_chunk(const io::Chunk& chunk,
                                          std::optional<io::Reject>& refused) {
    if (chunk.layout != nullptr)
      return in_records(chunk, refused);
    const std::string quoted = '"' + id + '"';
    for (std::size_t at = chunk.text.find(quoted); at != std::string::npos;) {
      std::size_t end = 0;
      if (auto found = in_records(line_around(chunk, at, end), refused))
        return found;
      at = chunk.text.find(quoted, end);
    }
    return std::nullopt;
  }
};

} // namespace

Result<std::optional<FoundSettlement>>
find_settlement(const hir::Program& program, const std::function<Result<bool>(io::Chunk&)>& next,
                const std::string& id, std::optional<io::Reject>& refused) {
  Search search(program, id);
  io::Chunk chunk;
  while (true) {
    const auto more = next(chunk);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return std::optional<FoundSettlement>();
    if (auto found = search.in_chunk(chunk, refused))
      return found;
  }
}

} // namespace sanku::engine
