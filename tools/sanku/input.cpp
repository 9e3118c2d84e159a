// See input.h.
#include "tools/sanku/input.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  if (path == "-" || !fs::is_regular_file(path, failed))
    return 0;
  const std::uintmax_t size = fs::file_size(path, failed);
  return failed ? 0 : size;
}

} // namespace

std::optional<ClaimsInput> ClaimsInput::open(const Arguments& arguments,
                                             const schema::Schema& schema, const Terminal& terminal,
                                             int& code) {
  std::string in = arguments.in;
  std::error_code failed;
  const bool folder = in != "-" && fs::is_directory(in, failed);
  const bool parquet = arguments.in_format.empty() ? folder && engine::is_parquet_folder(in)
                                                   : arguments.in_format == "parquet";
  const bool csv = arguments.in_format.empty() ? folder : arguments.in_format == "csv" || parquet;
  const bool blocks =
      arguments.in_format.empty()
          ? !folder && (fs::path(in).extension() == ".skb" || io::BlockFile::looks_like_one(in))
          : arguments.in_format == "skb";
  const auto refuse = [&](const Error& error, int with) {
    code = fail(error, terminal, with);
    return std::nullopt;
  };
  std::optional<io::Encoding> encoding;
  if (!arguments.encoding.empty()) {
    encoding = io::encoding_named(arguments.encoding);
    if (!encoding)
      return refuse(
          {.en = "--encoding takes utf-8 or gb18030", .zh = "--encoding 的取值为 utf-8 或 gb18030"},
          exit_code::usage);
    if (!csv)
      return refuse({.en = "--encoding is for CSV; NDJSON is always UTF-8",
                     .zh = "--encoding 仅用于 CSV；NDJSON 一律为 UTF-8"},
                    exit_code::usage);
  }
  // A CSV file alone has no fee lines, or no patient.
  if ((csv && !folder) || (arguments.in_format.empty() && fs::path(in).extension() == ".csv"))
    return refuse({.en = fmt::format("`{}` is no folder; CSV is read from a folder that holds "
                                     "settlement.csv, items.csv, diagnoses.csv and operations.csv",
                                     in),
                   .zh = fmt::format("“{}”不是文件夹；CSV 须从文件夹读取，其中有 settlement.csv、"
                                     "items.csv、diagnoses.csv、operations.csv",
                                     in)},
                  exit_code::usage);
  ClaimsInput made;
  if (blocks) {
    auto opened = io::BlockFile::open(in, schema);
    if (!opened)
      return refuse(opened.error(), exit_code::refused);
    made.size_ = opened->bytes();
    made.blocks_.emplace(std::move(*opened));
    return made;
  }
  if (!csv) {
    auto file = io::InputFile::open(in);
    if (!file)
      return refuse(file.error(), exit_code::usage);
    made.file_.emplace(std::move(*file));
    made.size_ = size_of(in);
    return made;
  }
  if (parquet) {
    auto unpacked = engine::PrivateFolder::create({});
    if (!unpacked)
      return refuse(unpacked.error(), exit_code::refused_by_system);
    if (auto done = engine::csv_from_parquet(in, unpacked->path(), schema); !done)
      return refuse(done.error(), exit_code::refused);
    in = unpacked->path();
    made.unpacked_.emplace(std::move(*unpacked));
  }
  auto opened = io::CsvFolder::open(in, schema, {.encoding = encoding});
  if (!opened)
    return refuse(opened.error(), exit_code::refused);
  made.folder_.emplace(std::move(*opened));
  made.size_ = made.folder_->layout().bytes;
  for (const Error& note : made.folder_->layout().notes)
    complain(terminal.pick(note));
  return made;
}

std::string input_name(const std::string& in, bool stem) {
  if (in == "-")
    return "stdin";
  fs::path path = fs::path(in).lexically_normal();
  if (!path.has_filename())
    path = path.parent_path();
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..")
    return "claims";
  std::error_code failed;
  return stem && !fs::is_directory(in, failed) ? path.stem().string() : name;
}

Error reject_text(const std::string& in, const io::Reject& reject) {
  const std::string place = reject.file.empty() ? in : (fs::path(in) / reject.file).string();
  return {
      .en = fmt::format("{}:{} (byte {}): {}", place, reject.line, reject.offset, reject.reason_en),
      .zh = fmt::format("{}:{} (第 {} 字节): {}", place, reject.line, reject.offset,
                        reject.reason_zh)};
}

} // namespace sanku::command
