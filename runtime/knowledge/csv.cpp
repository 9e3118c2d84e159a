// CSV (csv.h).
#include "runtime/knowledge/csv.h"

#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace sanku::knowledge {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(mark))
    rest_.remove_prefix(mark.size());
}

bool CsvReader::at_line_end() const {
  return rest_.empty() || rest_[0] == '\n' || rest_.starts_with("\r\n");
}

void CsvReader::bare_field(CsvRecord& record) {
  std::size_t n = 0;
  while (n < rest_.size() && rest_[n] != ',' && rest_[n] != '\n') {
    if (rest_[n] == '"')
      record.well_formed = false;
    ++n;
  }
  std::string_view field = rest_.substr(0, n);
  rest_.remove_prefix(n);
  if (field.ends_with('\r') && (rest_.empty() || rest_[0] == '\n'))
    field.remove_suffix(1);
  record.fields.push_back(field);
}

void CsvReader::quoted_field(CsvRecord& record) {
  rest_.remove_prefix(1);
  std::size_t n = 0;
  bool doubled = false;
  for (;; ++n) {
    if (n == rest_.size()) {
      record.well_formed = false;
      break;
    }
    if (rest_[n] == '\n')
      ++line_;
    if (rest_[n] != '"')
      continue;
    if (n + 1 == rest_.size() || rest_[n + 1] != '"')
      break;
    doubled = true;
    ++n;
  }
  std::string_view field = rest_.substr(0, n);
  rest_.remove_prefix(std::min(rest_.size(), n + 1));
  if (doubled) {
    if (used_ == unescaped_.size())
      unescaped_.emplace_back();
    std::string& plain = unescaped_[used_++];
    plain.clear();
    for (std::size_t i = 0; i < field.size(); ++i) {
      plain += field[i];
      if (field[i] == '"')
        ++i;
    }
    field = plain;
  }
  record.fields.push_back(field);
  if (at_line_end() || rest_[0] == ',')
    return;
  record.well_formed = false;
  while (!rest_.empty() && rest_[0] != ',' && rest_[0] != '\n')
    rest_.remove_prefix(1);
}

bool CsvReader::next(CsvRecord& record) {
  while (!rest_.empty() && at_line_end()) {
    rest_.remove_prefix(rest_[0] == '\n' ? 1 : 2);
    ++line_;
  }
  if (rest_.empty())
    return false;
  record.fields.clear();
  record.well_formed = true;
  record.line = line_;
  used_ = 0;
  const std::string_view begin = rest_;
  while (true) {
    if (!rest_.empty() && rest_[0] == '"') {
      quoted_field(record);
    } else {
      bare_field(record);
    }
    if (rest_.empty() || rest_[0] != ',')
      break;
    rest_.remove_prefix(1);
  }
  record.raw = begin.substr(0, begin.size() - rest_.size());
  if (rest_.starts_with("\r\n"))
    rest_.remove_prefix(1);
  if (!rest_.empty()) {
    rest_.remove_prefix(1);
    ++line_;
  }
  if (!is_utf8(record.raw))
    record.well_formed = false;
  return true;
}

Result<std::string> read_file(const std::filesystem::path& file, const ReadFile& read) {
  if (read)
    return read(file);
  auto failed = [&](int error) {
    const std::string_view why = std::strerror(error);
    return failure(fmt::format("cannot read `{}`: {}", file.string(), why),
                   fmt::format("无法读取“{}”：{}", file.string(), why));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           &std::fclose);
  if (!in)
    return failed(errno);
  std::string text;
  for (std::size_t size = 0, step = 1u << 16;; step = std::min<std::size_t>(step * 2, 1u << 24)) {
    text.resize(size + step);
    const std::size_t count = std::fread(text.data() + size, 1, step, in.get());
    size += count;
    if (count == step)
      continue;
    if (std::ferror(in.get()) != 0)
      return failed(errno);
    text.resize(size);
    return text;
  }
}

} // namespace sanku::knowledge
