// sanku convert: claims into another form.
#include "tools/engine/convert.h"

#include "tools/engine/layout.h"
#include "tools/engine/parquet.h"
#include "tools/engine/run.h"
#include "tools/sanku/command.h"
#include "tools/sanku/input.h"
#include "tools/sanku/progress.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;
using engine::ClaimsForm;

// What a person calls a form; Parquet is written by way of CSV.
bool is_form(const std::string& name) {
  return name == "ndjson" || name == "csv" || name == "skb" || name == "parquet";
}
bool to_parquet(const Arguments& arguments) {
  return arguments.out_format.empty() ? fs::path(arguments.out).extension() == ".parquet"
                                      : arguments.out_format == "parquet";
}

constexpr std::size_t block_chunk = std::size_t{8} << 20; // of text, about a block

std::optional<ClaimsForm> form_named(const std::string& name) {
  if (name == "ndjson")
    return ClaimsForm::ndjson;
  if (name == "csv" || name == "parquet")
    return ClaimsForm::csv;
  if (name == "skb")
    return ClaimsForm::block;
  return std::nullopt;
}

ClaimsForm form_of(const std::string& out) {
  const std::string ending = fs::path(out).extension().string();
  if (ending == ".skb")
    return ClaimsForm::block;
  const bool lines = out == "-" || ending == ".ndjson" || ending == ".jsonl" || ending == ".json";
  return lines ? ClaimsForm::ndjson : ClaimsForm::csv;
}

std::optional<Error> fault_in(const Arguments& arguments) {
  if (arguments.in.empty() || arguments.out.empty())
    return Error{.en = "needs --in FILE and --out FILE", .zh = "需要 --in 文件 与 --out 文件"};
  if (!arguments.in_format.empty() && !is_form(arguments.in_format))
    return Error{.en = "--in-format takes ndjson, csv, skb or parquet",
                 .zh = "--in-format 的取值为 ndjson、csv、skb 或 parquet"};
  if (!arguments.out_format.empty() && !is_form(arguments.out_format))
    return Error{.en = "--out-format takes ndjson, csv, skb or parquet",
                 .zh = "--out-format 的取值为 ndjson、csv、skb 或 parquet"};
  const ClaimsForm to = form_named(arguments.out_format).value_or(form_of(arguments.out));
  if (arguments.out == "-" && to != ClaimsForm::ndjson)
    return Error{.en = "only NDJSON can be written to standard output",
                 .zh = "只有 NDJSON 可以写到标准输出"};
  std::error_code failed;
  if (fs::equivalent(arguments.in, arguments.out, failed))
    return Error{.en = "--out names the same place as --in", .zh = "--out 与 --in 是同一处"};
  return std::nullopt;
}

std::string rejects_path(const Arguments& arguments) {
  if (!arguments.rejects.empty())
    return arguments.rejects;
  fs::path out = fs::path(arguments.out).lexically_normal();
  if (!out.has_filename())
    out = out.parent_path();
  const fs::path folder = arguments.out == "-" ? fs::path() : out.parent_path();
  return (folder / (input_name(arguments.in, true) + ".rejects.ndjson")).string();
}

std::string closing_line(const engine::ConvertSummary& summary, const std::string& rejects,
                         Language language) {
  const std::string written = engine::count_text(summary.settlements),
                    refused = engine::count_text(summary.read.rejected);
  if (language == Language::zh)
    return fmt::format("已转换 {} 条记录", written) +
           (summary.read.rejected == 0
                ? "\n"
                : fmt::format("，{} 条被拒收，原因见 {}\n", refused, rejects));
  return fmt::format("{} records converted", written) +
         (summary.read.rejected == 0
              ? "\n"
              : fmt::format(", {} rejected; the reasons are in {}\n", refused, rejects));
}

} // namespace

int convert(const Arguments& arguments, const Terminal& terminal) {
  if (const auto fault = fault_in(arguments))
    return fail(*fault, terminal, exit_code::usage);
  const std::string place = arguments.pack.empty() ? national_pack() : arguments.pack;
  if (place.empty())
    return wrong_usage(terminal, "这里没有 stdlib-rules/national；请用 --pack 指出规则包",
                       "there is no stdlib-rules/national here; name a pack with --pack");
  const auto rules = ready_rules(place, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  const schema::Schema& schema = engine::program(*rules).schema;
  int code = exit_code::clean;
  auto in = ClaimsInput::open(arguments, schema, terminal, code);
  if (!in)
    return code;
  std::optional<engine::PrivateFolder> flat; // the CSV that becomes Parquet
  if (to_parquet(arguments)) {
    auto made = engine::PrivateFolder::create(arguments.out);
    if (!made)
      return fail(made.error(), terminal, exit_code::refused_by_system);
    flat.emplace(std::move(*made));
  }
  const engine::ConvertOptions options{
      .to = form_named(arguments.out_format).value_or(form_of(arguments.out)),
      .out = flat ? flat->path() : arguments.out,
      .threads = arguments.threads != 0 ? arguments.threads : engine::processors(),
      .strict = arguments.strict};
  io::RejectsWriter rejects(rejects_path(arguments));
  ProgressLine line(terminal, input_name(arguments.in, false), in->size(), rejects_path(arguments));
  io::LineChunks lines([&](char* buffer, std::size_t size) { return in->read(buffer, size); },
                       block_chunk);
  engine::ConvertPorts ports;
  ports.next = [&](io::Chunk& chunk) {
    return in->has_chunks() ? in->next(chunk) : lines.next(chunk);
  };
  ports.reject = [&](const io::Reject& reject) { return rejects.write(reject); };
  ports.progress = [&](std::uint64_t bytes, std::uint64_t records, std::uint64_t rejected) {
    line.show({.bytes = bytes, .settlements = records, .rejected = rejected});
  };
  const auto summary = engine::convert(schema, options, ports);
  line.clear();
  if (!summary)
    return fail(summary.error(), terminal,
                in->is_blocks() ? exit_code::refused : exit_code::refused_by_system);
  if (summary->stopped_at)
    return fail(reject_text(arguments.in, *summary->stopped_at), terminal, exit_code::refused);
  if (flat)
    if (auto packed = engine::parquet_from_csv(flat->path(), arguments.out, schema); !packed)
      return fail(packed.error(), terminal, exit_code::refused_by_system);
  if (auto finished = rejects.finish(); !finished)
    return fail(finished.error(), terminal, exit_code::refused_by_system);
  if (summary->settlements == 0 && summary->read.rejected != 0)
    code = exit_code::refused;
  const std::string said = closing_line(*summary, rejects_path(arguments), terminal.language);
  if (arguments.out != "-")
    return print(said, terminal, code);
  complain(said.substr(0, said.size() - 1));
  return code;
}

} // namespace sanku::command
